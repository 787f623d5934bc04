import type { CheckRow } from '../model/published.ts';
import type { AnyService } from './branch-rows.ts';

type LoadBalancer = Extract<AnyService, { loadBalancer: unknown }>['loadBalancer'];
type ActiveCheck = NonNullable<Extract<LoadBalancer, { healthCheck?: unknown }>['healthCheck']>;
type PassiveCheck = NonNullable<
  Extract<LoadBalancer, { passiveHealthCheck?: unknown }>['passiveHealthCheck']
>;

/** What Traefik has where nothing is said (its reference, "Health Check" of HTTP and TCP services). */
const standard = { interval: '30s', timeout: '5s', failureWindow: '10s', maxFailedAttempts: 1 };

/** The checks of those of the services that have any. */
export function toCheckRows(
  services: ReadonlyMap<string, AnyService>,
  names: Iterable<string>,
): readonly CheckRow[] {
  return [...new Set(names)].flatMap((name) => {
    const service = services.get(name);
    if (service === undefined || !('loadBalancer' in service)) return [];
    const balancer = service.loadBalancer;
    const active = 'healthCheck' in balancer ? balancer.healthCheck : undefined;
    const passive = 'passiveHealthCheck' in balancer ? balancer.passiveHealthCheck : undefined;
    if (active === undefined && passive === undefined) return [];
    return [
      {
        service: name,
        ...(active && { active: describeActive(active) }),
        ...(passive && { passive: describePassive(passive) }),
      },
    ];
  });
}

function describeActive(check: ActiveCheck): string {
  const { port, interval = standard.interval, unhealthyInterval, timeout = standard.timeout } = check;
  const words = [
    describeQuestion(check),
    ...(port === undefined ? [] : [`on port ${port}`]),
    `every ${interval}`,
    ...(unhealthyInterval === undefined ? [] : [`(${unhealthyInterval} while down)`]),
  ];
  return `${words.join(' ')}, time-out ${timeout}`;
}

function describeQuestion(check: ActiveCheck): string {
  if (!('path' in check)) return describeTcp(check);
  if (check.mode === 'grpc') return 'gRPC health service';
  const status = check.status === undefined ? '' : ` for status ${check.status}`;
  return `${check.method ?? 'GET'} ${shorten(check.path)}${status}`;
}

function describeTcp({ send, expect }: Exclude<ActiveCheck, { path: string }>): string {
  const words = [
    ...(send === undefined ? [] : [`sends ${shorten(JSON.stringify(send))}`]),
    ...(expect === undefined ? [] : [`expects ${shorten(JSON.stringify(expect))}`]),
  ];
  return words.join(', ') || 'a connection';
}

function describePassive(check: PassiveCheck): string {
  const { maxFailedAttempts = standard.maxFailedAttempts, failureWindow = standard.failureWindow } = check;
  return `out after ${maxFailedAttempts} failed ${maxFailedAttempts === 1 ? 'request' : 'requests'} in ${failureWindow}`;
}

/** A path may be a thousand characters long. */
function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
