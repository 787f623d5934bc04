import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApiServer, startApiServer } from '../apiserver.ts';
import { Cleanup } from '../cleanup.ts';
import { everywhereEcho } from '../everywhere-echo.ts';
import { requirePrivateNetwork } from '../local-address.ts';
import { startArms, type ArmOptions, type Arms, type Dialect } from './arms.ts';
import { readCases, type Case } from './cases.ts';
import { ClusterObjects } from './cluster-objects.ts';
import { toAspects } from './compare.ts';
import { findDeclared, readDeclared } from './declared.ts';
import { listHostLines, listPorts } from './objects.ts';
import { runProbes, type Outcome } from './run-probes.ts';
import { appendFileSync } from 'node:fs';

const classes: Readonly<Record<Dialect, readonly [string, string]>> = {
  traefik: ['traefik', 'traefik.io/ingress-controller'],
  'ingress-nginx': ['nginx', 'k8s.io/ingress-nginx'],
};

/** The tests of all cases of a dialect: what they show is the same through both, or declared; and what is declared is there. */
export function describeCases(dialect: Dialect, options: ArmOptions): void {
  const program = findApiServer(`Ingresses through Traefik's own provider and through Fairlead (${dialect})`);
  const cases = readCases(dialect);
  const declared = readDeclared();
  const outcomes = new Map<string, readonly Outcome[]>();
  const cleanup = new Cleanup();
  let arms: Arms;

  /** Several side by side: no two have a Service in common. */
  const askAll = async (some: readonly Case[]): Promise<void> => {
    const left = some.values();
    const work = async (): Promise<void> => {
      for (const { name, probes } of left)
        outcomes.set(
          name,
          await runProbes(
            arms,
            probes.map(({ probe }) => probe),
          ),
        );
    };
    await Promise.all(Array.from({ length: 6 }, work));
  };
  const toSightings = (name: string) =>
    (outcomes.get(name) ?? []).flatMap(({ text, divergences }) =>
      divergences.map((divergence) => ({
        text,
        divergence,
        ids: findDeclared(declared, { dialect, from: 'cases', name, probe: text }, divergence).map(
          ({ id }) => id,
        ),
      })),
    );

  describe.skipIf(program === undefined)(`through ${dialect} and through Fairlead`, () => {
    beforeAll(async () => {
      requirePrivateNetwork();
      const api = cleanup.keep(await startApiServer(program ?? ''));
      const cluster = new ClusterObjects(api, dialect);
      const [name, controller] = classes[dialect];
      const ingressClass = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name },
        spec: { controller },
      };
      const together = cases.filter(({ alone }) => !alone);
      const objects = cases.flatMap((each) => each.objects);
      appendFileSync('/etc/hosts', `${listHostLines(objects).join('\n')}\n`);
      const echo = cleanup.keep(everywhereEcho());
      await echo.open(new Set([80, 443, ...listPorts(objects)]));
      const first = [ingressClass, ...together.flatMap((each) => each.objects)];
      expect(await cluster.load(first), 'objects that the API server refuses').toEqual([]);
      arms = cleanup.keep(await startArms(api.kubeconfig, dialect, options));
      await cluster.settle(arms, options);
      await askAll(together);
      for (const each of cases.filter(({ alone }) => alone)) {
        expect(
          await cluster.load(each.objects),
          `objects of ${each.name} that the API server refuses`,
        ).toEqual([]);
        await cluster.settle(arms, options);
        await askAll([each]);
        await cluster.remove(each.objects);
      }
    });
    afterAll(() => cleanup.run());

    const check = async ({ name, probes, explain }: Case): Promise<void> => {
      const undeclared = toSightings(name)
        .filter(({ ids }) => ids.length === 0)
        .map(
          ({ text, divergence: { aspect, reference, fairlead } }) =>
            `${text}: ${aspect}: ${reference} | Fairlead: ${fairlead}`,
        );
      expect(undeclared).toEqual([]);
      (outcomes.get(name) ?? []).forEach(({ fairlead, text }, index) => {
        for (const [aspect, wanted] of Object.entries(probes[index]?.fairlead ?? {}))
          expect(toAspects(fairlead).get(aspect) ?? '', `${text}: ${aspect}`).toMatch(
            new RegExp(`^(?:${wanted})$`, 's'),
          );
      });
      for (const [object, texts] of Object.entries(explain)) {
        const said = await fetch(`${arms.fairlead.server.adminUrl}/api/explain/${object}`);
        const text = JSON.stringify(await said.json());
        for (const each of texts) expect(text).toContain(each);
      }
    };
    it.each(cases.filter(({ pending }) => !pending))('$name: $title', check);
    it.fails.each(cases.filter(({ pending }) => pending))('$name: $title', check);

    const shown = declared.flatMap((each) =>
      each.dialects.includes(dialect)
        ? each.cases
            .filter((name) => cases.some((one) => one.name === name))
            .map((name) => ({ id: each.id, name }))
        : [],
    );
    it.each(shown)('$id, which is declared, is still there in $name', ({ id, name }) => {
      expect(toSightings(name).flatMap(({ ids }) => ids)).toContain(id);
    });
  });
}
