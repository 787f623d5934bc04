import type { ServiceTarget } from '../../annotations/service-target.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { findServicePort } from '../backend/servers.ts';

/** The port of another Service that a port leads to. `ambiguous`: several would do. */
export type TargetPort =
  { readonly kind: 'found'; readonly port: ServicePort } | { readonly kind: 'ambiguous' | 'missing' };

/** The port that is named, else that of the same name or number, else the only one of the protocol. */
export function findTargetPort(
  target: Service,
  { port: named }: ServiceTarget,
  from: ServicePort,
): TargetPort {
  const { protocol } = from;
  if (named !== undefined) return toFound(findServicePort(target, toReference(named), protocol));
  const same = findServicePort(target, from.name, protocol) ?? findServicePort(target, from.port, protocol);
  if (same !== undefined) return toFound(same);
  const [only, ...others] = target.ports.filter((each) => each.protocol === protocol);
  return others.length > 0 ? { kind: 'ambiguous' } : toFound(only);
}

function toFound(port: ServicePort | undefined): TargetPort {
  return port === undefined ? { kind: 'missing' } : { kind: 'found', port };
}

function toReference(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
