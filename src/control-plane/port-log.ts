import type { Logger } from 'pino';
import { toObjectPath } from '../model/object-ref.ts';
import { isGatewayHolder, type LedgerState } from '../model/ports.ts';
import { toHeldAddresses } from '../ports/port-address.ts';
import { listPortChanges, type PortChange } from '../ports/port-changes.ts';
import type { FleetSettings } from '../settings/settings.ts';

/** Of one commit; the first of thousands would push everything else out of the log. */
const mostLines = 100;

const messages: Readonly<Record<PortChange['kind'], string>> = {
  allocated: 'pool port allocated',
  returned: 'pool port given back to its Service',
  moved: 'pool port moved',
  released: 'pool port released',
};

/** One line for each claim that got a port, moved, or gave one up, with the address that a client uses. */
export function logPortChanges(
  log: Logger,
  before: LedgerState,
  after: LedgerState,
  fleets: readonly Pick<FleetSettings, 'addresses' | 'name'>[],
): void {
  const changes = listPortChanges(before, after);
  for (const change of changes.slice(0, mostLines)) {
    const { fleet, holder, part, servicePort, port, protocols } = change.held;
    const addresses = toHeldAddresses(change.held, fleets);
    const object = toObjectPath(holder);
    const within = part === undefined ? {} : { [part.kind]: part.name };
    const from = change.kind === 'moved' ? { from: change.from } : {};
    const numbered = isGatewayHolder(holder) ? {} : { servicePort };
    const about = { object, source: holder.source, ...within, ...numbered, fleet, port, protocols };
    log.info({ ...about, ...from, addresses }, messages[change.kind]);
  }
  if (changes.length > mostLines) log.info({ more: changes.length - mostLines }, 'more pool ports changed');
}
