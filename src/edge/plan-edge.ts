/** A Traefik that runs, as the plan sees it. */
export interface PlannedProcess {
  readonly id: string;
  readonly bank: number;
  /** `starting`: it listens, and has no routes yet. `late`: it should have had some for long. `ending`: it was told to end. */
  readonly state: 'starting' | 'late' | 'serving' | 'ending';
  /** Of the configuration that it was started with. */
  readonly fingerprint: string;
  /** Whether another one may listen on its ports beside it. */
  readonly shared: boolean;
}

export type EdgeAction =
  /** Nothing runs for this bank. */
  | { readonly kind: 'start'; readonly bank: number }
  /** One more beside the one that runs, which goes on until the new one has its routes. */
  | { readonly kind: 'start-beside'; readonly bank: number; readonly id: string }
  /** To be told to end: its connections may finish. */
  | { readonly kind: 'end'; readonly id: string; readonly why: 'not-wanted' | 'replaced' }
  /** A replacement that gets no routes, while the old process serves: it is of no use to its clients. */
  | { readonly kind: 'give-up'; readonly id: string }
  /** Its configuration is not what it should be, and stays as it is. */
  | { readonly kind: 'keep'; readonly id: string; readonly why: 'not-asked' | 'not-shared' };

/**
 * What to do so that each wanted bank has one Traefik. The same state gives the same actions, until they were carried out.
 *
 * | runs for the bank                        | wanted            | action                                  |
 * | ---------------------------------------- | ----------------- | --------------------------------------- |
 * | nothing, or only what is ending          | yes               | start                                   |
 * | something                                | no                | end                                     |
 * | one, as it should be                     | yes               | none                                    |
 * | one with another configuration           | yes               | keep, or with `replace` start one beside |
 * | two, the younger without routes          | yes               | none; after long: give the younger up   |
 * | two, the younger with routes             | yes               | end the older                           |
 *
 * @param wanted The fingerprint of each bank's configuration, as it should be.
 * @param processes The oldest first.
 * @param replace Whether a Traefik with another configuration is to be replaced.
 */
export function planEdge(
  wanted: ReadonlyMap<number, string>,
  processes: readonly PlannedProcess[],
  replace: boolean,
): readonly EdgeAction[] {
  const running = new Map<number, PlannedProcess[]>();
  for (const process of processes) {
    if (process.state !== 'ending')
      running.set(process.bank, [...(running.get(process.bank) ?? []), process]);
  }
  const banks = new Set([...wanted.keys(), ...running.keys()]);
  return [...banks]
    .sort((a, b) => a - b)
    .flatMap((bank) => planBank(bank, wanted.get(bank), running.get(bank) ?? [], replace));
}

function planBank(
  bank: number,
  wanted: string | undefined,
  running: readonly PlannedProcess[],
  replace: boolean,
): readonly EdgeAction[] {
  if (wanted === undefined) return running.map(({ id }) => ({ kind: 'end', id, why: 'not-wanted' }));
  const youngest = running.at(-1);
  if (youngest === undefined) return [{ kind: 'start', bank }];
  const older = running.slice(0, -1);
  if (older.length > 0) {
    if (youngest.state === 'serving') return older.map(({ id }) => ({ kind: 'end', id, why: 'replaced' }));
    return youngest.state === 'late' ? [{ kind: 'give-up', id: youngest.id }] : [];
  }
  const { id, fingerprint, shared } = youngest;
  if (fingerprint === wanted) return [];
  if (!replace) return [{ kind: 'keep', id, why: 'not-asked' }];
  return [shared ? { kind: 'start-beside', bank, id } : { kind: 'keep', id, why: 'not-shared' }];
}
