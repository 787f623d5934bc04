import * as z from 'zod';
import type { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import type { Manifest } from './apiserver.ts';
import { allocatedPlurals, gatewayPaths } from './leader-task-gateways.ts';
import { namespace } from './leader-task-objects.ts';

const services = `/api/v1/namespaces/${namespace}/services`;
const ingress = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/web`;
export const events = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
export const configMaps = '/api/v1/namespaces/fairlead-system/configmaps';
export const leases = '/apis/coordination.k8s.io/v1/namespaces/fairlead-system/leases';
export const lease = `${leases}/fairlead`;

const annotated = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
});
const statusSchema = z.object({
  status: z.object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).default([]) }) }),
});
const entries = z.array(z.unknown()).default([]);
const answered = annotated.extend({
  status: z.object({ conditions: entries, parents: entries, ancestors: entries }).prefault({}),
});
const eventList = z.object({ items: z.array(z.object({ reason: z.string() })) });
const nameList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const ledgerHead = z.object({ data: z.object({ parts: z.string() }) });
const leaseSchema = z.object({
  spec: z.object({ holderIdentity: z.string(), renewTime: z.string() }),
});

/** What Fairlead has written, as anybody sees it who looks into the cluster. */
export class LeaderTaskEffects {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async hasPort({ metadata: { name } }: Manifest): Promise<boolean> {
    const { metadata } = annotated.parse(await this.#client.getJson(`${services}/${name}`));
    return metadata.annotations['tcp.fairlead.dev/1000'] !== undefined;
  }

  async hasAddress(): Promise<boolean> {
    const { status } = statusSchema.parse(await this.#client.getJson(ingress));
    return status.loadBalancer.ingress.length > 0;
  }

  /** Whether each object of the Gateway API has a status of ours, and those with a pool port its number. */
  async hasAnswers(): Promise<boolean> {
    for (const { plural, path } of gatewayPaths) {
      const { metadata, status } = answered.parse(await this.#client.getJson(path));
      const { conditions, parents, ancestors } = status;
      if ([...conditions, ...parents, ...ancestors].length === 0) return false;
      const hasNumber = Object.keys(metadata.annotations).some((key) =>
        /^(?:tcp|udp)\.fairlead\.dev\//.test(key),
      );
      if (allocatedPlurals.includes(plural) && !hasNumber) return false;
    }
    return true;
  }

  /** Whether there is an Event about the refused request for a port. */
  async hasWarning(): Promise<boolean> {
    const { items } = eventList.parse(await this.#client.getJson(events));
    return items.some(({ reason }) => reason === 'PortRequestRefused');
  }

  async readLease(): Promise<z.infer<typeof leaseSchema>['spec']> {
    return leaseSchema.parse(await this.#client.getJson(lease)).spec;
  }

  /** Whether the ledger is in parts, and it names each of them. */
  async isTidy(): Promise<boolean> {
    const { data } = ledgerHead.parse(await this.#client.getJson(`${configMaps}/fairlead-ports`));
    const { items } = nameList.parse(await this.#client.getJson(configMaps));
    const parts = items.map((item) => item.metadata.name).filter((name) => name !== 'fairlead-ports');
    const named = data.parts.trim().split('\n');
    return parts.toSorted().join() === named.toSorted().join();
  }
}
