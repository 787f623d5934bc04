import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findKubectl } from '../support/built-manifests.ts';
import { findApiServer } from './support/apiserver.ts';
import { LeaderTasks } from './support/leader-tasks.ts';
import { startGuardedCluster, readRoles, toPermissions, toText } from './support/guarded-cluster.ts';
import type { GuardedCluster, Permission } from './support/guarded-cluster.ts';

const skipped = 'the roles of manifests/';
const program = findApiServer(skipped);
const hasKubectl = findKubectl(skipped);
const permissions = hasKubectl ? toPermissions(readRoles()) : [];
/** Of rules that are for several resources one of each: that all of them are used is another test. */
const examples = hasKubectl ? toPermissions(readRoles(), 1) : [];
const toTexts = (list: readonly Permission[]): readonly string[] => [...new Set(list.map(toText))].toSorted();

describe.skipIf(program === undefined || !hasKubectl)('the roles of manifests/', () => {
  let cluster: GuardedCluster;
  let tasks: LeaderTasks;

  beforeAll(async () => {
    cluster = await startGuardedCluster(program ?? '');
  });

  afterAll(() => cluster.stop());

  beforeEach(async () => {
    tasks = new LeaderTasks(cluster);
    await tasks.prepare();
  });

  afterEach(() => tasks.stop());

  it('are enough for everything that Fairlead does, and nothing is left over', async () => {
    await cluster.forget();
    await tasks.doAll();
    await tasks.handOver();
    const { denied, unused, allowed } = await cluster.access();
    console.log(`denied: ${JSON.stringify(toTexts(denied))}, unused: ${JSON.stringify(toTexts(unused))}`);
    expect({ denied: toTexts(denied), unused: toTexts(unused) }).toEqual({ denied: [], unused: [] });
    // What a server has, everybody may ask.
    expect(toTexts(allowed.filter(({ resource }) => resource !== ''))).toEqual(toTexts(permissions));
  });

  it.each(examples.map((each) => [toText(each), each] as const))(
    'do not do without: %s',
    async (text, permission) => {
      await cluster.without(permission, async () => {
        await expect(tasks.doAll()).rejects.toThrow(`: denied: ${text}.`);
      });
    },
  );
});
