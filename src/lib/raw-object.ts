/** A mapping of JSON or YAML before anything is known of its fields. */
export type RawObject = Readonly<Record<string, unknown>>;

/** True for a mapping, not for a list or null. */
export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
