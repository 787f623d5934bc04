import type { Meta } from './objects.ts';

/** Makes an Ingress a part of another one, which has its host and path as well. By itself it would take the host from that one. */
export const canaryKey = 'nginx.ingress.kubernetes.io/canary';

/** Whether an Ingress is a part of another one. */
export function isCanary({ meta }: { readonly meta: Pick<Meta, 'annotations'> }): boolean {
  return (meta.annotations[canaryKey] ?? '').trim().toLowerCase() === 'true';
}
