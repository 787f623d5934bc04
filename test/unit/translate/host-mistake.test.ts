import { expect, it } from 'vitest';
import { describeHostMistake } from '../../../src/translate/host-mistake.ts';
import { toHostName } from '../../../src/traefik/rule-text.ts';

it.each([
  ['https://shop.example.com', 'is a URL', 'Write shop.example.com; HTTPS is'],
  ['HTTP://shop.example.com:8443/a?b', 'is a URL', 'Write shop.example.com; HTTPS is'],
  ['shop.example.com:8443', 'has a port', 'Write shop.example.com; the entryPoint'],
  ['shop.example.com/api', 'has a path', 'Write shop.example.com, and the path'],
  ['bücher.example.com', 'is not in its ASCII form', 'Write xn--bcher-kva.example.com.'],
  ['*.bücher.example.com', 'is not in its ASCII form', 'Write *.xn--bcher-kva.example.com.'],
  ['a b', 'holds white space', 'Write a host such as'],
  ['a..b', 'has an empty label', 'Write a host such as'],
])('%s %s', (text, what, hint) => {
  const host = toHostName(text);
  if (host.kind === 'valid') throw new Error('it is a host');
  const details = describeHostMistake(text, host.reason);
  expect(details.message).toContain(`the host "${text}" ${what}`);
  expect(details.hint).toContain(hint);
});
