import { headerName, headerValue } from '../header-parsers.ts';
import type { NginxDirective } from './snippet-parser.ts';
import { findVariable } from './web-address.ts';

/** Headers that a directive sets, by their names; with an empty value it takes them away. */
export interface HeaderChange {
  readonly of: 'request' | 'response';
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What Traefik sends by itself, as users of nginx write it down. */
const byItself: Readonly<Record<string, readonly string[]>> = {
  host: ['$host', '$http_host', '$best_http_host'],
  'x-forwarded-for': ['$proxy_add_x_forwarded_for', '$remote_addr', '$full_x_forwarded_for'],
  'x-forwarded-host': ['$host', '$http_host', '$best_http_host'],
  'x-forwarded-port': ['$server_port', '$pass_port'],
  'x-forwarded-proto': ['$scheme', '$pass_access_scheme'],
  'x-real-ip': ['$remote_addr', '$the_real_ip'],
  'x-scheme': [],
};

/** Those of single connections, which Traefik manages. */
const ofConnections: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'upgrade']);

/**
 * What a directive about headers does; undefined when it is about something else.
 * @returns Why it cannot be carried out, as a text, where it cannot.
 */
export function readHeaders({ name, args }: NginxDirective): HeaderChange | string | undefined {
  const [first = '', second = ''] = args;
  switch (name) {
    case 'add_header':
      return toChange('response', [[first, second]]);
    case 'more_clear_headers':
    case 'proxy_hide_header':
      return toChange(
        'response',
        args.map((header) => [header, '']),
      );
    case 'more_clear_input_headers':
      return toChange(
        'request',
        args.map((header) => [header, '']),
      );
    case 'more_set_headers':
      return toChange('response', args.map(divide));
    case 'more_set_input_headers':
      return toChange('request', args.map(divide));
    case 'proxy_set_header':
      return toChange('request', [[first, second]]);
    case 'expires':
      return toExpires(first);
    default:
      return undefined;
  }
}

function divide(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1).trim()];
}

function toChange(
  of: HeaderChange['of'],
  pairs: readonly (readonly [string, string])[],
): HeaderChange | string {
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const header = headerName(name);
    if (!header.ok) return header.message;
    if (name.includes('*')) return `${name} means several headers`;
    if (of === 'request' && (ofConnections.has(key) || byItself[key]?.includes(value) === true)) continue;
    const found = findVariable(value);
    if (found !== undefined) return `the value of ${name} has the nginx variable ${found}`;
    const text = value === '' ? undefined : headerValue(value);
    if (text?.ok === false) return text.message;
    headers.push([header.value, text?.value ?? '']);
  }
  return { of, headers };
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

function toExpires(value: string): HeaderChange | string {
  if (value === 'off') return { of: 'response', headers: [] };
  if (value === 'epoch')
    return toChange('response', [
      ['Expires', 'Thu, 01 Jan 1970 00:00:01 GMT'],
      ['Cache-Control', 'no-cache'],
    ]);
  if (value === 'max')
    return toChange('response', [
      ['Expires', 'Thu, 31 Dec 2037 23:55:55 GMT'],
      ['Cache-Control', 'max-age=315360000'],
    ]);
  const [whole, minus, digits, unit = 's'] = /^(-?)(\d{1,6})([smhdwMy]?)$/.exec(value) ?? [];
  if (whole === undefined) return `${value.slice(0, 60)} is no time`;
  const seconds = Number(digits) * (units[unit === '' ? 's' : unit] ?? 1);
  return toChange('response', [['Cache-Control', minus === '-' ? 'no-cache' : `max-age=${seconds}`]]);
}
