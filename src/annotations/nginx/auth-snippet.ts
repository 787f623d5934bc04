import { headerName, headerValue } from '../header-parsers.ts';
import { accept, refuse, type Parser } from '../parsers.ts';
import { snippet } from './snippet-parser.ts';
import { findVariable, refuseVariable } from './web-address.ts';

/** Directives about the answer of the auth service, of which clients see nothing. */
const ofTheAnswer: ReadonlySet<string> = new Set(['add_header', 'more_clear_headers', 'more_set_headers']);

/** The name of a header that the auth service gets beside those of the request; its host is not one of them. */
export const extraName: Parser<string> = (text) => {
  const name = headerName(text);
  return name.ok && name.value.toLowerCase() === 'host'
    ? refuse(
        'the Host header of requests to the auth service cannot be changed',
        'Write the host in auth-url.',
      )
    : name;
};

const hint = 'Use only proxy_set_header with a fixed text, or put what the auth service needs into auth-url.';

/** Parses `auth-snippet` into the headers that the auth service gets; whatever else may decide what it says is refused. */
export const readAuthSnippet: Parser<ReadonlyMap<string, string>> = (text) => {
  const parsed = snippet(text);
  if (!parsed.ok) return parsed;
  const headers = new Map<string, string>();
  for (const { name, args } of parsed.value) {
    if (ofTheAnswer.has(name)) continue;
    const [header = '', value = ''] = args;
    if (name !== 'proxy_set_header' || args.length !== 2)
      return refuse(`the directive ${name.slice(0, 60)} is not supported here`, hint);
    const found = findVariable(value);
    if (found !== undefined) return refuseVariable(value, found);
    for (const part of [extraName(header), headerValue(value)]) if (!part.ok) return part;
    headers.set(header, value);
  }
  return accept(headers);
};
