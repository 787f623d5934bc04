import { quote } from '../../annotations/parsers.ts';
import type { HeaderFilter, HeaderValue } from '../../model/route-specs.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { headerName, line } from '../../traefik/values.ts';
import { needsPlugin, unsupported, type FieldRefusal } from './unsupported.ts';

/** Whom a fleet without the plugin is to be named by, and whether it has it. */
export interface PluginFleet {
  readonly fleet: string;
  readonly hasPlugin: boolean;
}

/**
 * What sets, removes and adds headers, outermost first; or why it cannot be. Traefik's own middleware cannot add a value to those
 * that a request or an answer has already.
 */
export function toHeaderFilters(
  filter: HeaderFilter,
  fleet: PluginFleet,
): FieldRefusal | readonly HttpMiddleware[] {
  const { type, field } = filter;
  const isRequest = type === 'RequestHeaderModifier';
  const set = toFirst(filter.set);
  const add = toFirst(filter.add);
  const mistake = findMistake(field, set, add, filter.remove);
  if (mistake !== undefined) return mistake;
  if (add.length > 0 && !fleet.hasPlugin)
    return needsPlugin(
      `${field}.add`,
      `a header that is added, such as ${quote(add[0]?.name ?? '')},`,
      fleet.fleet,
    );
  const changed = Object.fromEntries([
    ...set.map(({ name, value }) => [name, value] as const),
    ...filter.remove.map((name) => [name, ''] as const),
  ]);
  const headers = isRequest ? { customRequestHeaders: changed } : { customResponseHeaders: changed };
  const added = isRequest ? { addRequestHeaders: add } : { addResponseHeaders: add };
  const own: HttpMiddleware = { headers };
  const plugin: HttpMiddleware = { plugin: { 'fairlead-gateway': added } };
  const middlewares = [
    ...(Object.keys(changed).length > 0 ? [own] : []),
    ...(add.length > 0 ? [plugin] : []),
  ];
  // On the way back the outer one has the last word.
  return isRequest ? middlewares : middlewares.toReversed();
}

/** "Only the first entry with an equivalent name MUST be considered." */
function toFirst(values: readonly HeaderValue[]): readonly HeaderValue[] {
  const names = new Set<string>();
  return values.filter(({ name }) => {
    const key = name.toLowerCase();
    return !names.has(key) && names.add(key);
  });
}

function findMistake(
  field: string,
  set: readonly HeaderValue[],
  add: readonly HeaderValue[],
  remove: readonly string[],
): FieldRefusal | undefined {
  const odd = [...set, ...add].find(({ name }) => !headerName.safeParse(name).success)?.name;
  const oddName = odd ?? remove.find((name) => !headerName.safeParse(name).success);
  if (oddName !== undefined)
    return unsupported(field, `${quote(oddName)} is no name of a header`, 'Correct the name.');
  const value = [...set, ...add].find((each) => each.value === '' || !line.safeParse(each.value).success);
  if (value === undefined) return undefined;
  const what = value.value === '' ? 'nothing, which would remove it' : 'more than one line of text';
  return unsupported(
    field,
    `the header ${quote(value.name)} is set to ${what}`,
    'Write a value, or use remove.',
  );
}
