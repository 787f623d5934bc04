import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many Services, each with a host of its own, and how many endpoints each of them has. */
export interface Size {
  readonly services: number;
  readonly endpoints: number;
}

const servicesOfFile = 500;

function toMeta(index: number) {
  return { name: `app-${String(index).padStart(5, '0')}`, namespace: `team-${index % 20}` };
}

function toService(index: number): object {
  const annotations = { 'fairlead.dev/host': `app-${index}.example.com` };
  const metadata = { ...toMeta(index), annotations };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }] },
  };
}

function toSlice(index: number, endpoints: number, generation: number): object {
  const { name, namespace } = toMeta(index);
  const metadata = {
    name: `${name}-1`,
    namespace,
    labels: { 'kubernetes.io/service-name': name },
  };
  const toAddress = (each: number): string =>
    `10.${(index >> 8) & 255}.${index & 255}.${1 + ((each + generation) % 254)}`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: Array.from({ length: endpoints }, (_, each) => ({ addresses: [toAddress(each)] })),
  };
}

function toText(objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

/** A folder of manifests in which one Service changes. */
export interface ManifestFolder {
  readonly path: string;
  /** Gives the endpoints of that Service other addresses; each number gives others. */
  change(generation: number): void;
}

/** Writes them into a new folder `manifests`. */
export function writeManifests(root: string, { services, endpoints }: Size): ManifestFolder {
  const path = join(root, 'manifests');
  mkdirSync(path);
  const changed = Math.floor(services / 2);
  for (let from = 0; from < services; from += servicesOfFile) {
    const length = Math.min(servicesOfFile, services - from);
    const objects = Array.from({ length }, (_, each) => from + each).flatMap((index) =>
      index === changed ? [toService(index)] : [toService(index), toSlice(index, endpoints, 0)],
    );
    writeFileSync(join(path, `${String(from).padStart(5, '0')}.yaml`), toText(objects));
  }
  const change = (generation: number): void =>
    writeFileSync(join(path, 'changed.yaml'), toText([toSlice(changed, endpoints, generation)]));
  change(0);
  return { path, change };
}
