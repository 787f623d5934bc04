import { accept, quote, refuse, type Parser } from '../parsers.ts';
import { findVariable, refuseVariable } from './web-address.ts';

/** Where clients are sent to sign in. */
export interface Signin {
  /** An absolute address, or a path on the host of the request. */
  readonly address: string;
  /** The parameter that was left out, since nginx would have filled it in. */
  readonly dropped?: string;
}

/** The host of the request itself, as nginx has it in several ways. */
const sameHost = /^(?:\$scheme|\$pass_access_scheme|https?):\/\/\$(?:http_)?host(?=[/?#]|$)/;
const absolute = /^https?:\/\/[A-Za-z0-9._[\]:-]{1,300}(?=[/?#]|$)/;
const visible = /^[!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]*$/;

/**
 * Parses `auth-signin`. Traefik has no variables: the host of the request is written as a path, and a parameter of the query with one
 * is left out, since nearly all of them are `rd=$escaped_request_uri`.
 */
export const signinAddress: Parser<Signin> = (text) => {
  const value = text.length > 1_000 ? '' : text.trim();
  const isSameHost = sameHost.test(value);
  if (!visible.test(value) || !(isSameHost || absolute.test(value)))
    return refuse(`${quote(text)} is no URL`, 'Write a URL such as "https://auth.example.com/start".');
  const rest = isSameHost ? value.replace(sameHost, '') : value;
  const [path, query] = divide(rest);
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  const kept = parameters.filter((parameter) => findVariable(parameter) === undefined);
  const dropped = parameters.find((parameter) => !kept.includes(parameter));
  const found = findVariable(path);
  if (found !== undefined) return refuseVariable(text, found);
  // Two slashes at the beginning would lead to another host.
  const start = isSameHost ? `/${path.replace(/^\/+/, '')}` : path;
  const address = kept.length === 0 ? start : `${start}?${kept.join('&')}`;
  return accept({ address, ...(dropped !== undefined && { dropped: dropped.split('=', 1)[0] ?? '' }) });
};

function divide(text: string): readonly [string, string] {
  const mark = text.indexOf('?');
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}
