import { appendFileSync } from 'node:fs';
import type { ApiServer, Manifest } from '../../../support/api-server.ts';
import { startApiServer } from '../apiserver.ts';
import { Cleanup } from '../cleanup.ts';
import { everywhereEcho } from '../everywhere-echo.ts';
import { requirePrivateNetwork } from '../local-address.ts';
import { startArms, type ArmOptions, type Arms, type Dialect } from './arms.ts';
import type { Case } from './cases.ts';
import { ClusterObjects } from './cluster-objects.ts';
import type { Divergence } from './compare.ts';
import { findDeclared, readDeclared } from './declared.ts';
import { listHostLines, listPorts } from './objects.ts';
import { runProbes, type Outcome } from './run-probes.ts';

const classes: Readonly<Record<Dialect, readonly [string, string]>> = {
  traefik: ['traefik', 'traefik.io/ingress-controller'],
  'ingress-nginx': ['nginx', 'k8s.io/ingress-nginx'],
};
const sideBySide = 6;

/** Something in which the arms differ, and which declared differences it is one of. */
export interface SortedDivergence extends Divergence {
  readonly probe: string;
  readonly declared: readonly string[];
}

/** Both arms on one API server with the objects of all cases, and what came back on their probes. */
export class CaseRun {
  readonly #dialect: Dialect;
  readonly #options: ArmOptions;
  readonly #cleanup = new Cleanup();
  readonly #outcomes = new Map<string, readonly Outcome[]>();
  readonly #declared = readDeclared();
  #arms: Arms | undefined;

  constructor(dialect: Dialect, options: ArmOptions) {
    this.#dialect = dialect;
    this.#options = options;
  }

  /** Asks all probes of all cases. @throws Error for objects that the API server refuses. */
  async start(program: string, cases: readonly Case[]): Promise<void> {
    requirePrivateNetwork();
    const objects = cases.flatMap((each) => each.objects);
    appendFileSync('/etc/hosts', `${listHostLines(objects).join('\n')}\n`);
    await this.#cleanup.keep(everywhereEcho()).open(new Set([80, 443, ...listPorts(objects)]));
    const api = this.#cleanup.keep(await startApiServer(program));
    const cluster = new ClusterObjects(api, this.#dialect);
    const together = cases.filter(({ alone }) => !alone);
    await load(cluster, [toClass(this.#dialect), ...together.flatMap((each) => each.objects)]);
    const arms = await this.#startArms(api);
    await cluster.settle(arms, this.#options);
    await this.#ask(arms, together);
    for (const each of cases.filter(({ alone }) => alone)) {
      await load(cluster, each.objects);
      await cluster.settle(arms, this.#options);
      await this.#ask(arms, [each]);
      await cluster.remove(each.objects);
    }
  }

  /** In the order of the probes of the case. */
  outcomesOf(name: string): readonly Outcome[] {
    return this.#outcomes.get(name) ?? [];
  }

  /** Everything in which the arms differ in a case. */
  divergencesOf(name: string): readonly SortedDivergence[] {
    return this.outcomesOf(name).flatMap(({ text, divergences }) =>
      divergences.map((divergence) => {
        const sighting = { dialect: this.#dialect, from: 'cases', name, probe: text } as const;
        const declared = findDeclared(this.#declared, sighting, divergence).map(({ id }) => id);
        return { ...divergence, probe: text, declared };
      }),
    );
  }

  /** What the running Fairlead says of an object, such as `ingress/namespace/name`. */
  async explain(object: string): Promise<string> {
    const response = await fetch(`${this.#arms?.fairlead.server.adminUrl}/api/explain/${object}`);
    return response.text();
  }

  stop(): Promise<void> {
    return this.#cleanup.run();
  }

  async #startArms({ kubeconfig }: ApiServer): Promise<Arms> {
    this.#arms = this.#cleanup.keep(await startArms(kubeconfig, this.#dialect, this.#options));
    return this.#arms;
  }

  /** Several side by side: no two have a Service in common. */
  async #ask(arms: Arms, cases: readonly Case[]): Promise<void> {
    const left = cases.values();
    const work = async (): Promise<void> => {
      for (const { name, probes } of left) {
        const plain = probes.map(({ probe }) => probe);
        this.#outcomes.set(name, await runProbes(arms, plain));
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
  }
}

async function load(cluster: ClusterObjects, objects: readonly Manifest[]): Promise<void> {
  const refused = await cluster.load(objects);
  if (refused.length > 0) throw new Error(`refused by the API server:\n${refused.join('\n')}`);
}

function toClass(dialect: Dialect): Manifest {
  const [name, controller] = classes[dialect];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller },
  };
}
