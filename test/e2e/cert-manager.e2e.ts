import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { httpEcho, toEcho } from './support/backends.ts';
import { certificates, type CertificatePair } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { ask, see } from './support/edge-client.ts';
import { eventually } from './support/eventually.ts';
import { toManifests } from './support/manifests.ts';
import { startWorld, type World } from './support/world.ts';

// The Ingress of docs/cert-manager.md, with the objects that cert-manager makes for it.

const guide = readFileSync(new URL('../../docs/cert-manager.md', import.meta.url), 'utf8');
const [, shownIngress = ''] = /```yaml\n# shop\.yaml\n([^]*?)```/.exec(guide) ?? [];
const host = 'bbs.test.com';
const ingressText = shownIngress.replaceAll('shop.example.com', host);
const challenge = '/.well-known/acme-challenge/VoGiBQBGGnTNLgLPOBdfIx8jXGbTGHVYXQS0zE8k5Pk';

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      backends: [() => httpEcho('10.244.1.1', 80), () => httpEcho('10.244.1.2', 8089)],
    }),
  );
  world.write('shop.yaml', ingressText);
  world.write(
    'services.yaml',
    toManifests({
      namespace: 'shop',
      name: 'shop',
      ports: [{ name: 'http', port: 80 }],
      addresses: ['10.244.1.1'],
    }),
  );
  await world.waitFor(({ routers }) => `shop_shop_ingress_${host}_~root_tls@http` in routers);
});
afterAll(() => cleanup.run());

/** What the ingress solver of cert-manager 1.x makes: pkg/issuer/acme/http/ingress.go and service.go. */
function toSolver(): string {
  const labels = {
    'acme.cert-manager.io/http-domain': '1088930161',
    'acme.cert-manager.io/http-token': '1203104418',
    'acme.cert-manager.io/http01-solver': 'true',
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'cm-acme-http-solver-7fxqr',
      namespace: 'shop',
      labels,
      annotations: { 'nginx.ingress.kubernetes.io/whitelist-source-range': '0.0.0.0/0,::/0' },
    },
    spec: {
      ingressClassName: 'fairlead',
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: challenge,
                pathType: 'ImplementationSpecific',
                backend: { service: { name: 'cm-acme-http-solver-wm8c7', port: { number: 8089 } } },
              },
            ],
          },
        },
      ],
    },
  };
  const service = toManifests({
    namespace: 'shop',
    name: 'cm-acme-http-solver-wm8c7',
    annotations: { 'auth.istio.io/8089': 'NONE' },
    ports: [{ name: 'http', port: 8089 }],
    addresses: ['10.244.1.2'],
  });
  return `${stringify(ingress)}---\n${service}`;
}

function toSecret({ cert, key }: CertificatePair): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'shop-tls',
      namespace: 'shop',
      annotations: { 'cert-manager.io/certificate-name': 'shop-tls' },
    },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  });
}

async function untilShown({ cert }: CertificatePair): Promise<void> {
  const { fingerprint256 } = new X509Certificate(cert);
  await eventually('the certificate is shown', 5_000, async () => {
    const { certificate, status } = await ask(host, { tls: true });
    return status === 200 && certificate?.fingerprint256 === fingerprint256;
  });
}

it('answers the challenge over plain HTTP while every other path is redirected', async () => {
  world.write('solver.yaml', toSolver());
  await eventually('the solver answers', 5_000, async () => {
    const { status, body } = await ask(host, { path: challenge });
    return status === 200 && toEcho(body).backend === '10.244.1.2:8089';
  });
  expect((await ask(host)).status).toBe(301);
  const codes = z
    .array(z.object({ code: z.string(), object: z.string() }))
    .parse(await world.admin('/api/problems'));
  expect(codes.filter(({ object }) => object.includes('cm-acme'))).toEqual([]);
});

it('shows the certificate once its Secret is there, and the renewed one after it', async () => {
  world.write('secret.yaml', toSecret(certificates.wildcardTestCom));
  await untilShown(certificates.wildcardTestCom);
  world.remove('solver.yaml');
  world.write('secret.yaml', toSecret(certificates.bbsTestCom));
  await untilShown(certificates.bbsTestCom);
  await eventually(
    'the challenge is over',
    5_000,
    async () => (await see(host, { path: challenge, tls: true })).backend === '10.244.1.1:80',
  );
});

it('answers a challenge whose path was added to the Ingress itself', async () => {
  const edited = z
    .looseObject({ spec: z.looseObject({ rules: z.array(z.any()) }) })
    .parse(parse(ingressText));
  edited.spec.rules[0].http.paths.push({
    path: challenge,
    pathType: 'ImplementationSpecific',
    backend: { service: { name: 'cm-acme-http-solver-wm8c7', port: { number: 8089 } } },
  });
  world.write('solver-service.yaml', toSolver().split('---\n').slice(1).join('---\n'));
  world.write('shop.yaml', stringify(edited));
  await eventually(
    'the solver answers behind the redirect',
    5_000,
    async () => (await see(host, { path: challenge, tls: true })).backend === '10.244.1.2:8089',
  );
});
