import type { MigrateDirective } from '../../annotations/directives.ts';
import type { HealthCheck } from '../../model/health.ts';
import type { Service } from '../../model/objects.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import type { Finding } from '../backend/finding.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { toFilters } from '../filters.ts';
import { hasAddresses, toPortSplit } from '../moves/backend-tree.ts';
import { findBranch } from '../moves/find-branch.ts';
import { toMigrateWeight } from '../moves/weight.ts';
import { toOwnPortTarget, type OwnPortTarget, type WantedPort } from './own-port-target.ts';

/** The backend of a port of which another Service gets a share. */
export interface PortShare {
  readonly backend: PortBackend;
  /** Of the endpoints of the other Service. */
  readonly checks: readonly HealthCheck[];
  readonly findings: readonly Finding[];
  /** What it carries of the annotations of the other Service, and of what stands behind that. */
  readonly others: readonly AnnotationUse[];
  /** What limits access to the other Service: it holds for the port as a whole. */
  readonly limits: readonly Filter<TcpMiddleware>[];
}

/** Gives the other Service its share of a port: over UDP nothing where access to it is limited, which cannot be held there. */
export function addPortShare(
  context: Translating,
  service: Service,
  migrate: MigrateDirective,
  { own, wanted: { protocol, port } }: { readonly own: OwnPortTarget; readonly wanted: WantedPort },
): PortShare {
  const { branch, findings } = findBranch(context, service, port, migrate.to, 'migrate-to');
  const nothing: PortShare = { backend: own.backend, checks: [], findings, others: [], limits: [] };
  if (branch === undefined) return nothing;
  const { ref } = branch.service.meta;
  const reading = readServiceAnnotations(context, branch.service.meta);
  const { tcpMiddlewares = [] } = reading.directives;
  const directives = tcpMiddlewares.filter(
    ({ stage, middleware }) => stage === 'access' && middleware !== null,
  );
  const isTcp = protocol === 'tcp';
  const isShut = !isTcp && directives.length > 0;
  const other = toOwnPortTarget(context, branch.service, reading, { protocol, port: branch.port, isShut });
  const isOpen = !other.isClosed && hasAddresses(other.backend);
  const weight = toMigrateWeight(context, service, migrate);
  const { filters } = toFilters<TcpMiddleware>(context, 'tcpMiddlewares', undefined, { ref, directives });
  return {
    backend: toPortSplit(own.key, own.backend, isOpen ? other.backend : undefined, weight),
    checks: weight > 0 ? other.checks : [],
    findings: [...findings, ...(isShut ? [explainShut(service, branch.service)] : [])],
    others: [...toUses(ref, other.carried), ...other.others],
    limits: isTcp && weight > 0 ? filters : [],
  };
}

function explainShut(service: Service, target: Service): Finding {
  return {
    code: 'move-unsupported',
    message: `the share of UDP that fairlead.dev/migrate-to of Service ${service.meta.ref.name} gives away stays: Service ${target.meta.ref.name} limits access, which is not possible for UDP`,
    hint: 'Move the UDP port to a Service without access limits.',
  };
}
