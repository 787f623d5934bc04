import * as fc from 'fast-check';
import { metadata, text } from '../../golden/support/hostile-world.ts';
import { hosts, requestedPort, sniHost } from './good-tenant.ts';

/** The group and version of most of them. */
export const api = 'gateway.networking.k8s.io/v1';

/** Mostly what means something, now and then any text. */
export const orText = <T>(...values: readonly T[]): fc.Arbitrary<T | string> =>
  fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: text });

/** Of the good tenant, of wildcards above them, and of nobody. */
export const hostname = orText(
  ...hosts,
  sniHost,
  '*.good.test',
  '*.apps.good.test',
  '*.test',
  'mine.evil.test',
  undefined,
);
/** Of listeners, of pools, and impossible ones. */
export const port = fc.constantFrom(
  80,
  443,
  443,
  8443,
  requestedPort,
  20_000,
  20_001,
  20_010,
  53,
  0,
  -1,
  70_000,
);
/** Mostly those of `named`. */
export const name = fc.constantFrom('c', 'c', 'web', 'web', 'shop', 'edge');
/** Where something is referred to; mostly not said. */
export const namespace = fc.constantFrom('a', 'b', 'good', undefined, undefined, undefined);
/** A Secret that may be there. */
export const secretRef = fc.record(
  { name: orText('c', 'web', 'shop-tls'), namespace },
  { requiredKeys: ['name'] },
);

/** Two names in two namespaces, so that what refers to each other often finds it. */
export const named = fc
  .tuple(metadata, fc.constantFrom('c', 'web'), fc.constantFrom('a', 'b'))
  .map(([meta, of, where]) => ({ ...meta, name: of, namespace: where }));
