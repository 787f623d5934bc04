import type { FailoverDirective, MigrateDirective, MirrorDirective } from '../../annotations/directives.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import type { HttpBackend, HttpLoadBalancer } from '../../routes/backend.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { joinName } from '../../traefik/names.ts';
import { knowsFailoverStatuses } from '../../traefik/versions.ts';
import type { Finding } from '../backend/finding.ts';
import { toHttpBackend, type RoutedBy } from '../backend/http-backend.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import type { FilterPart } from '../filters.ts';
import { hasServers, reportsHealth, toSplit } from './backend-tree.ts';
import { toHttpBranch, type HttpBranch } from './http-branch.ts';
import { toMigrateWeight } from './weight.ts';

/** Where HTTP requests for a port of a Service go in the end. */
export interface MovedBackend {
  readonly backend: HttpBackend;
  readonly findings: readonly Finding[];
  readonly uses: readonly AnnotationUse[];
  /** The access limits of the other Services that take part: they hold for the route as a whole. */
  readonly limits: readonly FilterPart<HttpMiddleware>[];
}

/** Who routes, and the fleets that serve it. */
export interface MovedBy extends RoutedBy {
  readonly fleets: readonly string[];
}

/** One port while its backend is put together. */
interface Moving {
  readonly context: Translating;
  readonly service: Service;
  readonly port: ServicePort;
  readonly fleets: readonly string[];
  /** Of the servers of the Service itself. */
  readonly own: HttpLoadBalancer;
}

/**
 * The backend of a port, with what its Service says of others, from the inside out: some of the traffic goes to another Service, a
 * third one answers when nothing of that does, and copies of it all go to a fourth.
 */
export function toMovedBackend(
  context: Translating,
  service: Service,
  port: ServicePort,
  routedBy: MovedBy,
): MovedBackend {
  const own = toHttpBackend(context, service, port, routedBy);
  const { migrate, failover, mirror } = readServiceAnnotations(context, service.meta).directives;
  let moved: MovedBackend = { limits: [], ...own };
  if ((migrate ?? failover ?? mirror) === undefined) return moved;
  const moving: Moving = { context, service, port, fleets: routedBy.fleets, own: own.backend };
  if (migrate) moved = addShare(moving, moved, migrate);
  if (failover) moved = addFallback(moving, moved, failover);
  if (mirror) moved = addMirror(moving, moved, mirror);
  return moved;
}

/** A name for what stands above the servers. No Ingress has a `~` in its name. */
function toKey({ own: { key } }: Moving, role: string): string {
  return joinName(...key.split('_'), `~${role}`);
}

/** @param limits Those of the branch that hold from now on. */
function add(
  { service }: Moving,
  moved: MovedBackend,
  part: 'failover' | 'migrate' | 'mirror',
  {
    backend,
    branch,
    limits = [],
  }: { backend: HttpBackend; branch: HttpBranch; limits?: MovedBackend['limits'] },
): MovedBackend {
  return {
    backend,
    findings: [...moved.findings, ...branch.findings],
    uses: [...moved.uses, ...branch.uses, ...toUses(service.meta.ref, [part])],
    limits: [...moved.limits, ...limits.filter(({ ref }) => !moved.limits.some((each) => each.ref === ref))],
  };
}

function addShare(moving: Moving, moved: MovedBackend, migrate: MigrateDirective): MovedBackend {
  const { context, service, port, own } = moving;
  const branch = toHttpBranch(context, service, port, migrate.to, 'migrate-to');
  const weight = branch.isFound ? toMigrateWeight(context, service, migrate) : 0;
  const backend = toSplit(toKey(moving, 'split'), own, branch.backend, weight);
  return add(moving, moved, 'migrate', { backend, branch, limits: weight > 0 ? branch.limits : [] });
}

/**
 * Traefik fails over by health checks, and by the status of answers. That there is no server at all it does not take for a failure, so
 * the other Service stands there by itself then.
 */
function addFallback(moving: Moving, moved: MovedBackend, failover: FailoverDirective): MovedBackend {
  const { context, service, port, fleets } = moving;
  const branch = toHttpBranch(context, service, port, failover.to, 'failover-to');
  const { backend: main } = moved;
  const { backend: fallback, limits } = branch;
  if (fallback === undefined) return add(moving, moved, 'failover', { backend: main, branch });
  if (!hasServers(main)) return add(moving, moved, 'failover', { backend: fallback, branch, limits });
  const isKnown = context.settings.fleets.every(
    ({ name, traefik }) => !fleets.includes(name) || knowsFailoverStatuses(traefik),
  );
  const findings = failover.statuses && !isKnown ? [tooOld] : [];
  const statuses = isKnown ? failover.statuses : undefined;
  if (statuses === undefined && !reportsHealth(main)) {
    const unchecked = service.hasSelector || findings.length > 0 ? [] : [explainUnchecked(moving, main)];
    const all = { ...branch, findings: [...branch.findings, ...findings, ...unchecked] };
    return add(moving, moved, 'failover', { backend: main, branch: all });
  }
  const { maxBodyBytes } = failover;
  const backend: HttpBackend = {
    kind: 'failover',
    key: toKey(moving, 'failover'),
    main,
    fallback,
    ...(statuses && { statuses }),
    ...(statuses && maxBodyBytes !== undefined && { maxBodyBytes }),
  };
  const all = { ...branch, findings: [...branch.findings, ...findings] };
  return add(moving, moved, 'failover', { backend, branch: all, limits });
}

const tooOld: Finding = {
  code: 'traefik-too-old',
  message: 'fairlead.dev/failover-status needs Traefik 3.7; responses are passed on whatever their status',
  hint: 'Update Traefik and fleets[].traefik, or remove the annotation.',
};

/** What is written by hand counts as ready whether or not it lives. */
function explainUnchecked({ service }: Moving, main: HttpBackend): Finding {
  const who = main.kind === 'weighted' ? 'both of its sides' : 'it';
  return {
    code: 'move-unsupported',
    message: `fairlead.dev/failover-to of Service ${service.meta.ref.name} takes effect only while it has no endpoint at all: Traefik does not learn that ${who === 'it' ? 'one of its machines is' : 'one of its sides is'} down`,
    hint: `Give ${who} an active health check (fairlead.dev/health-path), or add fairlead.dev/failover-status: "502-504".`,
  };
}

function addMirror(moving: Moving, moved: MovedBackend, mirror: MirrorDirective): MovedBackend {
  const { context, service, port } = moving;
  const { to, percent, maxBodyBytes } = mirror;
  const branch = toHttpBranch(context, service, port, to, 'mirror-to');
  const { backend: main } = moved;
  // Copies pass no middleware of their own, and a limit that held for the route would turn away its own clients.
  const isLimited = branch.limits.length > 0;
  const findings = isLimited ? [explainLimited(service)] : [];
  const all = { ...branch, findings: [...branch.findings, ...findings] };
  if (branch.backend === undefined || percent === 0 || isLimited)
    return add(moving, moved, 'mirror', { backend: main, branch: all });
  const mirrors = [{ backend: branch.backend, percent }];
  const backend: HttpBackend = {
    kind: 'mirroring',
    key: toKey(moving, 'mirror'),
    main,
    mirrors,
    maxBodyBytes,
  };
  return add(moving, moved, 'mirror', { backend, branch });
}

function explainLimited({ meta }: Service): Finding {
  return {
    code: 'move-unsupported',
    message: `the Service that fairlead.dev/mirror-to of Service ${meta.ref.name} names limits access, which cannot be held for copies; none are sent`,
    hint: 'Mirror to a Service without access limits.',
  };
}
