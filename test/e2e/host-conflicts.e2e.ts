import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpEcho, toEcho } from './support/backends.ts';
import { httpGet } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { startWorld, type World } from './support/world.ts';

// Ingresses of several namespaces and dialects at one host: who is served is settled by age and by the settings.

const adopted = {
  adopt: [
    { controller: 'k8s.io/ingress-nginx', dialect: 'nginx' },
    { controller: 'traefik.io/ingress-controller', dialect: 'traefik' },
  ],
};
const addresses = { shop: '10.244.1.1', other: '10.244.1.2', late: '10.244.1.3' };

function toService(namespace: keyof typeof addresses): string {
  return `apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web, namespace: ${namespace}, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: '', port: 8080, protocol: TCP }]
endpoints: [{ addresses: [${addresses[namespace]}], conditions: { ready: true } }]
`;
}

function toIngress(namespace: string, year: number, ingressClass: string, paths: readonly string[]): string {
  const rules = paths.map(
    (path) =>
      `{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: ${namespace}, creationTimestamp: '${year}-01-01T00:00:00Z' }
spec:
  ingressClassName: ${ingressClass}
  rules: [{ host: shop.test, http: { paths: [${rules.join(', ')}] } }]
`;
}

let world: World;

/** Which namespace answers a path, or the status. */
async function askOwner(path: string): Promise<string> {
  const { status, body } = await httpGet({ port: 80, host: 'shop.test', path });
  if (status !== 200) return String(status);
  const [address] = toEcho(body).backend.split(':');
  return Object.entries(addresses).find(([, each]) => each === address)?.[0] ?? body;
}

function untilOwners(wanted: Readonly<Record<string, string>>): Promise<unknown> {
  return eventually(`the owners are ${JSON.stringify(wanted)}`, 15_000, async () => {
    for (const [path, owner] of Object.entries(wanted)) {
      const found = await askOwner(path);
      if (found !== owner) throw new Error(`${path} is answered by ${found}`);
    }
    return true;
  });
}

async function explain(namespace: string): Promise<string> {
  return JSON.stringify(await world.admin(`/api/explain/ingress/${namespace}/web`));
}

beforeAll(async () => {
  requirePrivateNetwork();
  world = await startWorld({
    config: { ingress: adopted },
    backends: Object.values(addresses).map((address) => () => httpEcho(address, 8080)),
    texts: {
      'services.yaml': Object.keys(addresses)
        .map((namespace) => toService(namespace as keyof typeof addresses))
        .join('---\n'),
      'shop.yaml': toIngress('shop', 2024, 'nginx', ['/']),
      'other.yaml': toIngress('other', 2025, 'fairlead', ['/', '/other']),
      'late.yaml': toIngress('late', 2026, 'nginx', ['/other', '/late']),
    },
  });
});
afterAll(() => world.stop());

describe('a host that several namespaces route', () => {
  it('is shared by its paths; the same path is that of the older, and the younger hears of it', async () => {
    await untilOwners({ '/': 'shop', '/other': 'other', '/late': 'late' });
    expect(await explain('other')).toContain('shop/web');
    expect(await explain('late')).toContain('other/web');
    expect(await explain('shop')).not.toContain('other/web');
  });

  it('goes to the younger when the older is gone, and back to it', async () => {
    world.remove('shop.yaml');
    await untilOwners({ '/': 'other', '/other': 'other', '/late': 'late' });
    world.write('shop.yaml', toIngress('shop', 2024, 'nginx', ['/']));
    await untilOwners({ '/': 'shop', '/other': 'other' });
  });

  it('is that of the first namespace alone with hostOwnership namespace', async () => {
    await world.restartFairlead('stop', { ingress: { ...adopted, hostOwnership: 'namespace' } });
    await untilOwners({ '/': 'shop', '/other': 'shop', '/late': 'shop' });
    expect(await explain('late')).toContain('host-not-owned');
  });

  it('is that of the namespaces that the settings name, whatever the age', async () => {
    const owners = [{ hosts: ['shop.test'], namespaces: ['late', 'other'] }];
    await world.restartFairlead('stop', { ingress: { ...adopted, owners } });
    await untilOwners({ '/': 'other', '/other': 'other', '/late': 'late' });
    expect(await explain('shop')).toContain('host-not-owned');
  });
});
