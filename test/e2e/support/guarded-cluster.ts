import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import { build, ofKind, root } from '../../support/built-manifests.ts';
import { startApiServer, type ApiServer, type Manifest } from './apiserver.ts';
import { Cleanup, makeTempFolder } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { gatewayDefinitions } from './gateway-definitions.ts';

/** Who the pods of `manifests/` are to the API server. */
export const user = 'system:serviceaccount:fairlead-system:fairlead';

/** One verb on one resource, as a role grants it. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** The one object that it is for; absent: `fairlead`, or all. */
  readonly name?: string;
}

const appliedKinds = [
  'Namespace',
  'ServiceAccount',
  'IngressClass',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
];

const permission = z.object({ verb: z.string(), group: z.string(), resource: z.string().default('') });
const reports = z.array(
  z.object({ denied: z.array(permission), unused: z.array(permission), allowed: z.array(permission) }),
);
const ruleSchema = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
const roleSchema = z.looseObject({ rules: z.array(ruleSchema) });
const review = z.object({ status: z.object({ allowed: z.boolean() }) });

/** What the API server says of the requests of Fairlead. */
export type AccessReport = z.infer<typeof reports>[number];

function readManifests(...kinds: readonly string[]): readonly Manifest[] {
  // Both are what YAML says; that this one has optional fields is all the difference.
  return ofKind(build(join(root, 'manifests')), ...kinds) as readonly unknown[] as readonly Manifest[];
}

/** The roles that `manifests/` binds to the account. @throws Error without `kubectl`. */
export function readRoles(): readonly Manifest[] {
  return readManifests('Role', 'ClusterRole');
}

/** What the roles grant, each once; of rules that are for several resources on the first `most` of them. */
export function toPermissions(roles: readonly Manifest[], most = Infinity): readonly Permission[] {
  const all = roles.flatMap((role) =>
    roleSchema
      .parse(role)
      .rules.flatMap(({ apiGroups, resources, resourceNames: [name] = [], verbs }) =>
        apiGroups.flatMap((group) =>
          resources
            .slice(0, most)
            .flatMap((resource) =>
              verbs.map((verb) => ({ verb, group, resource, ...(name !== undefined && { name }) })),
            ),
        ),
      ),
  );
  return [...new Map(all.map((each) => [toText(each), each])).values()];
}

/** `verb group/resource`. */
export function toText({ verb, group, resource }: Permission): string {
  return `${verb} ${group === '' ? '' : `${group}/`}${resource}`;
}

/** An API server that carries out roles, with the account and the roles of `manifests/` in it. */
export interface GuardedCluster {
  readonly server: ApiServer;
  /** As administrator. */
  readonly client: KubeClient;
  /** With nothing but a token of the ServiceAccount. */
  readonly kubeconfig: string;
  /** Since the last `forget`. */
  access(): Promise<AccessReport>;
  forget(): Promise<void>;
  /** Whether a role grants it to the account. */
  may(permission: Permission): Promise<boolean>;
  /** Does `work` while no role grants the permission. */
  without(permission: Permission, work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it; objects of kinds that the server does not have are left out. */
export async function startGuardedCluster(program: string): Promise<GuardedCluster> {
  const cleanup = new Cleanup();
  const server = cleanup.keep(await startApiServer(program, { flags: ['--rbac'] }));
  const client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
  cleanup.add(() => client.close());
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const kubeconfig = join(folder.path, 'kubeconfig');
  const token = 'token-of-the-account';
  writeFileSync(kubeconfig, readFileSync(server.kubeconfig, 'utf8').replaceAll('rig-admin-token', token));
  await server.rig('token', { user, token });
  await server.apply(...gatewayDefinitions, ...readManifests(...appliedKinds));
  const roles = readRoles();
  const forget = async (): Promise<void> => {
    await server.rig('access/reset');
  };
  return {
    server,
    client,
    kubeconfig,
    async access() {
      const [report] = reports.parse(await server.rig('access', { user }, 'GET'));
      return report ?? { denied: [], unused: [], allowed: [] };
    },
    forget,
    may: (asked) => mayDo(client, asked),
    async without(removed, work) {
      await server.apply(...roles.map((role) => withoutPermission(role, removed)));
      await eventually(`no ${toText(removed)}`, 5_000, async () => !(await mayDo(client, removed)));
      await forget();
      try {
        await work();
      } finally {
        await server.apply(...roles);
        await eventually(`${toText(removed)} again`, 5_000, () => mayDo(client, removed));
      }
    },
    stop: () => cleanup.run(),
  };
}

function withoutPermission(role: Manifest, { verb, group, resource }: Permission): Manifest {
  const rules = roleSchema.parse(role).rules.flatMap((rule) => {
    if (!rule.apiGroups.includes(group) || !rule.resources.includes(resource)) return [rule];
    const others = rule.resources.filter((each) => each !== resource);
    return [
      { ...rule, resources: others },
      { ...rule, resources: [resource], verbs: rule.verbs.filter((each) => each !== verb) },
    ];
  });
  return { ...role, rules: rules.filter(({ resources, verbs }) => resources.length > 0 && verbs.length > 0) };
}

async function mayDo(
  client: KubeClient,
  { verb, group, resource: full, name = 'fairlead' }: Permission,
): Promise<boolean> {
  const [resource, subresource = ''] = full.split('/');
  // The one namespace, and where it names none the one name, that every rule covers.
  const where = { namespace: 'fairlead-system', name };
  const resourceAttributes = { verb, group, resource, subresource, ...where };
  const answer = await client.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes },
  });
  return review.parse(answer).status.allowed;
}
