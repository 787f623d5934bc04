import { accept, quote, refuse, type Parser } from '../parsers.ts';

/** The variables of nginx that Traefik can fill in where it redirects, as they are found in the address of the request. */
export type RequestVariable = 'args' | 'host' | 'http_host' | 'is_args' | 'request_uri' | 'scheme' | 'uri';

/** A part of an address or a path: as it stands, what a group of the path's regular expression found, or a variable. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'variable'; readonly name: RequestVariable };

const variables: Readonly<Record<string, RequestVariable>> = {
  args: 'args',
  best_http_host: 'http_host',
  document_uri: 'uri',
  host: 'host',
  http_host: 'http_host',
  is_args: 'is_args',
  pass_access_scheme: 'scheme',
  query_string: 'args',
  request_uri: 'request_uri',
  scheme: 'scheme',
  uri: 'uri',
};

const longest = 1_000;
const hint =
  'Use $1 to $9, $scheme, $host, $http_host, $request_uri, $uri or $args, or write the value itself.';

/** Parses an address or a path with groups and variables, such as `https://example.com/$1` or `https://example.com$request_uri`. */
export const pieces: Parser<readonly Piece[]> = (text) => {
  const value = text.trim();
  if (value === '' || text.length > longest || !/^[!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z{}~]*$/.test(value))
    return refuse(
      `${quote(text)} is no URL or path`,
      'Write up to 1,000 ASCII characters, without white space.',
    );
  const found: Piece[] = [];
  for (let at = 0; at < value.length;) {
    const dollar = value.indexOf('$', at);
    const end = dollar < 0 ? value.length : dollar;
    if (end > at) found.push({ kind: 'text', text: value.slice(at, end) });
    if (dollar < 0) break;
    const [whole, digit, name, braced] =
      /^\$(?:(\d)|([a-z_]{1,40})|\{([a-z_\d]{1,40})\})/.exec(value.slice(dollar, dollar + 50)) ?? [];
    const piece = toPiece(digit ?? (/^\d$/.test(braced ?? '') ? braced : undefined), name ?? braced);
    if (whole === undefined || piece === undefined)
      return refuse(`${quote(value.slice(dollar))} is no variable that Traefik can replace`, hint);
    found.push(piece);
    at = dollar + whole.length;
  }
  return accept(found);
};

function toPiece(digit: string | undefined, name: string | undefined): Piece | undefined {
  if (digit !== undefined) return { kind: 'group', number: Number(digit) };
  const known = name !== undefined && Object.hasOwn(variables, name) ? variables[name] : undefined;
  return known && { kind: 'variable', name: known };
}

/** Whether it leads elsewhere, to an address with scheme and host, and not to a path. */
export function isElsewhere([first, second]: readonly Piece[]): boolean {
  if (first?.kind === 'text') return /^https?:\/\//.test(first.text);
  return (
    first?.kind === 'variable' &&
    first.name === 'scheme' &&
    second?.kind === 'text' &&
    second.text.startsWith('://')
  );
}
