import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Listing } from '../model/listing.ts';
import type { Inspection, Published } from '../model/published.ts';
import { isAuthenticated, type ListenAddress, type Settings } from '../settings/settings.ts';
import { Access } from './admin/access.ts';
import type { Counters } from './admin/counters.ts';
import { createAdminApp } from './admin/admin-app.ts';
import type { Confirm } from './admin/confirm.ts';
import { PasswordChecks } from './admin/password-checks.ts';
import { createBearerCheck, type BearerCheck } from './bearer.ts';
import { guardRequests, type RequestGuard } from './guard-request.ts';
import type { HttpApp } from './http-app.ts';
import { startListener, type Listener } from './listener.ts';
import type { EdgeDocuments } from './provider/answer-edge.ts';
import type { EdgeReported } from './provider/answer-edge-report.ts';
import { LongPoll } from './provider/long-poll.ts';
import { createMetrics, type Metrics } from './admin/metrics.ts';
import { Pollers } from './provider/pollers.ts';
import { TraefikHealth } from './admin/traefik-health.ts';
import { createProviderApp } from './provider/provider-app.ts';

export interface HttpOptions {
  readonly settings: Pick<Settings, 'admin' | 'fleets' | 'listen' | 'provider'>;
  readonly published: Published;
  readonly inspection: Inspection;
  readonly listing: Listing;
  readonly edge: EdgeDocuments;
  readonly edgeReported: EdgeReported;
  /** Lets through what is held back of a source, or of all. */
  readonly confirm: Confirm;
  /** Of the program. */
  readonly version: string;
  /** Whether this replica is the one that allocates ports and writes. */
  readonly isLeader: () => boolean;
  /** What there is to count before; absent: nothing. */
  readonly counters?: Counters;
  readonly log: Logger;
}

const listenerNames = ['admin', 'provider'] as const;
type ListenerName = (typeof listenerNames)[number];

/** Both listeners of a running Fairlead. */
export interface RunningHttp {
  readonly provider: ListenAddress;
  readonly admin: ListenAddress;
  readonly metrics: Metrics;
  /** Takes over `admin`, `listen.hosts`, `listen.trustForwarded`, and tokens, hold time and TLS files of the provider. */
  reload(settings: HttpOptions['settings']): void;
  /**
   * `/readyz` says 503 from now on, and the admin listener is the last to go. To be called once.
   * @param deadlineMs How long answers that are under way may take.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** @throws ListenError when one of the listeners cannot be started; then none is left running. */
export async function startHttp(options: HttpOptions): Promise<RunningHttp> {
  const { settings, published, inspection, log } = options;
  const { provider } = settings;
  const longPoll = new LongPoll(published, provider.holdMs);
  const pollers = new Pollers();
  const { version, isLeader } = options;
  const metrics = createMetrics({
    version,
    published,
    inspection,
    pollers,
    isLeader,
    heldPolls: () => longPoll.held,
    ...(options.counters && { counters: options.counters }),
  });
  const health = new TraefikHealth(settings);
  const passwords = new PasswordChecks();
  let running = settings;
  let access = new Access(settings, passwords);
  const adminApp = createAdminApp({
    ...options,
    pollers,
    metrics,
    health,
    access: () => access,
    fleets: settings.fleets,
  });
  const guards = { admin: toGuard(settings, 'admin'), provider: toGuard(settings, 'provider') };
  let bearer = toBearer(provider);
  const providerApp = createProviderApp({
    published,
    edge: options.edge,
    edgeReported: options.edgeReported,
    bearer: () => bearer,
    longPoll,
    pollers,
    metrics,
    log,
  });
  const guarded = (app: HttpApp, name: ListenerName): HttpApp => ({
    ...app,
    handler: guardRequests(app.handler, () => guards[name]),
  });
  const apps = { admin: guarded(adminApp, 'admin'), provider: guarded(providerApp, 'provider') };
  const listeners = await startListeners(apps, settings, log).catch((error: unknown) => {
    metrics.close();
    adminApp.drain();
    throw error;
  });
  return {
    provider: listeners.provider.address,
    admin: listeners.admin.address,
    metrics,
    reload: (next) => {
      // The addresses stay those that were bound.
      const { provider: polled, admin } = settings.listen;
      const bound = { ...next, listen: { ...next.listen, provider: polled, admin } };
      for (const name of listenerNames) guards[name] = toGuard(bound, name);
      bearer = toBearer(next.provider);
      if (!isDeepStrictEqual(next.admin, running.admin)) adminApp.accessChanged();
      access = new Access(next, passwords);
      running = next;
      longPoll.holdMs = next.provider.holdMs;
      if (next.provider.tls !== null) listeners.provider.setTls(next.provider.tls);
    },
    stop: async (deadlineMs) => {
      adminApp.announceStop();
      await listeners.provider.stop(deadlineMs);
      await listeners.admin.stop(deadlineMs);
      metrics.close();
    },
  };
}

async function startListeners(
  apps: Readonly<Record<ListenerName, HttpApp>>,
  { listen, provider }: HttpOptions['settings'],
  log: Logger,
): Promise<Readonly<Record<ListenerName, Listener>>> {
  const admin = await startListener(apps.admin, listen.admin, { setting: 'listen.admin', log });
  const options = { setting: 'listen.provider', tls: provider.tls, log };
  try {
    return { admin, provider: await startListener(apps.provider, listen.provider, options) };
  } catch (error) {
    await admin.stop(0);
    throw error;
  }
}

/** What is authenticated may come through a proxy; else a proxy before the page would open the provider, with all keys, as well. */
function toGuard({ listen, provider }: HttpOptions['settings'], name: ListenerName): RequestGuard {
  const { hosts, trustForwarded } = listen;
  const throughProxies = trustForwarded && (name === 'admin' || isAuthenticated(provider));
  return { host: listen[name].host, hosts, throughProxies };
}

function toBearer({ tokens }: HttpOptions['settings']['provider']): BearerCheck | null {
  return tokens.length === 0 ? null : createBearerCheck(tokens);
}
