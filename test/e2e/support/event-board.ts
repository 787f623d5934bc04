import { execFileSync } from 'node:child_process';
import * as z from 'zod';
import type { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import type { ApiServer } from './apiserver.ts';
import { eventually } from './eventually.ts';

const eventList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), namespace: z.string() }),
      type: z.string(),
      reason: z.string(),
      note: z.string(),
      regarding: z.object({ name: z.string(), uid: z.string().optional() }),
    }),
  ),
});
const stats = z.object({ totals: z.record(z.string(), z.number()) });

export type SeenEvent = z.infer<typeof eventList>['items'][number];

/** The Events of a cluster, as anybody sees them. */
export class EventBoard {
  readonly #server: ApiServer;
  readonly #client: KubeClient;

  constructor(server: ApiServer, client: KubeClient) {
    this.#server = server;
    this.#client = client;
  }

  async read(): Promise<readonly SeenEvent[]> {
    return eventList.parse(await this.#client.getJson('/apis/events.k8s.io/v1/events')).items;
  }

  /** `Type Reason object: note`, sorted. */
  async lines(): Promise<readonly string[]> {
    const events = await this.read();
    return events
      .map(({ type, reason, note, regarding }) => `${type} ${reason} ${regarding.name}: ${note}`)
      .toSorted();
  }

  /** Resolves when exactly these are there. */
  async until(...lines: readonly string[]): Promise<void> {
    let seen: readonly string[] = [];
    const isSo = async (): Promise<boolean> => {
      seen = await this.lines();
      return JSON.stringify(seen) === JSON.stringify(lines.toSorted());
    };
    await eventually(`the Events are ${JSON.stringify(lines)}`, 15_000, isSo).catch((error: unknown) => {
      throw new Error(`${String(error)}; they are ${JSON.stringify(seen)}`, { cause: error });
    });
  }

  /** What `kubectl describe` says. */
  describe(kind: string, name: string): string {
    return this.kubectl('describe', kind, name);
  }

  kubectl(...args: readonly string[]): string {
    return execFileSync('kubectl', ['--kubeconfig', this.#server.kubeconfig, ...args], { encoding: 'utf8' });
  }

  /** How many requests of a verb, such as `create`, were sent since `forget`. */
  async count(verb: string): Promise<number> {
    const { totals } = stats.parse(await this.#server.rig('stats', {}, 'GET'));
    return totals[`${verb} events`] ?? 0;
  }

  async forget(): Promise<void> {
    await this.#server.rig('stats/reset');
  }
}
