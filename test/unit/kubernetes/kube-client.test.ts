import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startAnsweringApi, type AnsweringApi } from '../../support/answering-api.ts';

let api: AnsweringApi | undefined;
afterEach(() => api?.stop());

interface Page {
  readonly items: readonly string[];
  readonly next?: string;
  /** Default true: as an API server writes a list. */
  readonly metadataFirst?: boolean;
}

function toText({ items, next, metadataFirst = true }: Page): string {
  const metadata = { resourceVersion: '7', ...(next !== undefined && { continue: next }) };
  const list = { items: items.map((name) => ({ metadata: { name } })) };
  return JSON.stringify(metadataFirst ? { metadata, ...list } : { ...list, metadata });
}

/** Serves pages by their tokens; the first one by ''. `asked` gets each token. */
async function serve(pages: Readonly<Record<string, Page>>, asked: (token: string) => void) {
  api = await startAnsweringApi((url, response) => {
    const token = new URL(url, 'http://x').searchParams.get('continue') ?? '';
    asked(token);
    const page = pages[token];
    if (page === undefined) response.writeHead(410).end('{"kind":"Status","reason":"Expired"}');
    else response.end(toText(page));
  });
  return api.client;
}

function refuse(): void {
  throw new Error('not taken over');
}

describe('a list in pages', () => {
  it('has the next page on its way while one is taken', async () => {
    const asked = new EventEmitter();
    const secondAsked = once(asked, 'p2');
    const pages = { '': { items: ['a'], next: 'p2' }, p2: { items: ['b'] } };
    const client = await serve(pages, (token) => asked.emit(token));
    const taken: string[] = [];
    const take = (items: readonly unknown[]): void => void taken.push(JSON.stringify(items));
    let turns = 0;
    // Nothing of the first page is taken before the second one has been asked for.
    const turn = async <T>(work: () => T): Promise<T> => {
      turns += 1;
      if (turns > 1) await secondAsked;
      return work();
    };
    await expect(client.list('/api/v1/services', take, { turn })).resolves.toBe('7');
    expect(taken).toEqual(['[{"metadata":{"name":"a"}}]', '[{"metadata":{"name":"b"}}]']);
  });

  it('asks for each page once, wherever its metadata stands', async () => {
    const asked: string[] = [];
    const pages = {
      '': { items: ['a'], next: 'p2', metadataFirst: false },
      p2: { items: ['b'], next: 'p3' },
      p3: { items: ['c'], metadataFirst: false },
    };
    const client = await serve(pages, (token) => asked.push(token));
    const taken: unknown[] = [];
    await client.list('/api/v1/services', (items) => taken.push(...items));
    expect(asked).toEqual(['', 'p2', 'p3']);
    expect(taken).toHaveLength(3);
  });

  it('ends with what went wrong, on the way or in taking over', async () => {
    const asked: string[] = [];
    const pages = { '': { items: ['a'], next: 'gone' } };
    const client = await serve(pages, (token) => asked.push(token));
    await expect(client.list('/api/v1/services', () => undefined)).rejects.toMatchObject({ status: 410 });
    await expect(client.list('/api/v1/services', refuse)).rejects.toThrow('not taken over');
    expect(asked.slice(0, 3)).toEqual(['', 'gone', '']);
  });
});
