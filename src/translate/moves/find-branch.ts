import { toTargetText, type ServiceTarget } from '../../annotations/service-target.ts';
import type { Service, ServicePort } from '../../model/objects.ts';
import { listSome } from '../../model/problem.ts';
import type { Finding } from '../backend/finding.ts';
import type { Translating } from '../context.ts';
import { findTarget, type MoveKey } from './find-target.ts';
import { findTargetPort, type TargetPort } from './target-port.ts';

/** A port of another Service to which traffic of a port may go. */
export interface Branch {
  readonly service: Service;
  readonly port: ServicePort;
}

export interface FoundBranch {
  readonly branch: Branch | undefined;
  /** Of the port alone: what is wrong with the Service that is named is a problem of the one that names it; see `reportMoves`. */
  readonly findings: readonly Finding[];
}

/** Where the traffic of a port goes by an annotation of its Service. */
export function findBranch(
  context: Translating,
  service: Service,
  port: ServicePort,
  to: ServiceTarget,
  key: MoveKey,
): FoundBranch {
  const target = findTarget(context, service, to, key).service;
  if (target === undefined) return { branch: undefined, findings: [] };
  const found = findTargetPort(target, to, port);
  if (found.kind === 'found') return { branch: { service: target, port: found.port }, findings: [] };
  // When none of its ports fits, that is reported with the Service that names it.
  const isPartial = service.ports.some((each) => findTargetPort(target, to, each).kind === 'found');
  const findings = isPartial ? [explainPort(service, port, to, target, found.kind)] : [];
  return { branch: undefined, findings };
}

/** Why a port leads nowhere. */
export function explainPort(
  { meta }: Service,
  { name, port, protocol }: ServicePort,
  to: ServiceTarget,
  target: Service,
  kind: Exclude<TargetPort['kind'], 'found'>,
): Finding {
  const own = `port ${name || port} of Service ${meta.ref.name}`;
  const { port: _, ...whole } = to;
  const other = toTargetText(whole);
  const ports = target.ports
    .filter((each) => each.protocol === protocol)
    .map((each) => each.name || `${each.port}`);
  const message =
    kind === 'ambiguous'
      ? `Service ${other} has several ${protocol} ports, and none has the name or number of ${own}`
      : `Service ${other} has no ${protocol} port ${to.port ?? ''}`.trimEnd() + ` for ${own}`;
  return {
    code: 'move-port-missing',
    message: `${message}; the traffic of that port stays where it is`,
    hint:
      ports.length === 0
        ? `Give it a ${protocol} port.`
        : `Write ${JSON.stringify(`${other}:${ports[0]}`)}, or another one of its ports: ${listSome(ports)}.`,
  };
}
