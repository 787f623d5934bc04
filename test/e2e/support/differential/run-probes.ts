import { ask, type Answer } from './answer.ts';
import type { Arms } from './arms.ts';
import { compareAnswers, type Divergence } from './compare.ts';
import { toProbeText, type Probe } from './probe.ts';

/** A probe on which the arms do not agree. */
export interface Difference {
  readonly probe: Probe;
  /** The probe in one line. */
  readonly text: string;
  readonly reference: Answer;
  readonly fairlead: Answer;
  readonly divergences: readonly Divergence[];
}

const sideBySide = 6;
let clients = 0;

/** Puts the probes to both arms, several side by side; resolves with those on which they differ, in the order of the probes. */
export async function runProbes(arms: Arms, probes: readonly Probe[]): Promise<readonly Difference[]> {
  const found = new Map<number, Difference>();
  const left = probes.entries();
  const work = async (): Promise<void> => {
    for (const [index, probe] of left) {
      const difference = await runProbe(arms, probe);
      if (difference !== undefined) found.set(index, difference);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return [...found].toSorted(([a], [b]) => a - b).map(([, difference]) => difference);
}

async function runProbe({ reference, fairlead }: Arms, probe: Probe): Promise<Difference | undefined> {
  // Limits count by client, so each probe comes from one of its own.
  clients = (clients + 1) % 60_000;
  const from = `198.18.${(clients >> 8) & 255}.${clients & 255}`;
  const one = await ask(reference.door, probe, from);
  const other = await ask(fairlead.door, probe, from);
  const divergences = compareAnswers(one, other);
  return divergences.length === 0
    ? undefined
    : { probe, text: toProbeText(probe), reference: one, fairlead: other, divergences };
}
