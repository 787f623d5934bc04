/** An object of Kubernetes, or a part of one, as JSON has it. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping; an empty one for anything else. */
export function toJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const merged: Json = { ...toJson(target) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** As much of server-side apply as objects need that one manager applies: what it applied before and does not any more goes. Lists are one value. */
export function applyPatch(target: unknown, applied: unknown, before: unknown): unknown {
  if (!isJson(applied)) return applied;
  const merged: Json = { ...toJson(target) };
  for (const key of Object.keys(toJson(before))) if (!(key in applied)) delete merged[key];
  for (const [key, value] of Object.entries(applied))
    merged[key] = applyPatch(merged[key], value, toJson(before)[key]);
  return merged;
}

/** The value at a path such as `metadata.name`, as text; empty when there is none. */
export function textAt(object: Json, path: string): string {
  let value: unknown = object;
  for (const part of path.split('.')) value = toJson(value)[part];
  return typeof value === 'string' ? value : '';
}
