import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A manifest as it is written into a file. */
type Manifest = Readonly<Record<string, unknown>>;

const words = ['shop', 'basket', 'search', 'billing', 'media', 'orders', 'stock', 'mail', 'auth', 'ledger'];
/** So many Services stand in one file. */
const perFile = 250;

/** What a tenant has, by its number: most have a host, every tenth a pool port, and a few are wrong. */
function toTenant(index: number, namespaces: number): readonly Manifest[] {
  const namespace = `team-${String(index % namespaces).padStart(2, '0')}`;
  const word = words[index % words.length] ?? 'app';
  const name = `${word}-${index}`;
  const isTcp = index % 10 === 3;
  const host = `${word}-${index}.example.com`;
  const annotations: Record<string, string> = isTcp
    ? { 'fairlead.dev/expose': 'true' }
    : { 'fairlead.dev/host': host, ...(index % 4 === 0 && { 'fairlead.dev/path': '/api' }) };
  if (index % 40 === 5) annotations['fairlead.dev/max-fails'] = 'two';
  if (index % 40 === 6) annotations['fairlead.dev/strategy'] = 'p2c';
  if (index % 200 === 7) annotations['fairlead.dev/allow-cidrs'] = '10.0.0.0/33';
  if (index % 200 === 13) annotations['fairlead.dev/request-port.3306'] = '20099';
  if (index % 50 === 8)
    annotations['fairlead.dev/weights'] = `${toAddress(index, 1)}=5,${toAddress(index, 2)}=1`;
  const port = isTcp ? { name: 'mysql', port: 3306 } : { name: 'http', port: 80, targetPort: 8080 };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, annotations },
      spec: { clusterIP: 'None', ports: [port] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: port.name, port: isTcp ? 3306 : 8080 }],
      endpoints: [1, 2].map((each) => ({ addresses: [toAddress(index, each)] })),
    },
  ];
}

function toAddress(index: number, each: number): string {
  return `10.${60 + (index >> 14)}.${(index >> 6) & 255}.${((index & 63) << 2) + each}`;
}

/** Writes the manifests of so many Services, each with its endpoints, into a folder that is made. */
export function writeTown(folder: string, services: number): void {
  mkdirSync(folder, { recursive: true });
  const namespaces = Math.min(50, Math.ceil(services / 5));
  for (let from = 0; from < services; from += perFile) {
    const count = Math.min(perFile, services - from);
    const objects = Array.from({ length: count }, (_, index) => toTenant(from + index, namespaces)).flat();
    // JSON is read many times as fast as YAML.
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    writeFileSync(join(folder, `services-${String(from).padStart(6, '0')}.json`), JSON.stringify(list));
  }
}
