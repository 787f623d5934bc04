import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readPair } from '../../../src/certificates/read-pair.ts';
import { attacks, type Attack, type Shown } from '../../support/certificates/attacks.ts';
import { replayAttack } from '../../support/certificates/replay-attack.ts';

const document = z.object({
  tls: z
    .object({
      certificates: z.array(z.object({ certFile: z.string(), keyFile: z.string() })).optional(),
      stores: z
        .object({ default: z.object({ defaultCertificate: z.object({ certFile: z.string() }) }) })
        .optional(),
    })
    .optional(),
});

/** As Traefik chooses: of the certificates that fit, the last one by its names, sorted and joined with commas. */
function findShown(attack: Attack): Shown {
  const { tls = {} } = document.parse(JSON.parse(replayAttack(attack).toBody('default').toString()));
  const [chosen] = (tls.certificates ?? [])
    .map(({ certFile, keyFile }) => {
      const pair = readPair(certFile, keyFile);
      return { certFile, names: typeof pair === 'string' ? [] : pair.names };
    })
    .filter(({ names }) => names.includes(attack.host) || names.includes('*.example.com'))
    .sort((a, b) => (a.names.join(',') < b.names.join(',') ? 1 : -1));
  const text = chosen?.certFile ?? tls.stores?.default.defaultCertificate.certFile;
  if (text === undefined) return 'traefik';
  const { fingerprint256 } = new X509Certificate(text);
  const found = (['attacker', 'victim', 'default'] as const).find((who) => {
    const made = attack.certificates[who];
    return made !== undefined && new X509Certificate(made.cert).fingerprint256 === fingerprint256;
  });
  return found ?? 'traefik';
}

describe('a certificate with', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', (_, attack) => {
    expect(findShown(attack)).toBe(attack.expected);
  });
});
