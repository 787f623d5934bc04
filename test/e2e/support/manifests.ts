import { stringify } from 'yaml';
import type { CertificatePair } from './certificates.ts';

/** A port of a Service; the protocol is TCP unless said. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** A Service with the endpoints behind it, as a user would write both into one file. */
export interface ServiceManifest {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** The addresses of the endpoints; all of them are ready. */
  readonly addresses: readonly string[];
}

/** YAML documents with the Services and an EndpointSlice for each. */
export function toManifests(...services: readonly ServiceManifest[]): string {
  return services
    .flatMap((service) => [toService(service), toSlice(service)])
    .map((object) => stringify(object))
    .join('---\n');
}

function toService({ namespace, name, annotations = {}, ports }: ServiceManifest): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations },
    spec: { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) },
  };
}

function toSlice({ namespace, name, ports, addresses }: ServiceManifest): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
    endpoints: addresses.map((address) => ({ addresses: [address] })),
  };
}

/** A Secret with a certificate, as YAML. */
export function toCertificateSecret(namespace: string, name: string, { cert, key }: CertificatePair): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  });
}
