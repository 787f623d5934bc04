import { ask, type Answer } from './answer.ts';
import type { Arms } from './arms.ts';
import { compareAnswers, type Divergence } from './compare.ts';
import { toProbeText, type Probe } from './probe.ts';

/** What came back on a probe from both arms. */
export interface Outcome {
  readonly probe: Probe;
  /** The probe in one line. */
  readonly text: string;
  readonly reference: Answer;
  readonly fairlead: Answer;
  /** Empty where both are the same. */
  readonly divergences: readonly Divergence[];
}

let clients = 0;

/**
 * Puts the probes to both arms; resolves with one outcome for each, in their order. One after the other: a load balancer gives each server
 * its turn only when nobody else asks meanwhile.
 */
export async function runProbes(arms: Arms, probes: readonly Probe[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const probe of probes) outcomes.push(await runProbe(arms, probe));
  return outcomes;
}

async function runProbe({ reference, fairlead }: Arms, probe: Probe): Promise<Outcome> {
  // Limits count by client, so each probe comes from one of its own.
  clients = (clients + 1) % 60_000;
  const from = `198.18.${(clients >> 8) & 255}.${clients & 255}`;
  const [one, other] = await Promise.all([ask(reference.door, probe, from), ask(fairlead.door, probe, from)]);
  return {
    probe,
    text: toProbeText(probe),
    reference: one,
    fairlead: other,
    divergences: compareAnswers(one, other),
  };
}
