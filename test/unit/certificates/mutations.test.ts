import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPair } from '../../../src/certificates/read-pair.ts';
import { der, integer, oid, sequence } from '../../support/certificates/der.ts';
import { askGo, hasGo } from '../../support/certificates/go-tls.ts';
import {
  extension,
  fromPem,
  makeCertificate,
  rdn,
  toPem,
  type MadeCertificate,
} from '../../support/certificates/make-certificate.ts';

const count = Number(process.env['FAIRLEAD_CERTIFICATE_RUNS'] ?? 3_000);

/** One certificate that has all that Go looks at. */
const whole = makeCertificate({
  commonNames: ['c.example.com', 'b.example.com'],
  dns: ['a.example.com', '*.example.com'],
  addresses: ['10.0.0.1'],
  otherNames: [der(0x81, 'x@y.test'), der(0x86, 'https://u@a.test:1/b%20c?d#e')],
  extensions: [
    extension('2.5.29.14', der(0x04, 'x')),
    extension('2.5.29.15', der(0x03, Buffer.from([5, 0xa0])), true),
    extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff])), integer('01'))),
    extension(
      '2.5.29.30',
      sequence(der(0xa0, sequence(der(0x82, '.a.test'))), der(0xa1, sequence(der(0x86, 'b.test')))),
    ),
    extension('2.5.29.31', sequence(sequence(der(0xa0, der(0xa0, der(0x86, 'http://x.test')))))),
    extension('2.5.29.32', sequence(sequence(oid('2.23.140.1.2.1')), sequence(oid('2.23.140.1.2.2')))),
    extension('2.5.29.33', sequence(sequence(oid('1.2.3'), oid('1.2.4')))),
    extension('2.5.29.35', sequence(der(0x80, 'x'))),
    extension('2.5.29.36', sequence(der(0x80, Buffer.from([1])), der(0x81, Buffer.from([1])))),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.54', integer('01')),
    extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x86, 'http://x.test')))),
  ],
  subject: sequence(
    rdn('b.example.com'),
    rdn(Buffer.from('c.test', 'utf16le').swap16(), 0x1e),
    rdn('d.example.com', 0x13),
  ),
});

const bytesOfWhole = fromPem(whole.cert);
/** A byte of the certificate and what stands there instead: mostly a near value, where the limits are. */
const change = fc.record({
  at: fc.nat(bytesOfWhole.length - 1),
  value: fc.oneof(
    fc.constantFrom(0, 1, 0x1f, 0x2a, 0x2c, 0x2e, 0x30, 0x7f, 0x80, 0xff).map((byte) => () => byte),
    fc.nat(7).map((bit) => (byte: number) => byte ^ (1 << bit)),
    fc.constantFrom(-1, 1).map((step) => (byte: number) => (byte + step) & 0xff),
  ),
});

function mutate(
  changes: readonly { readonly at: number; readonly value: (byte: number) => number }[],
): MadeCertificate {
  const bytes = Buffer.from(bytesOfWhole);
  for (const { at, value } of changes) bytes.writeUInt8(value(bytes.readUInt8(at)), at);
  return { cert: toPem('CERTIFICATE', bytes), key: whole.key };
}

/** What is refused though Go takes it. */
const stricter = /no host name|as a time of its validity|constraints that|more than 250 names|URI among/;

describe.skipIf(!hasGo)('a certificate with bytes changed', () => {
  it('is read as Go reads it, or refused for its names', { timeout: 600_000 }, () => {
    const pairs = fc
      .sample(fc.array(change, { minLength: 1, maxLength: 2 }), { numRuns: count, seed: 7 })
      .map(mutate);
    const verdicts = askGo(pairs);
    const tally = { both: 0, neither: 0, stricter: 0 };
    for (const [index, { cert, key }] of pairs.entries()) {
      const ours = readPair(cert, key);
      const verdict = verdicts[index];
      const works = verdict?.error === '' && verdict.handshake === '';
      const about = JSON.stringify({ ours, verdict, cert });
      if (typeof ours === 'string') {
        if (works) expect(ours, about).toMatch(stricter);
        tally[works ? 'stricter' : 'neither'] += 1;
        continue;
      }
      tally.both += 1;
      expect(works, about).toBe(true);
      const names = (verdict?.names ?? []).filter((name) => /^[a-z0-9._:*-]+$/.test(name));
      expect(ours.names, about).toEqual([...new Set(names)].sort());
      expect(ours.validity.notAfter, about).toBe(verdict?.notAfter);
    }
    expect(tally.both).toBeGreaterThan(count / 10);
    expect(tally.neither).toBeGreaterThan(count / 10);
  });
});
