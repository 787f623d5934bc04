import type { Kind } from './object-ref.ts';
import { isGatewayHolder, type Holder } from './ports.ts';

/** Kinds that may not be read, and have not been since the start: only those that a cluster may do without. */
export type UnreadKinds = readonly Kind[];

/** Those of each source; one that has none need not be there. */
export type UnreadBySource = ReadonlyMap<string, UnreadKinds>;

export const noneUnread: UnreadBySource = new Map();

/** By which objects of the Gateway API are ours, and where routes are attached. */
const parents: ReadonlySet<Kind> = new Set<Kind>(['Gateway', 'GatewayClass', 'ListenerSet']);
/** Which of them ask for pool ports. */
const claimants: ReadonlySet<Kind> = new Set<Kind>([...parents, 'TCPRoute', 'UDPRoute']);

/** Whether what a holder claims cannot be seen: it keeps what it holds, since it may well be there. */
export function hidesClaims(unread: UnreadBySource, holder: Pick<Holder, 'kind' | 'source'>): boolean {
  return isGatewayHolder(holder) && (unread.get(holder.source) ?? []).some((kind) => claimants.has(kind));
}

/** Whether it cannot be said which objects of the Gateway API are ours: what stands in their status is left as it is. */
export function hidesParents(unread: UnreadBySource, source: string): boolean {
  return (unread.get(source) ?? []).some((kind) => parents.has(kind));
}
