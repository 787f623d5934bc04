import { describe, expect, it } from 'vitest';
import { formatBoard, parseBoard } from '../../../src/health/board-document.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';

const key = (namespace: string, name: string) =>
  toObjectKey({ source: 's', kind: 'Service', namespace, name });

describe('the text of a board', () => {
  it('says what was put into it, the same for the same', () => {
    const failing = new Map([
      [key('b', 'y'), ['10.0.0.2']],
      [key('a', 'x'), ['10.0.0.1', 'fd00::1']],
    ]);
    expect(parseBoard(formatBoard(failing))).toEqual(failing);
    expect(formatBoard(new Map([...failing].toReversed()))).toBe(formatBoard(failing));
    expect(parseBoard(formatBoard(new Map()))).toEqual(new Map());
  });

  it.each(['', '{}', '[]', 'null', '{"version":2,"failing":[]}', '{"version":1,"failing":[{"source":1}]}'])(
    'is not read where it is none: %s',
    (text) => expect(parseBoard(text)).toBeUndefined(),
  );
});
