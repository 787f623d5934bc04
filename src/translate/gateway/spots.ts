import type { HostMatch } from '../../routes/match.ts';
import { toHostText } from '../../routes/match.ts';
import type { Attachment } from './attach.ts';
import type { Binding, ResolvedListener, ResolvedParent } from './resolved.ts';

/** A host of a route at one place of one fleet. */
export interface Spot {
  readonly parent: ResolvedParent;
  readonly listener: ResolvedListener;
  readonly binding: Extract<Binding, { readonly kind: 'http' }>;
  readonly host: HostMatch;
}

/** Where a route for requests is served, each place and host once: listeners of several Gateways may be served at one place. */
export function listSpots(attachments: readonly Attachment[]): readonly Spot[] {
  const spots = new Map<string, Spot>();
  for (const { parent, listeners } of attachments) {
    for (const { listener, hosts } of listeners) {
      for (const binding of listener.bindings) {
        if (binding.kind !== 'http') continue;
        const { fleet, place } = binding;
        for (const host of hosts) {
          const key = JSON.stringify([fleet, place.entryPoint, place.isTls, toHostText(host)]);
          if (!spots.has(key)) spots.set(key, { parent, listener, binding, host });
        }
      }
    }
  }
  return [...spots.values()];
}

/** The spots of each fleet. */
export function groupByFleet(spots: readonly Spot[]): ReadonlyMap<string, readonly Spot[]> {
  const groups = new Map<string, Spot[]>();
  for (const spot of spots) {
    const { fleet } = spot.binding;
    const group = groups.get(fleet) ?? [];
    group.push(spot);
    groups.set(fleet, group);
  }
  return groups;
}
