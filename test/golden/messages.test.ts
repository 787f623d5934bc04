import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = import.meta.dirname;
const schema = z.array(z.looseObject({ message: z.string(), hint: z.string() }));
const problems = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('problems.yaml'))
  .flatMap((path) => schema.parse(parse(readFileSync(join(folder, path), 'utf8'))));
const messages = [...new Set(problems.map(({ message }) => message))];
const hints = [...new Set(problems.map(({ hint }) => hint))];

test('the golden cases have problems of many kinds', () => {
  expect(messages.length).toBeGreaterThan(50);
});

test('a message starts with a capital letter, or with a value, a key or a path as it is written', () => {
  expect(messages.filter((message) => /^[a-z]+( |$)/.test(message))).toEqual([]);
});

test('a message ends without a full stop: what is shown after it brings one', () => {
  expect(messages.filter((message) => message.endsWith('.'))).toEqual([]);
});

test('a hint is a sentence', () => {
  expect(hints.filter((hint) => !/^[A-Z].*[.?]$/s.test(hint))).toEqual([]);
});

test('nothing has two full stops, or words that are not plain', () => {
  const texts = [...messages, ...hints].filter((text) =>
    /(?<!\.)\.\.(?!\.)|\b(told|tells?|anew|rests?|resting|others than)\b/.test(
      text.replaceAll(/"[^"]*"/g, ''),
    ),
  );
  expect(texts).toEqual([]);
});
