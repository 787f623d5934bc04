import { describe, expect, it } from 'vitest';
import { toWatchEvent } from '../../../src/kubernetes/watch-event.ts';

const line = (type: string, object: unknown): string => JSON.stringify({ type, object });
const object = { metadata: { name: 'a', resourceVersion: '7' } };

describe('toWatchEvent', () => {
  it('reads the five types', () => {
    expect(toWatchEvent(line('ADDED', object))).toMatchObject({ kind: 'set', version: '7' });
    expect(toWatchEvent(line('MODIFIED', object))).toMatchObject({ kind: 'set', version: '7' });
    expect(toWatchEvent(line('DELETED', object))).toMatchObject({ kind: 'delete', version: '7' });
    expect(toWatchEvent(line('BOOKMARK', object))).toEqual({ kind: 'bookmark', version: '7' });
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    expect(toWatchEvent(line('ERROR', status))).toMatchObject({ kind: 'error', error: { status: 410 } });
  });

  it.each(['{"type":"ADDED"', '7', '{"type":"ADDED"}', line('ADDED', {}), line('RENAMED', object)])(
    'throws for %s: what it would have said is lost',
    (text) => {
      expect(() => toWatchEvent(text)).toThrow(SyntaxError);
    },
  );

  it('never shows what a damaged line held', () => {
    expect(() => toWatchEvent('c2VjcmV0')).toThrow(new SyntaxError('a line of the watch is no JSON'));
  });
});
