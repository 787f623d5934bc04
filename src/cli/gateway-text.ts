import { toCount } from '../lib/to-count.ts';
import type { ConditionRow, GatewayRow, ListenerRow } from '../model/gateway-row.ts';

/** What an object of the Gateway API comes to, as lines below a title each. */
export function toGatewayText({
  fleets,
  addresses = [],
  conditions,
  listeners = [],
  parents = [],
}: GatewayRow): string {
  const general = [
    fleets.length === 0 ? [] : `  fleets: ${fleets.join(', ')}`,
    addresses.length === 0 ? [] : `  addresses: ${addresses.join(', ')}`,
    conditions.map((condition) => `  ${toConditionText(condition)}`),
  ].flat();
  return [
    toSection('Status', general),
    toSection('Listeners', listeners.map(toListenerLines)),
    toSection(
      'Parents',
      parents.map(({ parent, listeners: attached, conditions: said }) =>
        [
          `  ${parent}${attached.length === 0 ? '' : `: attached to ${attached.join(', ')}`}`,
          ...said.map((condition) => `    ${toConditionText(condition)}`),
        ].join('\n'),
      ),
    ),
  ].join('');
}

/** All that is as it should be goes without a word. */
function toListenerLines(listener: ListenerRow): string {
  const { name, protocol, port, hostname, places, attachedRoutes, routes, conditions } = listener;
  const named =
    routes.length === 0
      ? ''
      : ` (${routes.join(', ')}${routes.length < attachedRoutes ? ' and others' : ''})`;
  return [
    `  ${name}: ${protocol} on port ${port} for ${hostname === '' ? 'any host' : hostname}`,
    `    at: ${places.length === 0 ? 'nowhere: it is not served' : places.join(', ')}`,
    `    attached: ${toCount(attachedRoutes, 'route')}${named}`,
    ...conditions.filter(isTelling).map((condition) => `    ${toConditionText(condition)}`),
  ].join('\n');
}

const expected: Readonly<Record<string, string>> = { Conflicted: 'False' };

function isTelling({ type, status }: ConditionRow): boolean {
  return status !== (expected[type] ?? 'True');
}

function toConditionText({ type, status, reason, message }: ConditionRow): string {
  return `${type} ${status} (${reason}): ${message}`;
}

function toSection(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.join('\n')}\n`;
}
