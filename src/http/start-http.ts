import type { Logger } from 'pino';
import type { Inspection, Published } from '../model/published.ts';
import { isAuthenticated, type ListenAddress, type Settings } from '../settings/settings.ts';
import { createAdminApp } from './admin/admin-app.ts';
import { createBearerCheck, type BearerCheck } from './bearer.ts';
import { guardRequests, type RequestGuard } from './guard-request.ts';
import type { HttpApp } from './http-app.ts';
import { startListener, type Listener, type ListenOptions } from './listener.ts';
import { LongPoll } from './provider/long-poll.ts';
import { createMetrics, type Metrics } from './admin/metrics.ts';
import { Pollers } from './provider/pollers.ts';
import { createProviderApp } from './provider/provider-app.ts';

export interface HttpOptions {
  readonly settings: Pick<Settings, 'listen' | 'provider'>;
  readonly published: Published;
  readonly inspection: Inspection;
  readonly log: Logger;
}

/** Both listeners of a running Fairlead. */
export interface RunningHttp {
  readonly provider: ListenAddress;
  readonly admin: ListenAddress;
  readonly metrics: Metrics;
  /** Takes over `listen.hosts`, `listen.trustForwarded`, and tokens, hold time and TLS files of the provider. */
  reload(settings: HttpOptions['settings']): void;
  /**
   * `/readyz` says 503 from now on, and the admin listener is the last to go. To be called once.
   * @param deadlineMs How long answers that are under way may take.
   */
  stop(deadlineMs: number): Promise<void>;
}

/** @throws ListenError when one of the listeners cannot be started; then none is left running. */
export async function startHttp({ settings, published, inspection, log }: HttpOptions): Promise<RunningHttp> {
  const { listen, provider } = settings;
  const longPoll = new LongPoll(published, provider.holdMs);
  const pollers = new Pollers();
  const metrics = createMetrics({ published, inspection, heldPolls: () => longPoll.held });
  const adminApp = createAdminApp({ published, inspection, pollers, metrics, log });
  const guards = { admin: toGuard(settings, 'admin'), provider: toGuard(settings, 'provider') };
  let bearer = toBearer(provider);
  const providerApp = createProviderApp({ published, bearer: () => bearer, longPoll, pollers, metrics, log });
  const start = (
    app: HttpApp,
    name: 'admin' | 'provider',
    options: Omit<ListenOptions, 'log' | 'setting'> = {},
  ): Promise<Listener> => {
    const handler = guardRequests(app.handler, () => guards[name]);
    const setting = `listen.${name}`;
    return startListener({ ...app, handler }, listen[name], { ...options, setting, log }).catch(
      (error: unknown) => {
        metrics.close();
        throw error;
      },
    );
  };
  const adminListener = await start(adminApp, 'admin');
  const providerListener = await start(providerApp, 'provider', { tls: provider.tls }).catch(
    async (error: unknown) => {
      await adminListener.stop(0);
      throw error;
    },
  );
  return {
    provider: providerListener.address,
    admin: adminListener.address,
    metrics,
    reload: (next) => {
      // The addresses stay those that were bound.
      for (const name of ['admin', 'provider'] as const)
        guards[name] = toGuard(
          { ...next, listen: { ...next.listen, provider: listen.provider, admin: listen.admin } },
          name,
        );
      bearer = toBearer(next.provider);
      longPoll.holdMs = next.provider.holdMs;
      if (next.provider.tls !== null) providerListener.setTls(next.provider.tls);
    },
    stop: async (deadlineMs) => {
      adminApp.announceStop();
      await providerListener.stop(deadlineMs);
      await adminListener.stop(deadlineMs);
      metrics.close();
    },
  };
}

/** What is authenticated may come through a proxy; else a proxy before the page would open the provider, with all keys, as well. */
function toGuard({ listen, provider }: HttpOptions['settings'], name: 'admin' | 'provider'): RequestGuard {
  const { hosts, trustForwarded } = listen;
  const throughProxies = trustForwarded && (name === 'admin' || isAuthenticated(provider));
  return { host: listen[name].host, hosts, throughProxies };
}

function toBearer({ tokens }: HttpOptions['settings']['provider']): BearerCheck | null {
  return tokens.length === 0 ? null : createBearerCheck(tokens);
}
