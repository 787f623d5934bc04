import { isGatewayHolder } from './ports.ts';
import type { FormerPortRow } from './published.ts';

type Target = Pick<FormerPortRow, 'endpoint' | 'holder' | 'listener' | 'servicePort'>;

/** What of its holder a pool port is for: `port 9092`, `port 9092 of kafka-0`, `listener mysql`, or of a route that asks itself `the route`. */
export function toTargetText(row: Target): string {
  const cell = toTargetCell(row);
  return isNumbered(row) ? `port ${cell}` : cell;
}

/** The same under a heading that says it is a port: `9092`, `9092 of kafka-0`. */
export function toTargetCell(row: Target): string {
  const { endpoint, listener, servicePort } = row;
  if (!isNumbered(row)) return listener === undefined ? 'the route' : `listener ${listener}`;
  return endpoint === undefined ? String(servicePort) : `${servicePort} of ${endpoint}`;
}

function isNumbered({ holder }: Target): boolean {
  const [kind = ''] = holder.split('/');
  return !isGatewayHolder({ kind });
}
