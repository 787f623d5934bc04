import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { findKubectl } from '../support/built-manifests.ts';
import { findApiServer, type Manifest } from './support/apiserver.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { runFairlead, startFairlead, type Fairlead } from './support/fairlead.ts';
import { toGateway, toRoute, toRule } from './support/gateway.ts';
import { readRoles, startGuardedCluster, type GuardedCluster } from './support/guarded-cluster.ts';
import { config } from './support/leader-task-objects.ts';

const skipped = 'kinds that a role does not let Fairlead read';
const program = findApiServer(skipped);
const hasKubectl = findKubectl(skipped);
const group = 'gateway.networking.k8s.io';

const roleSchema = z.looseObject({ rules: z.array(z.looseObject({ apiGroups: z.array(z.string()) })) });
const routersSchema = z.object({
  http: z.object({ routers: z.record(z.string(), z.unknown()).default({}) }).default({ routers: {} }),
});
const problemsSchema = z.array(z.object({ code: z.string(), object: z.string(), message: z.string() }));
const portsSchema = z.object({ ports: z.array(z.object({ holder: z.string(), state: z.string() })) });
const classSchema = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});
const routeSchema = z.object({ status: z.object({ parents: z.array(z.unknown()) }) });

const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { clusterIP: 'None', ports: [{ port: 80 }] },
};
const ingress: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    ingressClassName: 'fairlead',
    rules: [{ host: 'ingress.test' }],
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
  },
};
const [gatewayClass, gateway] = toGateway([
  { name: 'http', port: 80, protocol: 'HTTP' },
  { name: 'mysql', port: 1, protocol: 'TCP' },
]) as readonly Manifest[];
const annotations = { 'fairlead.dev/allocate-port': 'mysql' };
const gatewayObjects = [
  gatewayClass,
  { ...gateway, metadata: { ...gateway?.metadata, annotations } },
  toRoute('web', [toRule('/', [], 'web')], { hostnames: ['gateway.test'] }),
] as readonly Manifest[];

/** Roles from before the Gateway API was read. */
function withoutGatewayApi(role: Manifest): Manifest {
  const rules = roleSchema.parse(role).rules.filter(({ apiGroups }) => !apiGroups.includes(group));
  return { ...role, rules };
}

const readRouters = async ({ providerUrl }: Fairlead): Promise<string> =>
  Object.keys(routersSchema.parse(await (await fetch(`${providerUrl}/traefik`)).json()).http.routers).join();
const readAdmin = async ({ adminUrl }: Fairlead, path: string): Promise<unknown> =>
  (await fetch(`${adminUrl}/api/${path}`)).json();
const readHolders = async (of: Fairlead): Promise<readonly string[]> =>
  portsSchema.parse(await readAdmin(of, 'ports')).ports.map(({ holder, state }) => `${holder} ${state}`);
const readUnreadable = async (of: Fairlead): Promise<string> =>
  problemsSchema
    .parse(await readAdmin(of, 'problems'))
    .filter(({ code, object }) => code === 'source-unreadable' && object === 'Source/cluster')
    .map(({ message }) => message)
    .join('\n');

describe.skipIf(program === undefined || !hasKubectl)(
  'a cluster with kinds that a role does not let read',
  () => {
    const cleanup = new Cleanup();
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    let cluster: GuardedCluster;
    let fairlead: Fairlead | undefined;

    async function start(): Promise<Fairlead> {
      await fairlead?.stop();
      fairlead = await startFairlead({
        cwd: folder.path,
        config: { ...config(cluster.kubeconfig), lastKnownGood: './kept' },
      });
      return fairlead;
    }

    const mayRead = async (): Promise<boolean> => {
      const held = await Promise.all(
        ['gatewayclasses', 'httproutes'].map((resource) => cluster.may({ verb: 'list', group, resource })),
      );
      return held.every(Boolean);
    };
    const readParents = async (): Promise<number> => {
      const path = `/apis/${group}/v1/namespaces/shop/httproutes/web`;
      const found = routeSchema.safeParse(await cluster.client.getJson(path));
      return found.success ? found.data.status.parents.length : 0;
    };

    beforeAll(async () => {
      cluster = cleanup.keep(await startGuardedCluster(program ?? ''));
      await cluster.server.apply(service, ingress, ...gatewayObjects);
    });

    afterAll(async () => {
      await fairlead?.stop();
      await cleanup.run();
    });

    it('is served with the rights', async () => {
      const first = await start();
      await eventually('the route is answered', 20_000, async () => (await readParents()) === 1);
      expect(await readRouters(first)).toMatch(/ingress.*gateway|gateway.*ingress/);
      expect(await readHolders(first)).toEqual(['Gateway/shop/edge held']);
      expect(await readUnreadable(first)).toBe('');
    });

    it('says whether the release of the Gateway API is known, and follows it', async () => {
      const path = `/apis/${group}/v1/gatewayclasses/fairlead`;
      const readVersion = async (): Promise<string | undefined> => {
        const { conditions } = classSchema.parse(await cluster.client.getJson(path)).status;
        return conditions.find(({ type }) => type === 'SupportedVersion')?.status;
      };
      await eventually('it has none', 20_000, async () => (await readVersion()) === 'False');
      const version = { [`${group}/bundle-version`]: 'v1.6.1' };
      await cluster.client.patch(
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gatewayclasses.${group}`,
        { metadata: { annotations: version } },
      );
      await eventually('it is known', 20_000, async () => (await readVersion()) === 'True');
    });

    it('is served as it was last known after a start without them, and says what is missing', async () => {
      await cluster.server.apply(...readRoles().map(withoutGatewayApi));
      await eventually('the roles hold', 20_000, async () => !(await mayRead()));
      const second = await start();
      expect(await readRouters(second)).toContain('gateway');
      expect(await readHolders(second)).toEqual(['Gateway/shop/edge held']);
      const message = await readUnreadable(second);
      for (const plural of ['gatewayclasses', 'gateways', 'httproutes'])
        expect(message).toContain(`The role lacks the verb list on ${plural}.${group}`);
      expect(await readParents()).toBe(1);
    });

    it('starts without anything known of them, serves the rest, and takes neither ports nor status away', async () => {
      await fairlead?.stop();
      rmSync(join(folder.path, 'kept'), { recursive: true });
      const third = await start();
      const routers = await readRouters(third);
      expect(routers).toContain('ingress');
      expect(routers).not.toContain('gateway');
      expect(await readUnreadable(third)).toContain(`httproutes.${group}`);
      const metrics = await (await fetch(`${third.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(/fairlead_problems\{[^}]*code="source-unreadable"[^}]*\} [1-9]/);
      const { stdout } = await runFairlead(['doctor', ...third.configArgs, '--output', 'json']);
      expect(stdout).toContain(`The role lacks list on httproutes.${group}`);
      // Longer than the leader takes to look at everything once.
      await cluster.server.apply({ ...service, metadata: { ...service.metadata, name: 'other' } });
      await eventually('it leads', 20_000, () => third.logs().includes('leading'));
      expect(await readHolders(third)).toEqual(['Gateway/shop/edge held']);
      expect(await readParents()).toBe(1);
    });

    it('serves them once they may be read', async () => {
      await cluster.server.apply(...readRoles());
      await eventually('the roles hold', 20_000, mayRead);
      const last = await start();
      expect(await readRouters(last)).toContain('gateway');
      expect(await readUnreadable(last)).toBe('');
      expect(await readHolders(last)).toEqual(['Gateway/shop/edge held']);
    });
  },
);
