import * as z from 'zod';
import { described } from './schema-parts.ts';

function limit(standard: number, description: string) {
  return described(z.int().min(1).max(1_000_000_000).prefault(standard), { description });
}

function routesOf(standard: number, description: string) {
  const routes = limit(standard, 'Routes of each fleet.');
  return described(z.strictObject({ routes }).prefault({}), { description, example: '{routes: 1000}' });
}

/** Section `limits`. The standard ones are more than people write, and less than what hurts others. */
export const limitsSchema = described(
  z
    .strictObject({
      annotation: limit(16_384, 'Characters of one annotation; lists may have four times as many.'),
      object: described(
        z
          .strictObject({
            hosts: limit(200, 'Hosts.'),
            paths: limit(500, 'Paths.'),
            routes: limit(500, 'Routes of each fleet, which are hosts times paths.'),
            ports: limit(500, 'Ports of a Service.'),
            endpoints: limit(
              5_000,
              'Addresses behind a Service; with more than 20 ports, behind all of them 20 times as many.',
            ),
            middlewares: limit(50, 'Middlewares. With more the routes answer 503.'),
            certificates: limit(50, 'Certificates.'),
            bytes: limit(1_048_576, 'Bytes of its share of the document of a fleet.'),
          })
          .prefault({}),
        {
          description:
            'Of one object. What exceeds a limit is left out; the first items in the object are used.',
          example: '{routes: 1000}',
        },
      ),
      namespace: routesOf(5_000, 'Of one namespace. The items of the older objects are used.'),
      fleet: routesOf(50_000, 'Of a whole fleet. The items of the older objects are used.'),
    })
    .prefault({}),
  { description: 'What one tenant may ask for, so that others are not affected.' },
);
