import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findKubectl } from '../support/built-manifests.ts';
import { findApiServer } from './support/apiserver.ts';
import { LeaderTasks } from './support/cluster-duties.ts';
import { startGuardedCluster, readRoles, toPermissions, toText } from './support/guarded-cluster.ts';
import type { GuardedCluster, Permission } from './support/guarded-cluster.ts';

const skipped = 'the roles of manifests/';
const program = findApiServer(skipped);
const hasKubectl = findKubectl(skipped);
const permissions = hasKubectl ? toPermissions(readRoles()) : [];
const toTexts = (list: readonly Permission[]): readonly string[] => [...new Set(list.map(toText))].toSorted();

describe.skipIf(program === undefined || !hasKubectl)('the roles of manifests/', () => {
  let cluster: GuardedCluster;
  let duties: LeaderTasks;

  beforeAll(async () => {
    cluster = await startGuardedCluster(program ?? '');
  });

  afterAll(() => cluster.stop());

  beforeEach(async () => {
    duties = new LeaderTasks(cluster);
    await duties.prepare();
  });

  afterEach(() => duties.stop());

  it('are enough for everything that Fairlead does, and nothing is left over', async () => {
    await cluster.forget();
    await duties.doAll();
    await duties.handOver();
    const { denied, unused, allowed } = await cluster.access();
    console.log(`denied: ${JSON.stringify(toTexts(denied))}, unused: ${JSON.stringify(toTexts(unused))}`);
    expect({ denied: toTexts(denied), unused: toTexts(unused) }).toEqual({ denied: [], unused: [] });
    expect(toTexts(allowed)).toEqual(toTexts(permissions));
  });

  it.each(permissions.map((each) => [toText(each), each] as const))(
    'do not do without: %s',
    async (text, permission) => {
      await cluster.without(permission, async () => {
        await expect(duties.doAll()).rejects.toThrow(`: denied: ${text}.`);
      });
    },
  );
});
