import type { Directives } from '../../annotations/directives.ts';
import { toTargetText, type ServiceTarget } from '../../annotations/service-target.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { resolveServers } from '../backend/servers.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { explainPort } from './find-branch.ts';
import { findTarget, type MoveKey } from './find-target.ts';
import { findTargetPort, type TargetPort } from './target-port.ts';
import { toMigrateWeight } from './weight.ts';

/** Another Service that an annotation names. */
interface Named {
  readonly key: MoveKey;
  readonly to: ServiceTarget;
  /** What becomes of its share while it has no server; undefined when it has none yet. */
  readonly withoutServers: string | undefined;
}

/** What is wrong with the Services that a Service names, whether or not anything leads to it. A plan waits until all is well. */
export function reportMoves(
  context: Translating,
  service: Service,
  directives: Directives,
  report: Report,
): void {
  for (const named of listNamed(context, service, directives)) reportNamed(context, service, named, report);
  if (directives.migrate?.plan && context.folders.has(service.meta.ref.source))
    report('move-unsupported', {
      field: annotationField('fairlead.dev/migrate-plan'),
      message: 'a plan is not possible in a folder, where its state cannot be written; the weight stays 0',
      hint: 'Set fairlead.dev/migrate-weight, and change it step by step.',
    });
}

/** What Traefik can do for HTTP only, for a Service that is reached by TCP or UDP. Returns the parts that are reported. */
export function reportPortMoves(
  { failover, mirror }: Directives,
  report: Report,
): readonly ('failover' | 'mirror')[] {
  const parts = [...(failover ? (['failover'] as const) : []), ...(mirror ? (['mirror'] as const) : [])];
  for (const part of parts) {
    const key = `fairlead.dev/${part}-to`;
    report('move-unsupported', {
      field: annotationField(key),
      message: `${key} is for HTTP: Traefik cannot do so for TCP and UDP, whose traffic stays where it is`,
      hint: 'Use fairlead.dev/migrate-to for ports, which works everywhere.',
    });
  }
  return parts;
}

function listNamed(
  context: Translating,
  service: Service,
  { migrate, failover, mirror }: Directives,
): readonly Named[] {
  const named: Named[] = [];
  if (migrate !== undefined) {
    const weight = toMigrateWeight(context, service, migrate);
    const isIdle = weight === 0 && (migrate.plan === undefined || migrate.weight !== undefined);
    const withoutServers =
      weight === 100 ? 'its requests are answered 503' : 'its share stays with this Service';
    named.push({ key: 'migrate-to', to: migrate.to, withoutServers: isIdle ? undefined : withoutServers });
  }
  if (failover !== undefined)
    named.push({ key: 'failover-to', to: failover.to, withoutServers: 'it cannot stand in' });
  if (mirror !== undefined)
    named.push({ key: 'mirror-to', to: mirror.to, withoutServers: 'it gets no copies' });
  return named;
}

/** Ports times endpoints may be millions: what is wrong with the endpoints shows with the first ports. */
const mostLookedAt = 50;

function reportNamed(
  context: Translating,
  service: Service,
  { key, to, withoutServers }: Named,
  report: Report,
): void {
  const { service: target, findings } = findTarget(context, service, to, key);
  for (const { code, ...details } of findings) report(code, details);
  if (target === undefined) return;
  const field = annotationField(`fairlead.dev/${key}`);
  const ports = service.ports.filter(({ protocol }) => protocol !== 'SCTP');
  const found = ports.map((port) => ({ port, target: findTargetPort(target, to, port) }));
  const fitting = found.flatMap((each) => (each.target.kind === 'found' ? each.target.port : []));
  const [first] = found;
  if (fitting.length === 0 && first !== undefined)
    reportPort(service, to, target, { ...first, field }, report);
  if (withoutServers === undefined) return;
  const closed = fitting.slice(0, mostLookedAt).find((port) => !isOpen(context, target, port));
  if (closed !== undefined)
    reportClosed(context, target, { to, field, withoutServers, port: closed }, report);
}

interface Unfitting {
  readonly port: ServicePort;
  readonly target: TargetPort;
  readonly field: string;
}

function reportPort(
  service: Service,
  to: ServiceTarget,
  target: Service,
  { port, target: found, field }: Unfitting,
  report: Report,
): void {
  if (found.kind === 'found') return;
  const { code, ...details } = explainPort(service, port, to, target, found.kind);
  report(code, { ...details, field });
}

function isOpen(context: Translating, target: Service, port: ServicePort): boolean {
  const { directives } = readServiceAnnotations(context, target.meta);
  return (
    directives.withhold !== true && resolveServers(context, target, port, directives).addresses.length > 0
  );
}

interface Closed {
  readonly to: ServiceTarget;
  readonly field: string;
  readonly withoutServers: string | undefined;
  readonly port: ServicePort;
}

function reportClosed(
  context: Translating,
  target: Service,
  { to, field, withoutServers, port }: Closed,
  report: Report,
): void {
  const other = `Service ${toTargetText(to)}`;
  const isWithheld = readServiceAnnotations(context, target.meta).directives.withhold === true;
  report('move-target-empty', {
    field,
    message: `${other} ${isWithheld ? 'has an access limit that is not supported' : `has no endpoint that can take traffic on port ${port.name || port.port}`}; ${withoutServers}`,
    hint: isWithheld ? 'See the problems of that Service.' : 'Check its endpoints.',
  });
}
