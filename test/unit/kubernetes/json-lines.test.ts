import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonLines } from '../../../src/kubernetes/json-lines.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('JsonLines', () => {
  it('gives the same lines however the stream is cut', () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.array(json), fc.array(fc.nat(7)), (lines, cuts) => {
        const stream = bytes(lines.map((line) => `${line}\n`).join(''));
        const splitter = new JsonLines();
        const found: string[] = [];
        let at = 0;
        for (const length of cuts) {
          found.push(...splitter.push(stream.subarray(at, at + length)));
          at += length;
        }
        found.push(...splitter.push(stream.subarray(at)));
        expect(found).toEqual(lines);
      }),
    );
  });

  it('keeps a character whole that stands in two chunks', () => {
    const [first, second] = [bytes('"ä"\n').subarray(0, 2), bytes('"ä"\n').subarray(2)];
    const splitter = new JsonLines();
    expect([splitter.push(first), splitter.push(second)]).toEqual([[], ['"ä"']]);
  });

  it('leaves out empty lines and what has no end', () => {
    expect(new JsonLines().push(bytes('\n{}\r\n\n{"cut":'))).toEqual(['{}']);
  });

  it('refuses a line without end', () => {
    const splitter = new JsonLines(10);
    splitter.push(bytes('12345678'));
    expect(() => splitter.push(bytes('9012'))).toThrow('a line of more than 10 bytes');
  });
});
