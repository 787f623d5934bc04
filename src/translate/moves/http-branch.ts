import type { ServiceTarget } from '../../annotations/service-target.ts';
import { isProtective } from '../../annotations/directives.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import type { HttpLoadBalancer } from '../../routes/backend.ts';
import type { AnnotationUse } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import type { Finding } from '../backend/finding.ts';
import { toHttpBackend } from '../backend/http-backend.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import type { FilterPart } from '../filters.ts';
import { findBranch } from './find-branch.ts';
import type { MoveKey } from './find-target.ts';

/** Another Service as a branch of a backend: as its own annotations shape it, whatever is said of the one before it. */
export interface HttpBranch {
  /** Whether there is a port to which traffic may go. */
  readonly isFound: boolean;
  /** Undefined: there is no such port, nothing may go there, or it has no server. */
  readonly backend: HttpLoadBalancer | undefined;
  readonly findings: readonly Finding[];
  readonly uses: readonly AnnotationUse[];
  /** What limits access to it; empty for none. */
  readonly limits: readonly FilterPart<HttpMiddleware>[];
}

const nowhere: HttpBranch = { isFound: false, backend: undefined, findings: [], uses: [], limits: [] };

/** The branch that an annotation names for a port of a Service. */
export function toHttpBranch(
  context: Translating,
  service: Service,
  port: ServicePort,
  to: ServiceTarget,
  key: MoveKey,
): HttpBranch {
  const { branch, findings } = findBranch(context, service, port, to, key);
  if (branch === undefined) return { ...nowhere, findings };
  const { meta } = branch.service;
  const reading = readServiceAnnotations(context, meta);
  const result = toHttpBackend(context, branch.service, branch.port, { ref: meta.ref, reading });
  const isOpen = reading.directives.withhold !== true && result.backend.servers.length > 0;
  const directives = (reading.directives.middlewares ?? []).filter(isProtective);
  return {
    isFound: true,
    backend: isOpen ? result.backend : undefined,
    // That it has no servers is reported with the Service that names it.
    findings: [],
    uses: result.uses,
    limits: directives.length > 0 ? [{ ref: meta.ref, directives }] : [],
  };
}
