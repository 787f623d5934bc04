import { isObject, type RawObject } from '../../lib/raw-object.ts';
import { shareText } from '../share.ts';

/** What of a status Fairlead ever writes, or compares with what it would write. */
const keptKeys = [
  'addresses',
  'ancestors',
  'attachedListenerSets',
  'conditions',
  'listeners',
  'parents',
  'supportedFeatures',
] as const;

/**
 * How much of a status is kept: texts count their length, every value besides. Nearly twice what the longest lists that the API server
 * takes need with messages of a line each.
 */
const mostStatus = 64 * 1024;

/** Longer texts are not repeated from object to object. */
const longestShared = 64;

/** What is kept of an object besides its `spec`, to answer in its status. */
export interface KeptStatus {
  readonly generation: number;
  readonly version?: string;
  readonly status: Readonly<Record<string, unknown>>;
  readonly statusTooLarge?: true;
}

/** The generation and the status of an object. Nothing is reported: controllers write them, not users, and nothing is routed by them. */
export function toKeptStatus(raw: RawObject): KeptStatus {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const { generation: number, resourceVersion } = metadata;
  const generation = typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : 0;
  const status = isObject(raw['status']) ? raw['status'] : {};
  const budget = { left: mostStatus };
  const kept: Record<string, unknown> = {};
  for (const key of keptKeys) if (status[key] !== undefined) kept[key] = toCopy(status[key], budget);
  const version = typeof resourceVersion === 'string' ? { version: resourceVersion } : {};
  return budget.left < 0
    ? { generation, ...version, status: {}, statusTooLarge: true }
    : { generation, ...version, status: kept };
}

/** A copy that shares its texts; cut off once the budget is used up. */
function toCopy(value: unknown, budget: { left: number }): unknown {
  budget.left -= 1;
  if (typeof value === 'string') {
    budget.left -= value.length;
    return value.length <= longestShared ? shareText(value) : value;
  }
  if (budget.left < 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((each: unknown) => (budget.left < 0 ? null : toCopy(each, budget)));
  const pairs: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (budget.left < 0) break;
    budget.left -= key.length;
    pairs.push([shareText(key), toCopy(each, budget)]);
  }
  return Object.fromEntries(pairs);
}
