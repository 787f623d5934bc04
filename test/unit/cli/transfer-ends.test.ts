import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/app/usage-error.ts';
import { parseTransferEnds, toEndText } from '../../../src/cli/transfer-ends.ts';

const parse = (from: string, to: string) => parseTransferEnds('s', from, to);

describe('the two ends of a transfer', () => {
  it.each([
    ['old/db', 'new/db', 'Service/old/db', 'Service/new/db'],
    ['svc/old/db', 'Service/new/db', 'Service/old/db', 'Service/new/db'],
    ['Gateway/a/gw', 'ListenerSet/a/db', 'Gateway/a/gw', 'ListenerSet/a/db'],
    ['a/db:3306', 'listenerset/a/db:mysql', 'Service/a/db:3306', 'ListenerSet/a/db:mysql'],
    ['a/db:3306', 'TCPRoute/a/db', 'Service/a/db:3306', 'TCPRoute/a/db'],
    ['TCPRoute/a/db', 'TCPRoute/a/other', 'TCPRoute/a/db', 'TCPRoute/a/other'],
  ])('are read: %s to %s', (from, to, first, second) => {
    expect(parse(from, to).map((end) => toEndText(end))).toEqual([first, second]);
  });

  it.each([
    ['db', 'new/db'],
    ['old/db', 'Ingress/new/db'],
    ['old/db', 'ListenerSet/new/db'],
    ['old/db', 'ListenerSet/new/db:mysql'],
    ['old/db:3306', 'ListenerSet/new/db'],
    ['old/db:mysql', 'new/db:3306'],
    ['old/db', 'TCPRoute/new/db'],
    ['old/db:3306', 'TCPRoute/new/db:x'],
    ['old/db:', 'new/db:'],
    ['a/b/c/d', 'new/db'],
  ])('are refused where it is not clear what goes where: %s to %s', (from, to) => {
    expect(() => parse(from, to)).toThrow(UsageError);
  });
});
