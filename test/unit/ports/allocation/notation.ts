import { isPort, type PoolProtocol, type Port, type PortRange } from '../../../../src/model/port.ts';
import {
  defaultPool,
  type LedgerEntry,
  type LedgerState,
  type PortClaim,
} from '../../../../src/model/ports.ts';
import { allocatePorts, type Allocation } from '../../../../src/ports/allocation/allocate.ts';
import type { FleetPools } from '../../../../src/ports/allocation/pool.ts';
import type { PortPool } from '../../../../src/settings/port-pool.ts';

/** The time of every allocation here: minute 60. Entries are held or cooling since a minute. */
export const now = Date.parse('2026-01-01T01:00:00Z');
export const cooldownMs = 600_000;

export function toPort(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is not a port`);
  return value;
}

export function toRange(text: string): PortRange {
  const [from, to] = text.split('-');
  return { from: toPort(Number(from)), to: toPort(Number(to)) };
}

export interface PoolNotation {
  readonly tcp?: string;
  readonly udp?: string;
  readonly requestable?: string;
  readonly maxPerNamespace?: number;
  readonly cooldownMs?: number;
  readonly namespaces?: readonly string[];
  readonly bank?: number;
  readonly spare?: number;
  readonly bankGraceMs?: number;
  readonly shrink?: boolean;
}

/** A pool as the settings have it. */
export function toPool(notation: PoolNotation, name: string = defaultPool): PortPool {
  const { tcp, udp, requestable } = notation;
  return {
    name,
    ranges: {
      ...(tcp !== undefined && { tcp: { range: toRange(tcp), entryPoint: 'tcp-{port}' } }),
      ...(udp !== undefined && { udp: { range: toRange(udp), entryPoint: 'udp-{port}' } }),
    },
    requestable: requestable === undefined ? null : toRange(requestable),
    cooldownMs: notation.cooldownMs ?? cooldownMs,
    maxPerNamespace: notation.maxPerNamespace ?? null,
    namespaces: notation.namespaces ?? [],
    labels: {},
    bank: notation.bank ?? null,
    spare: notation.spare ?? 10,
    bankGraceMs: notation.bankGraceMs ?? 3_600_000,
    shrink: notation.shrink ?? false,
  };
}

export function toFleet(notation: PoolNotation, name = 'default'): FleetPools {
  return { name, pools: [toPool(notation)] };
}

function toProtocols(text: string | undefined): readonly PoolProtocol[] {
  return (text ?? '').split('+').map((protocol) => (protocol === 'udp' ? 'udp' : 'tcp'));
}

/** `a:80 tcp+udp 105`: port 80 of Service `a` on both protocols, asking for 105; `a:80/a-0 tcp`: that of one endpoint. Of two Services the one first in the alphabet is older. */
export function toClaim(text: string): PortClaim {
  const [service, protocols, requested] = text.split(' ');
  const [name, target = ''] = (service ?? '').split(':');
  const [port, endpoint] = target.split('/');
  return {
    fleet: 'default',
    pools: [defaultPool],
    holder: { source: 'vms', kind: 'Service', namespace: 'ns', name: name ?? '' },
    ...(endpoint !== undefined && { part: { kind: 'endpoint', name: endpoint } }),
    servicePort: Number(port),
    protocols: toProtocols(protocols),
    ...(requested !== undefined && { requested: toPort(Number(requested)) }),
    field: 'metadata.annotations[fairlead.dev/expose]',
  };
}

/** `100 tcp+udp a:80 held@10`: held since minute 10; `100 tcp a:80 cooling@55`: given back in minute 55. */
export function toEntry(text: string): LedgerEntry {
  const [port, protocols, service, state] = text.split(' ');
  const { fleet, holder, part, servicePort } = toClaim(`${service} tcp`);
  const [kind, minute] = (state ?? '').split('@');
  const at = new Date(now - (60 - Number(minute)) * 60_000).toISOString();
  const identity = { fleet, pool: defaultPool, holder, ...(part && { part }), servicePort };
  const base = { ...identity, port: toPort(Number(port)), protocols: toProtocols(protocols) };
  return kind === 'held' ? { ...base, state: 'held', since: at } : { ...base, state: 'cooling', freed: at };
}

export function fromEntry(entry: LedgerEntry): string {
  const at = Date.parse(entry.state === 'held' ? entry.since : entry.freed);
  const state = `${entry.state}@${60 + (at - now) / 60_000}`;
  const target = `${entry.servicePort}${entry.part === undefined ? '' : `/${entry.part.name}`}`;
  return `${entry.port} ${entry.protocols.join('+')} ${entry.holder.name}:${target} ${state}`;
}

export function toState(entries: readonly string[]): LedgerState {
  return { entries: entries.map(toEntry) };
}

export interface Situation {
  readonly pool: PoolNotation;
  readonly before?: readonly string[];
  readonly claims: readonly string[];
  /** The names of the Services whose source is not synced. */
  readonly keep?: readonly string[];
}

export function allocate({ pool, before = [], claims, keep = [] }: Situation): Allocation {
  return allocatePorts({
    claims: claims.map(toClaim),
    ledger: toState(before),
    fleets: [toFleet(pool)],
    now,
    keep: (holder) => keep.includes(holder.name),
  });
}
