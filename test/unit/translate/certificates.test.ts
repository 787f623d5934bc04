import { describe, expect, it } from 'vitest';
import type { Secret } from '../../../src/model/objects.ts';
import { ProblemList } from '../../../src/model/problem-list.ts';
import { toCertificates } from '../../../src/translate/certificates.ts';
import { certificates } from '../../e2e/support/certificates.ts';
import { toTestSettings } from '../render/intents.ts';
import { toWorld } from './world.ts';

const { bbsTestCom, wildcardTestCom, unrelated } = certificates;

function request(
  data: Readonly<Record<string, string>> | undefined,
  hosts: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
): {
  readonly names: readonly (readonly string[])[];
  readonly pairs: readonly object[];
  readonly reported: readonly string[];
} {
  const secret: Secret = {
    kind: 'Secret',
    meta: { ref: { source: 'one', kind: 'Secret', namespace: 'n', name: 'tls' }, annotations: {} },
    type: 'kubernetes.io/tls',
    data: data ?? {},
  };
  const problems = new ProblemList(secret.meta.ref);
  const owner = { ref: { ...secret.meta.ref, kind: 'Ingress' }, annotations: {} } as const;
  const intents = toCertificates(
    toWorld(toTestSettings(settings), data === undefined ? [] : [secret]),
    owner,
    ['default'],
    { secretName: 'tls', field: 'spec.tls[0]', hosts },
    problems.report,
  );
  const pairs = intents.map(({ certFile, keyFile }) => ({ certFile, keyFile }));
  const reported = problems.toArray().map(({ code, message }) => `${code}: ${message}`);
  return { names: intents.map((intent) => intent.names), pairs, reported };
}

const bbs = { 'tls.crt': bbsTestCom.cert, 'tls.key': bbsTestCom.key };
const wildcard = { 'tls.crt': wildcardTestCom.cert, 'tls.key': wildcardTestCom.key };

describe('a TLS Secret', () => {
  it('becomes a certificate for the hosts that it names', () => {
    expect(request(bbs, ['bbs.test.com'])).toMatchObject({ names: [['bbs.test.com']], reported: [] });
    expect(request(wildcard, ['a.test.com']).names).toEqual([['*.test.com', 'test.com']]);
    expect(request(wildcard, ['*.test.com']).names).toHaveLength(1);
    expect(request(wildcard, ['other.org', 'test.com']).names).toHaveLength(1);
  });

  it('is refused without a host: it could answer for those of others', () => {
    expect(request(wildcard, [])).toMatchObject({
      names: [],
      reported: [expect.stringContaining('without a host')],
    });
  });

  it('takes a chain of several certificates', () => {
    const chain = { ...bbs, 'tls.crt': `${bbsTestCom.cert}${wildcardTestCom.cert}` };
    expect(request(chain, ['bbs.test.com']).names).toEqual([['bbs.test.com']]);
  });

  it('goes on without what stands around the blocks', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const around = {
      'tls.crt': `\n Bag Attributes\n${bbsTestCom.cert}║\u0000`,
      'tls.key': `${parameters}${bbsTestCom.key}trailing`,
    };
    const { pairs, reported } = request(around, ['bbs.test.com']);
    expect(reported).toEqual([]);
    expect(pairs).toEqual([{ certFile: bbsTestCom.cert, keyFile: bbsTestCom.key }]);
  });

  it('that a folder does not have may be made elsewhere', () => {
    expect(request(undefined, ['bbs.test.com'])).toMatchObject({
      names: [],
      reported: ['secret-missing: Secret tls does not exist'],
    });
  });

  it.each([
    ['lacks tls.crt or tls.key', { 'tls.crt': bbsTestCom.cert }],
    ['has no PEM certificate in tls.crt', { ...bbs, 'tls.crt': '/etc/passwd' }],
    ['has no PEM key in tls.key', { ...bbs, 'tls.key': '/etc/shadow' }],
    ['has no PEM key in tls.key', { ...bbs, 'tls.key': bbsTestCom.cert }],
    ['has a key that does not belong to its certificate', { ...bbs, 'tls.key': unrelated.key }],
  ])('that %s is refused', (why, data) => {
    expect(request(data, ['bbs.test.com'])).toMatchObject({
      names: [],
      reported: [`certificate-invalid: Secret tls ${why}`],
    });
  });

  it('with a certificate that is cut off is refused without showing it', () => {
    const cut = { ...bbs, 'tls.crt': bbsTestCom.cert.replace(/\n.*\n(?=-----END)/, '\n') };
    const { names, reported } = request(cut, ['bbs.test.com']);
    expect(names).toEqual([]);
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('no DER');
    expect(reported[0]).not.toContain('MII');
  });

  it.each([[['a.b.test.com']], [['test.org', 'org']], [['*.a.test.com']]])(
    'for other hosts (%j) is refused',
    (hosts) => {
      expect(request(wildcard, hosts).reported[0]).toContain('has no certificate for any of');
    },
  );

  it('stays here when the listener is open to anybody, and goes to whom shows a token', () => {
    const open = { listen: { provider: '0.0.0.0:9080' } };
    const { names, reported } = request(bbs, ['bbs.test.com'], open);
    expect(names).toEqual([]);
    expect(reported[0]).toContain('certificate-withheld');
    const guarded = { ...open, provider: { tokens: ['a-token-that-is-long-enough-for-anyone'] } };
    expect(request(bbs, ['bbs.test.com'], guarded).names).toHaveLength(1);
  });
});
