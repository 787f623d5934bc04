import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toJsonText, toStableJson } from '../../../src/traefik/stable-json.ts';

describe('toStableJson', () => {
  it('sorts keys by code units and writes no white space', () => {
    expect(toStableJson({ b: 1, a: [true, 'x'], B: { d: 1, c: -2 } })).toBe(
      '{"B":{"c":-2,"d":1},"a":[true,"x"],"b":1}',
    );
  });

  it('leaves out what is nothing, and what becomes empty by that', () => {
    expect(
      toStableJson({ a: undefined, b: null, c: {}, d: { e: { f: undefined } }, g: Number.NaN, h: 1 }),
    ).toBe('{"h":1}');
    expect(toStableJson({ a: {} })).toBe('{}');
  });

  it('keeps empty arrays and items of arrays, but for nothing', () => {
    expect(toStableJson({ a: [], b: [{}, null, undefined, 1] })).toBe('{"a":[],"b":[{},1]}');
  });

  it('escapes what a reader of YAML refuses, and nothing beyond U+FFFF', () => {
    expect(toStableJson({ a: '\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff/😀é' })).toBe(
      String.raw`{"a":"\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffff/😀é"}`,
    );
  });

  it('replaces halves of surrogate pairs, in keys too', () => {
    expect(toStableJson({ '\ud800': 'a\udc00😀' })).toBe('{"\ufffd":"a\ufffd😀"}');
  });

  it('says the same for every order of the fields', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { noNullPrototype: true }),
        (value) => {
          const turned = Object.fromEntries(Object.entries(value).toReversed());
          expect(toStableJson(turned)).toBe(toStableJson(value));
        },
      ),
    );
  });

  it('gives texts back unchanged through JSON and through YAML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(toJsonText(text))).toBe(text);
        expect(parse(toJsonText(text))).toBe(text);
      }),
    );
  });

  it('writes only characters that a reader of YAML takes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const json = toJsonText(String.fromCharCode(...units));
        expect(json).not.toMatch(/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
        expect(json).not.toMatch(/\\u[dD][89a-fA-F]|\\\//);
      }),
    );
  });
});
