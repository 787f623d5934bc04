import { expect, it } from 'vitest';
import { markRevision, readRevision, revisionMark } from '../../../src/traefik/revision-mark.ts';

const mark = { headers: { customResponseHeaders: { 'X-Fairlead-Revision': 'abc' } } };

it.each([
  { document: {} },
  { document: { tcp: { routers: { a: 1 } } } },
  { document: { http: { routers: { a: 1 } } } },
  { document: { http: { middlewares: { shop_a: 1 }, routers: { a: 1 } }, tcp: { routers: { b: 1 } } } },
  // The first part of the map has nothing in it: see `provider.shards`.
  { document: { http: { Middlewares: { shop_a: 1 }, routers: { a: 1 } } } },
])('a document says which it is: $document', ({ document }) => {
  const whole = Buffer.from(JSON.stringify(document));
  const bytes = Array.from(whole, (_, index) => whole.subarray(index, index + 1));
  expect(Buffer.concat(markRevision(bytes, 'abc'))).toEqual(Buffer.concat(markRevision([whole], 'abc')));
  const marked = JSON.parse(Buffer.concat(markRevision([whole], 'abc')).toString());
  expect(marked.http.middlewares[revisionMark]).toEqual(mark);
  delete marked.http.middlewares[revisionMark];
  if (Object.keys(marked.http.middlewares).length === 0) delete marked.http.middlewares;
  if (Object.keys(marked.http).length === 0) delete marked.http;
  expect(marked).toEqual(document);
});

it('is read back from what the API of Traefik shows, and from nothing else', () => {
  expect(readRevision({ ...mark, status: 'enabled', name: 'revision@http', provider: 'http' })).toBe('abc');
  for (const other of [
    null,
    'abc',
    {},
    { headers: null },
    { headers: { customResponseHeaders: { 'X-Fairlead-Revision': 'no hex' } } },
  ])
    expect(readRevision(other)).toBeUndefined();
});
