import type { IngressAddress } from '../model/objects.ts';
import { isObject } from '../lib/raw-object.ts';

const none: readonly IngressAddress[] = [];

/** `status.loadBalancer.ingress`. Nothing is reported: controllers write it, not users, and nothing is routed by it. */
export function toIngressAddresses(status: unknown): readonly IngressAddress[] {
  const loadBalancer = isObject(status) ? status['loadBalancer'] : undefined;
  const entries = isObject(loadBalancer) ? loadBalancer['ingress'] : undefined;
  if (!Array.isArray(entries) || entries.length === 0) return none;
  return entries.flatMap((entry: unknown): readonly IngressAddress[] => {
    if (!isObject(entry)) return [];
    const { ip, hostname } = entry;
    if (typeof ip === 'string' && ip !== '') return [{ ip }];
    return typeof hostname === 'string' && hostname !== '' ? [{ hostname }] : [];
  });
}
