import type { ApiServer, Manifest } from '../../../support/api-server.ts';
import { eventually } from '../eventually.ts';
import type { ArmOptions, Arms, Dialect } from './arms.ts';
import { toBackend } from './objects.ts';

const namespace = 'differential-marker';
const settledMs = 300;
const pauseMs = 50;

/** Loads and removes objects, and waits until both arms have taken in what there is. */
export class ClusterObjects {
  readonly #api: ApiServer;
  readonly #dialect: Dialect;
  #count = 0;

  constructor(api: ApiServer, dialect: Dialect) {
    this.#api = api;
    this.#dialect = dialect;
  }

  /** Writes the objects; returns those that the server refused, with its words. */
  async load(objects: readonly Manifest[]): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const object of objects) {
      try {
        await this.#api.apply(object);
      } catch (error) {
        const { kind, metadata } = object;
        refused.push(`${kind} ${metadata.namespace ?? ''}/${metadata.name}: ${String(error)}`);
      }
    }
    return refused;
  }

  async remove(objects: readonly Manifest[]): Promise<void> {
    for (const object of objects) await this.#api.delete(object).catch(() => undefined);
  }

  /**
   * Changes an Ingress of its own, waits until both have that, and then until what they run on has not changed for a moment: the
   * kinds come by watches of their own, in no order.
   */
  async settle({ reference, fairlead }: Arms, options: ArmOptions = {}): Promise<void> {
    this.#count += 1;
    const host = `marker-${this.#count}.test`;
    const usual = this.#dialect === 'traefik' ? 'traefik' : 'nginx';
    const given = options.provider?.['ingressClass'];
    await this.#api.apply(...toMarker(typeof given === 'string' ? given : usual, host));
    const arms = [reference.traefik, fairlead.traefik];
    for (const traefik of arms)
      await traefik.waitFor((data) => JSON.stringify(data.routers).includes(host), 30_000);
    let last = '';
    let since = performance.now();
    await eventually('both arms are settled', 60_000, async () => {
      const states = await Promise.all(arms.map(async (traefik) => toText(await traefik.rawdata())));
      const now = states.join('\n');
      if (now !== last) since = performance.now();
      last = now;
      return performance.now() - since > settledMs;
    });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Without what health checks change all the time. */
function toText(data: object): string {
  return JSON.stringify(data, (key, value: unknown) => (key === 'serverStatus' ? undefined : value));
}

/** The Ingress with its Service, which is served by both. */
function toMarker(ingressClass: string, host: string): readonly Manifest[] {
  const name = 'marker';
  const backend = { service: { name, port: { number: 80 } } };
  return [
    ...toBackend(namespace, name, ['10.209.0.1']),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace, annotations: { 'kubernetes.io/ingress.class': ingressClass } },
      spec: { rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    },
  ];
}
