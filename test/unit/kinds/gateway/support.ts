import { meta } from '../support.ts';

/** A manifest of a kind of the Gateway API. */
export function manifest(kind: string, spec: unknown, rest: object = {}): object {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: meta('a'), spec, ...rest };
}
