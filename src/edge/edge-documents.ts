import { createHash } from 'node:crypto';
import type { BankView } from '../model/bank.ts';
import type { Settings } from '../settings/settings.ts';
import { toEdgeAnswer } from './edge-answer.ts';

/** The answer for the hosts of one fleet. */
export interface EdgeDocument {
  /** Equal for equal bodies. */
  readonly revision: string;
  readonly body: string;
}

/**
 * What `/edge/{fleet}` answers; undefined for a fleet that is not configured. A document is made once for each state of its
 * fleet's banks: hosts ask every few seconds.
 * @param settings Asked for at each call: the hold time can change, and what fleets import.
 */
export function createEdgeDocuments(
  settings: () => Pick<Settings, 'fleets' | 'provider'>,
  view: BankView,
): (fleet: string) => EdgeDocument | undefined {
  const made = new Map<string, EdgeDocument & { readonly state: string }>();
  return (name) => {
    const { fleets, provider } = settings();
    const fleet = fleets.find((each) => each.name === name);
    if (fleet === undefined) return undefined;
    const state = JSON.stringify([provider.holdMs, view.banks(name), fleet.imported]);
    const last = made.get(name);
    if (last?.state === state) return last;
    const body = `${JSON.stringify(toEdgeAnswer(fleet, view, provider.holdMs))}\n`;
    const revision = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const document = { state, body, revision };
    made.set(name, document);
    return document;
  };
}
