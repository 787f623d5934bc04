import type { HealthCheck } from '../../model/health.ts';
import type { PortBackend } from '../../routes/backend.ts';
import type { Filter } from '../../routes/intent.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { TcpMiddleware } from '../../traefik/tcp.ts';
import type { Translating } from '../context.ts';
import { addPortShare } from './port-share.ts';
import { toOwnPortTarget, type WantedPort } from './own-port-target.ts';
import type { AskingService } from './service-http.ts';

interface Wanted extends WantedPort {
  /** The annotation that says so. */
  readonly field: string;
}

export interface PortTarget {
  /** A name that only this port of the Service, or of the endpoint, has. */
  readonly key: string;
  readonly backend: PortBackend;
  /** What Fairlead itself is to check of its endpoints. */
  readonly checks: readonly HealthCheck[];
  /** Parts of the directives that it carries, and facts. */
  readonly carried: readonly string[];
  /** What it carries of the annotations of other objects. */
  readonly others: readonly AnnotationUse[];
  /** The access limits of another Service to which its connections may go; only for TCP. */
  readonly limits: readonly Filter<TcpMiddleware>[];
}

/**
 * Where the traffic of a Service port goes, through whichever entryPoint it comes. Reports what is wrong with its endpoints. What
 * goes to one endpoint alone has no share in a move.
 */
export function toPortTarget(
  context: Translating,
  { service, reading, report }: AskingService,
  { field, ...wanted }: Wanted,
): PortTarget {
  const own = toOwnPortTarget(context, service, reading, wanted);
  const { migrate } = reading.directives;
  const isMoved = migrate !== undefined && !own.isClosed && wanted.endpoint === undefined;
  const share = isMoved ? addPortShare(context, service, migrate, { own, wanted }) : undefined;
  for (const { code, ...details } of [...own.findings, ...(share?.findings ?? [])])
    report(code, { field, ...details });
  return {
    key: own.key,
    backend: share?.backend ?? own.backend,
    checks: [...own.checks, ...(share?.checks ?? [])],
    carried: [...own.carried, ...(share ? ['migrate'] : [])],
    others: [...own.others, ...(share?.others ?? [])],
    limits: share?.limits ?? [],
  };
}
