import { pino, type Logger } from 'pino';
import { expect } from 'vitest';
import { ControlPlane } from '../../../src/control-plane/control-plane.ts';
import type { Service } from '../../../src/model/objects.ts';
import type { createMemoryLedger } from '../../../src/ports/ledger/memory.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import type { Source, SourceListener } from '../../../src/source/source.ts';

/** A Service of a source that asks for a port of the pool. */
export function toDatabase(source: string, name = 'db'): Service {
  return {
    kind: 'Service',
    meta: {
      ref: { source, kind: 'Service', namespace: 'n', name },
      annotations: { 'fairlead.dev/expose': 'true' },
    },
    type: 'ClusterIP',
    headless: false,
    hasSelector: true,
    ports: [{ name: 'mysql', port: 3306, protocol: 'TCP' }],
  };
}

/** A control plane with one source that says what it is reported to, and a leadership that begins when it is reported to. */
export async function startPlane(
  settings: Settings,
  ledger: ReturnType<typeof createMemoryLedger>,
  { log = pino({ level: 'silent' }), leads = true }: { readonly log?: Logger; readonly leads?: boolean } = {},
) {
  const name = settings.sources[0]?.name ?? '';
  const listeners: SourceListener[] = [];
  const leading: ((leads: boolean) => void)[] = [];
  const source: Source = {
    name,
    start: (listener) => void listeners.push(listener),
    stop: () => Promise.resolve(),
    locate: () => Promise.resolve(undefined),
  };
  const leader = {
    isLeader: leads,
    onChange: (changed: (leads: boolean) => void) => {
      leading.push(changed);
      return () => undefined;
    },
    start: () => undefined,
    stop: () => Promise.resolve(),
  };
  const writeBack = {
    problems: [],
    onProblems: () => undefined,
    lead: () => undefined,
    update: () => undefined,
    stop: () => Promise.resolve(),
  };
  const plane = new ControlPlane({
    settings,
    sources: [source],
    ledger,
    log,
    cluster: { leader, writeBack },
  });
  await plane.start();
  const deliverPart = (...services: readonly Service[]): void => {
    for (const listener of listeners) listener.changed(services.map((object) => ({ kind: 'set', object })));
  };
  return {
    plane,
    /** More is to come. */
    deliverPart,
    /** All that there is. */
    deliver: (...services: readonly Service[]) => {
      deliverPart(...services);
      for (const listener of listeners) listener.state({ kind: 'synced' });
    },
    lead: () => {
      leader.isLeader = true;
      for (const changed of leading) changed(true);
    },
  };
}

export async function waitUntilReady({ published }: ControlPlane): Promise<void> {
  await expect.poll(() => published.readiness().kind).toBe('ready');
}
