import type { Reading } from '../../annotations/read.ts';
import type { Ingress } from '../../model/objects.ts';
import type { Ownership } from './ingress-class.ts';

/** An Ingress with what is known of it, for some of the fleets that serve it. */
export interface RoutedIngress {
  readonly ingress: Ingress;
  readonly reading: Reading;
  readonly ownership: Ownership;
  readonly fleets: readonly string[];
}
