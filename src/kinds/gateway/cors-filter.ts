import type { CorsFilter } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { numberAt, reportAt, textsAt, type Place, type TextRule } from './place.ts';
import { headerName } from './words.ts';

/** As many as the API server takes of each list. */
const mostEntries = 64;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*'];

const method: TextRule = {
  most: 7,
  isRight: (text) => methods.includes(text),
  wanted: `one of ${methods.join(', ')}`,
};

const origin: TextRule = {
  most: 253,
  isRight: (text) => text === '*' || /^https?:\/\/(?:\*|(?:\*\.)?[a-zA-Z0-9.-]+)(?::\d{1,5})?$/.test(text),
  wanted: 'an origin such as https://shop.example.com or https://*.example.com',
};

/** Undefined when any of it cannot be read. */
export function toCorsFilter(values: Place, field: string): CorsFilter | undefined {
  const allowOrigins = toTexts(values, 'allowOrigins', origin);
  const allowMethods = toTexts(values, 'allowMethods', method);
  const allowHeaders = toTexts(values, 'allowHeaders', headerName);
  const exposeHeaders = toTexts(values, 'exposeHeaders', headerName);
  const credentials = values.raw['allowCredentials'] ?? false;
  const maxAge = numberAt(values, 'maxAge', 1, 2 ** 31 - 1);
  if (typeof credentials !== 'boolean') reportAt(values, 'allowCredentials', 'true or false');
  if (!allowOrigins || !allowMethods || !allowHeaders || !exposeHeaders) return undefined;
  if (typeof credentials !== 'boolean' || maxAge === malformed) return undefined;
  return {
    type: 'CORS',
    allowOrigins,
    allowCredentials: credentials,
    allowMethods,
    allowHeaders,
    exposeHeaders,
    maxAge: maxAge ?? 5,
    field,
  };
}

function toTexts(values: Place, key: string, rule: TextRule): readonly string[] | undefined {
  const list = textsAt(values, key, mostEntries, rule);
  return list === malformed || !list.isWhole ? undefined : list.entries;
}
