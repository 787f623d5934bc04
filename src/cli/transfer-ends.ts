import { UsageError } from '../app/usage-error.ts';
import { findKind } from '../kinds/index.ts';
import { toObjectPath } from '../model/object-ref.ts';
import { isGatewayHolder, noServicePort } from '../model/ports.ts';
import type { TransferEnd } from '../ports/allocation/transfer.ts';

/**
 * Two objects, as `NAMESPACE/NAME` of Services, or with `KIND/` before it; `:3306` or `:mysql` after it is one port of a Service or one
 * listener. Everything that an object has goes only to one whose ports are called alike.
 * @throws UsageError
 */
export function parseTransferEnds(
  source: string,
  fromText: string,
  toText: string,
): readonly [from: TransferEnd, to: TransferEnd] {
  const [from, to] = [parseEnd(source, fromText), parseEnd(source, toText)];
  const isWhole = from.target === undefined && to.target === undefined;
  if (
    (from.target === undefined) !== (to.target === undefined) ||
    (isWhole && toFamily(from) !== toFamily(to))
  )
    throw new UsageError(
      `it is not clear which port of ${toEndText(from)} ${toEndText(to)} is to have; write for instance Service/db/orders:3306 ListenerSet/db/orders:mysql`,
    );
  return [from, to];
}

/** As it is written. */
export function toEndText({ holder, target }: TransferEnd): string {
  const path = toObjectPath(holder);
  if (target === undefined || isRoute(holder.kind)) return path;
  return `${path}:${target.part?.name ?? target.servicePort}`;
}

function parseEnd(source: string, text: string): TransferEnd {
  const [path = '', port, ...others] = text.split(':');
  const parts = path.split('/');
  const [kindText, namespace = '', name = ''] = parts.length === 2 ? ['Service', ...parts] : parts;
  const kind = findKind(kindText ?? '')?.kind ?? '';
  const isHolder = kind === 'Service' || isGatewayHolder({ kind });
  if (parts.length > 3 || others.length > 0 || port === '' || namespace === '' || name === '' || !isHolder)
    throw new UsageError(
      `${JSON.stringify(text)} is not NAMESPACE/NAME of a Service, nor Gateway/, ListenerSet/, TCPRoute/ or UDPRoute/ with them`,
    );
  const holder = { source, kind, namespace, name };
  if (isRoute(kind)) {
    if (port !== undefined) throw new UsageError(`${path} has one port, which has no name`);
    return { holder, target: { servicePort: noServicePort } };
  }
  if (port === undefined) return { holder };
  if (kind !== 'Service')
    return { holder, target: { servicePort: noServicePort, part: { kind: 'listener', name: port } } };
  if (!/^\d{1,5}$/.test(port))
    throw new UsageError(`${JSON.stringify(port)} is not the number of a port of ${path}`);
  return { holder, target: { servicePort: Number(port) } };
}

/** The port of a route is its own. */
function isRoute(kind: string): boolean {
  return kind === 'TCPRoute' || kind === 'UDPRoute';
}

/** Objects whose ports are told apart alike. */
function toFamily({ holder: { kind } }: TransferEnd): string {
  return kind === 'Service' ? 'ports' : 'listeners';
}
