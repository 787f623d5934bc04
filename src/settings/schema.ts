import * as z from 'zod';
import { adminSchema } from './schema-admin.ts';
import { certificatesSchema } from './schema-certificates.ts';
import { fleetsSchema } from './schema-fleets.ts';
import { gatewaySchema } from './schema-gateway.ts';
import { healthChecksSchema } from './schema-health-checks.ts';
import { limitsSchema } from './schema-limits.ts';
import { ingressSchema, servicesSchema } from './schema-routing.ts';
import {
  lastKnownGoodSchema,
  leaderElectionSchema,
  ledgerSchema,
  listenSchema,
  providerSchema,
  writeBackSchema,
} from './schema-server.ts';
import { logSchema } from './schema-log.ts';
import { described } from './schema-parts.ts';
import { importsSchema, sourcesSchema } from './schema-sources.ts';

/**
 * The file `fairlead.yaml`: the one place where its fields, their defaults and their documentation stand. The names of
 * the environment variables, the reference and the hints of error messages are derived from it.
 */
export const fileSchema = described(
  z.strictObject({
    listen: listenSchema,
    sources: sourcesSchema,
    fleets: fleetsSchema,
    imports: importsSchema,
    ingress: ingressSchema,
    gateway: gatewaySchema,
    services: servicesSchema,
    certificates: certificatesSchema,
    limits: limitsSchema,
    healthChecks: healthChecksSchema,
    admin: adminSchema,
    provider: providerSchema,
    writeBack: writeBackSchema,
    ledger: ledgerSchema,
    leaderElection: leaderElectionSchema,
    lastKnownGood: lastKnownGoodSchema,
    log: logSchema,
  }),
  {
    description: 'The configuration.',
    example: 'fields, such as sources: [{name: vms, directory: {path: ./vms}}]',
  },
);

/** The file as read: checked, defaults filled in, units resolved; paths still as they are written. */
export type FileSettings = z.output<typeof fileSchema>;
