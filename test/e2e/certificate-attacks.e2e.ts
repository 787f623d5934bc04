import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBytesProvider, type BytesProvider } from '../golden/support/bytes-provider.ts';
import { mark } from '../golden/support/marker.ts';
import { attacks, type Attack, type Shown } from '../support/certificates/attacks.ts';
import { replayAttack } from '../support/certificates/replay-attack.ts';
import { Cleanup } from './support/cleanup.ts';
import { httpGet } from './support/client.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

const cleanup = new Cleanup();
let provider: BytesProvider;
let traefik: Traefik;

beforeAll(async () => {
  requirePrivateNetwork();
  provider = cleanup.keep(await startBytesProvider());
  const entryPoints = { web: { address: '127.0.0.1:80' }, websecure: { address: '127.0.0.1:443' } };
  const staticConfig = JSON.stringify({ providers: provider.providers, entryPoints });
  traefik = cleanup.keep(await startTraefik({ staticConfig }));
});
afterAll(() => cleanup.run());

let count = 0;

/** Whose certificate is shown for a host now. */
async function readShown({ host, certificates }: Attack): Promise<Shown> {
  const { certificate } = await httpGet({ port: 443, host, tls: true });
  const found = (['attacker', 'victim', 'default'] as const).find((who) => {
    const made = certificates[who];
    return (
      made !== undefined && new X509Certificate(made.cert).fingerprint256 === certificate?.fingerprint256
    );
  });
  return found ?? 'traefik';
}

/** Whose certificate a real Traefik shows for the host of the victim, once it has taken over all. */
async function findShown(attack: Attack): Promise<Shown> {
  const pipeline = replayAttack(attack);
  const marker = mark(pipeline, 'default', String(count++));
  provider.serve(pipeline.toBody('default'));
  await traefik.waitFor(({ routers }) => marker in routers);
  // Traefik takes over certificates a moment after the routers.
  const until = Date.now() + 3_000;
  while ((await readShown(attack)) !== attack.expected && Date.now() < until) await sleep(50);
  await sleep(100);
  return readShown(attack);
}

describe('a real Traefik is not made to show a certificate with', () => {
  it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (_, attack) => {
    expect(await findShown(attack)).toBe(attack.expected);
  });
});
