import type { Ingress } from '../../model/objects.ts';
import type { Reading } from '../../annotations/read.ts';
import { readOnce, type Translating } from '../context.ts';
import type { Ownership } from './ingress-class.ts';

/** The annotations of an Ingress that is Fairlead's. */
export function readIngressAnnotations(
  context: Translating,
  { meta, tls }: Ingress,
  { dialect }: Ownership,
): Reading {
  return readOnce(context, meta, { on: 'Ingress', dialect, hasTls: tls.length > 0 });
}
