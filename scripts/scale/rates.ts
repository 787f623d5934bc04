import type { Choices, Scenario } from './scenario.ts';

/** One rollout in so many changes the Service itself, and not only which pods stand behind it. */
const serviceChangesOneIn = 20;

/** Changes of a Service in a second that its source tells of: a rollout changes its EndpointSlice twice for each pod. */
export function toSeenRate({ endpointsPerService, rolloutsPerService }: Scenario): number {
  return rolloutsPerService * (2 * endpointsPerService + 1 / serviceChangesOneIn);
}

/** Those of them that change the document: with `clusterip` pods come and go unseen. */
export function toRoutedRate(scenario: Scenario): number {
  return scenario.backends === 'clusterip'
    ? scenario.rolloutsPerService / serviceChangesOneIn
    : toSeenRate(scenario);
}

/**
 * How long changes are gathered, in seconds, from the first one on: until `debounce` has passed without another, or until `maxWait`. Of changes
 * that are independent of each other the mean of the former is (e^(rate x debounce) - 1) / rate.
 */
export function toWait(rate: number, { debounce, maxWait }: Pick<Choices, 'debounce' | 'maxWait'>): number {
  return Math.min(maxWait, Math.expm1(rate * debounce) / rate);
}

/** Seconds from one rebuild to the next: the wait for a change, and then for its company. */
export function toPeriod(rate: number, chosen: Pick<Choices, 'debounce' | 'maxWait'>): number {
  return 1 / rate + toWait(rate, chosen);
}
