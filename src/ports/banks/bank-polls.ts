/** Which banks of each fleet each host polls now: by the name of the fleet, then by that of the host. */
export type BankPolls = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<number>>>;

/** Nobody polls. */
export const noPolls: BankPolls = new Map();

/** What several replicas see. A host may poll one bank here and another one there. */
export function mergePolls(views: readonly BankPolls[]): BankPolls {
  const merged = new Map<string, Map<string, Set<number>>>();
  for (const view of views) {
    for (const [fleet, hosts] of view) {
      const known = merged.get(fleet) ?? new Map<string, Set<number>>();
      merged.set(fleet, known);
      for (const [host, banks] of hosts) known.set(host, new Set([...(known.get(host) ?? []), ...banks]));
    }
  }
  return merged;
}

/** Whether any host polls the bank. */
export function isPolled(polls: BankPolls, fleet: string, bank: number): boolean {
  return [...(polls.get(fleet)?.values() ?? [])].some((banks) => banks.has(bank));
}

/** The hosts that poll bank 0 and not this one, sorted: whoever connects to a port of it there is refused. */
export function listHostsWithout(polls: BankPolls, fleet: string, bank: number): readonly string[] {
  return [...(polls.get(fleet) ?? [])]
    .flatMap(([host, banks]) => (banks.has(0) && !banks.has(bank) ? host : []))
    .sort();
}
