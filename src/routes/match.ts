/** The host of a request. A wildcard stands for exactly one label (Ingress) or for one or more (Gateway API). */
export type HostMatch =
  | { readonly kind: 'any' }
  /** Lower case, without a trailing dot. */
  | { readonly kind: 'exact'; readonly name: string }
  /** `suffix` is what follows the `*.`. */
  | { readonly kind: 'wildcard'; readonly suffix: string; readonly labels: 'one' | 'many' };

/**
 * The path of a request: the whole (`Exact`), its first elements (`Prefix`, without a trailing slash but for `/`), its first
 * characters (`PlainPrefix`), or a regular expression of RE2 that has to match all of it (`Regex`).
 */
export interface PathMatch {
  readonly type: 'Exact' | 'PlainPrefix' | 'Prefix' | 'Regex';
  readonly value: string;
  /** How long it counts as, where that is not its length. */
  readonly rank?: number;
}

/** A header or a query parameter: its exact value, or a regular expression of RE2 that has to match all of it. */
export interface ValueMatch {
  readonly type: 'Exact' | 'Regex';
  readonly name: string;
  readonly value: string;
}

/** Which requests a route is for: all of this has to hold. */
export interface HttpMatch {
  readonly host: HostMatch;
  readonly path: PathMatch;
  readonly method?: string;
  readonly headers?: readonly ValueMatch[];
  readonly query?: readonly ValueMatch[];
  /** Networks of the client: of each list one has to have it. */
  readonly clients?: readonly (readonly string[])[];
}

/** One that a certificate can name, and SNI ask for. */
export type NamedHost = Exclude<HostMatch, { readonly kind: 'any' }>;

export const anyHost: HostMatch = { kind: 'any' };

/** A host as Ingress and annotations write it: `*.example.com` stands for one label. Takes what `toHostName` gives. */
export function toHostMatch(name: string): NamedHost {
  return name.startsWith('*.')
    ? { kind: 'wildcard', suffix: name.slice(2), labels: 'one' }
    : { kind: 'exact', name };
}

/** A host as one text, different for different hosts: `a.example.com`, `*.example.com`, `**.example.com`, or empty for any. */
export function toHostText(host: HostMatch): string {
  switch (host.kind) {
    case 'any':
      return '';
    case 'exact':
      return host.name;
    case 'wildcard':
      return `${host.labels === 'one' ? '*' : '**'}.${host.suffix}`;
  }
}

/** Of a wildcard that stands for several labels: the one for those hosts that have one label more, for which Traefik knows a name. */
export function toOneLabel(host: HostMatch): HostMatch | undefined {
  return host.kind === 'wildcard' && host.labels === 'many' ? { ...host, labels: 'one' } : undefined;
}

/** The texts of all hosts that every request for this one belongs to as well, from the narrowest; itself is the first. */
export function listCovering(host: HostMatch): readonly string[] {
  if (host.kind === 'any') return [''];
  const texts = [toHostText(host)];
  const [suffix, isName] = host.kind === 'exact' ? [host.name, true] : [host.suffix, false];
  const parents = toParents(suffix);
  const [parent] = parents;
  if (isName && parent !== undefined) texts.push(`*.${parent}`);
  // One label below `a.b` is among the many below `a.b`; many labels are not among one.
  const around = host.kind === 'wildcard' && host.labels === 'one' ? [suffix, ...parents] : parents;
  return [...texts, ...around.map((each) => `**.${each}`), ''];
}

/** `a.b.c` gives `b.c` and `c`. */
function toParents(name: string): readonly string[] {
  const parents: string[] = [];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
    parents.push(name.slice(dot + 1));
  return parents;
}

/** What a match asks for besides host and path, as one text; empty when it is nothing. */
export function toConditionText({ method, headers = [], query = [], clients = [] }: HttpMatch): string {
  if (method === undefined && headers.length + query.length + clients.length === 0) return '';
  const asked = [method ?? '', toSorted(headers), toSorted(query)];
  return JSON.stringify(clients.length === 0 ? asked : [...asked, clients]);
}

function toSorted(matches: readonly ValueMatch[]): readonly string[] {
  return matches.map(({ type, name, value }) => JSON.stringify([name, type, value])).sort();
}

/** `/foo` and `/foo/` are the same prefix, element by element; as exact paths they are two. */
export function toPathMatch(type: PathMatch['type'], path: string): PathMatch {
  return {
    type,
    value: type === 'Prefix' && path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
  };
}
