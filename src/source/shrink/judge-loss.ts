import type { ShrinkPolicy } from './policy.ts';

/** Routes of one fleet that objects of one namespace had. */
export interface Loss {
  readonly fleet: string;
  /** Empty for objects that are in none. */
  readonly namespace: string;
  readonly routes: number;
}

/** A loss beyond reason. */
export interface Verdict {
  readonly fleet: string;
  readonly policy: ShrinkPolicy;
  readonly lost: number;
  readonly known: number;
  /** Whose loss it is. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * What of these losses is beyond reason.
 * Where single namespaces explain it, each by losing more than the share by itself, it is theirs alone: what others delete at the
 * same time is their own affair, and no tenant can bring about that it waits. Otherwise something is wrong with the whole, and all
 * that went with it stays together.
 * @param known How many routes of each fleet there were before.
 */
export function judgeLoss(
  losses: readonly Loss[],
  known: ReadonlyMap<string, number>,
  policyOf: (fleet: string) => ShrinkPolicy,
): readonly Verdict[] {
  return [...known].flatMap(([fleet, count]) => {
    const policy = policyOf(fleet);
    const most = policy.share * count;
    const namespaces = sumByNamespace(losses, fleet);
    const lost = sum(namespaces.values());
    if (policy.mode === 'off' || count < policy.minimum || lost <= most) return [];
    const large = [...namespaces].filter(([, routes]) => routes > most);
    const others = lost - sum(large.map(([, routes]) => routes));
    const guilty = large.length > 0 && others <= most ? new Map(large) : namespaces;
    return [{ fleet, policy, lost: sum(guilty.values()), known: count, namespaces: new Set(guilty.keys()) }];
  });
}

/** Whether losses are too few to be beyond reason however many routes there were: then these need not be counted. */
export function isSmall(losses: readonly Loss[], policyOf: (fleet: string) => ShrinkPolicy): boolean {
  const lost = new Map<string, number>();
  for (const { fleet, routes } of losses) lost.set(fleet, (lost.get(fleet) ?? 0) + routes);
  return [...lost].every(([fleet, routes]) => {
    const { mode, share, minimum } = policyOf(fleet);
    return mode === 'off' || routes <= share * minimum;
  });
}

function sumByNamespace(losses: readonly Loss[], fleet: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const loss of losses)
    if (loss.fleet === fleet) sums.set(loss.namespace, (sums.get(loss.namespace) ?? 0) + loss.routes);
  return sums;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
