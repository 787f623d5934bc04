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
    ? refuse('the auth service cannot be sent another Host', 'Write the host into auth-url.')
    : name;
};

const hint =
  'Keep to proxy_set_header with a name and a text, or have the auth service know it by its address.';

/** Parses `auth-snippet` into the headers that the auth service gets; whatever else may decide what it says is refused. */
export const readAuthSnippet: Parser<ReadonlyMap<string, string>> = (text) => {
  const parsed = snippet(text);
  if (!parsed.ok) return parsed;
  const headers = new Map<string, string>();
  for (const { name, args } of parsed.value) {
    if (ofTheAnswer.has(name)) continue;
    const [header = '', value = ''] = args;
    if (name !== 'proxy_set_header' || args.length !== 2)
      return refuse(`its directive ${name.slice(0, 60)} cannot be carried out here`, hint);
    const found = findVariable(value);
    if (found !== undefined) return refuseVariable(value, found);
    for (const part of [extraName(header), headerValue(value)]) if (!part.ok) return part;
    headers.set(header, value);
  }
  return accept(headers);
};
