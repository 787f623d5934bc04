import { defineFeature } from '../feature.ts';
import type { MigrateDirective } from '../directives.ts';
import { migrationPlan, migrationState } from '../migration-plan.ts';
import { integer, type Parser } from '../parsers.ts';
import { serviceTarget } from '../service-target.ts';

/** The key under which the leader writes where a plan stands. */
export const stateKey = 'fairlead.dev/migrate-state';

const weightInPercent = integer(0, 100);

/** What these annotations of a Service ask for, without a word on what is wrong with them; undefined for no move. */
export function readMigration(annotations: Readonly<Record<string, string>>): MigrateDirective | undefined {
  const read = <T>(key: string, parse: Parser<T>): T | undefined => {
    const text = annotations[key];
    const parsed = text === undefined ? undefined : parse(text);
    return parsed?.ok === true ? parsed.value : undefined;
  };
  return toDirective({
    to: read('fairlead.dev/migrate-to', serviceTarget),
    weight: read('fairlead.dev/migrate-weight', weightInPercent),
    plan: read('fairlead.dev/migrate-plan', migrationPlan),
    maxErrors: read('fairlead.dev/migrate-max-errors', weightInPercent),
    state: read(stateKey, migrationState),
  });
}

function toDirective({
  to,
  weight,
  plan,
  maxErrors,
  state,
}: Partial<OrUndefined<MigrateDirective>>): MigrateDirective | undefined {
  if (to === undefined || (weight ?? plan) === undefined) return undefined;
  return {
    to,
    ...(weight !== undefined && { weight }),
    ...(plan && { plan }),
    ...(plan && maxErrors !== undefined && { maxErrors }),
    ...(plan && state && { state }),
  };
}

type OrUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Moving traffic to another Service by percent. */
export const migration = defineFeature({
  name: 'migration',
  annotations: {
    to: {
      key: 'fairlead.dev/migrate-to',
      on: ['Service'],
      parse: serviceTarget,
      whenInvalid: 'use-default',
      value: 'a Service, as `name`, `namespace/name` or `source/namespace/name`, with `:port` or without',
      example: 'shop-pods',
      needs: 'fairlead.dev/migrate-weight or fairlead.dev/migrate-plan',
      doc: 'Shifts traffic of this Service to another one, by the percent of `fairlead.dev/migrate-weight`: over HTTP, TCP and UDP, on every route to this Service. One of another namespace or source has to agree by `fairlead.dev/grant-to`. See [vm-backends.md](vm-backends.md#moving-a-service).',
    },
    weight: {
      key: 'fairlead.dev/migrate-weight',
      on: ['Service'],
      parse: weightInPercent,
      whenInvalid: 'use-default',
      value: 'percent, from 0 to 100',
      example: '25',
      needs: 'fairlead.dev/migrate-to',
      doc: 'How much of the traffic the Service of `fairlead.dev/migrate-to` gets. It holds before `fairlead.dev/migrate-plan`, which waits meanwhile and goes on from there.',
    },
    plan: {
      key: 'fairlead.dev/migrate-plan',
      on: ['Service'],
      parse: migrationPlan,
      whenInvalid: 'use-default',
      value: 'steps of a percent and how long it lasts, comma-separated; the last one stays',
      example: '5%@10m,25%@1h,100%',
      needs: 'fairlead.dev/migrate-to',
      doc: 'Raises the weight step by step, in a cluster. It stops at a step while the other Service has no endpoints, anything else is wrong with the move, or too many of its requests fail (`fairlead.dev/migrate-max-errors`).',
    },
    maxErrors: {
      key: 'fairlead.dev/migrate-max-errors',
      on: ['Service'],
      parse: weightInPercent,
      whenInvalid: 'use-default',
      value: 'percent, from 0 to 100 (default 5)',
      example: '1',
      needs: 'fairlead.dev/migrate-plan',
      doc: 'The plan waits while more of the HTTP requests to the other Service are answered with 5xx: during the step, or its last five minutes, and of at least 20 requests. Known only where `fleets[].metrics` says where Traefik counts them; otherwise the plan goes by time.',
    },
    state: {
      key: stateKey,
      on: ['Service'],
      parse: migrationState,
      whenInvalid: 'use-default',
      value: 'written by Fairlead',
      example: '25% to shop-pods, step 2 since 2026-01-01T12:00:00Z of plan 1f2e3d4c',
      needs: 'fairlead.dev/migrate-plan',
      doc: 'The progress of the plan: the weight in force. It is put right again when it is edited, and removed with the plan.',
    },
  },
  apply: (values) => {
    const migrate = toDirective(values);
    return migrate ? { migrate } : {};
  },
});
