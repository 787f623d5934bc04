import { sniPortKey } from '../../annotations/own/sni.ts';
import type { ServicePort } from '../../model/objects.ts';
import type { Port } from '../../model/port.ts';
import { sniPortKind, type Holder, type PortClaim } from '../../model/ports.ts';
import { annotationField } from '../../model/problem.ts';
import type { Translating } from '../context.ts';
import { toClaims } from './port-claims.ts';
import type { AskingService } from './service-http.ts';

/** The pool port that a Service shares with others of its namespace. */
export interface SniPort {
  readonly claims: readonly PortClaim[];
  /** By fleet, once the ledger holds it. */
  readonly ports: ReadonlyMap<string, Port>;
  /** Parts of the directives that the claims carry. */
  readonly carried: readonly string[];
}

/** TLS, as far as anybody is told a number: the claim is for no port of one of the Services. */
const tlsPort = 443;

/** What `fairlead.dev/sni-port` asks for; undefined without it. `ports` are those to which the Service leads. */
export function toSniPort(
  context: Translating,
  asking: AskingService,
  ports: readonly ServicePort[],
): SniPort | undefined {
  const { service, reading } = asking;
  const { sniPort } = reading.directives;
  if (sniPort === undefined) return undefined;
  const { ref } = service.meta;
  const holder: Holder = { ...ref, kind: sniPortKind, name: sniPort.name };
  const held = context.view.heldPorts(holder);
  const field = annotationField(sniPortKey);
  const target: ServicePort = { name: '', port: tlsPort, protocol: 'TCP' };
  const requestedPorts = new Map(
    sniPort.requested === undefined ? [] : [[String(tlsPort), sniPort.requested]],
  );
  const { claims } = toClaims(
    context.settings,
    [{ number: tlsPort, ports: [target], field }],
    { ...asking, reading: { ...reading, directives: { ...reading.directives, requestedPorts } } },
    held,
    undefined,
  );
  const sharer = { ref, servicePorts: [...new Set(ports.map(({ port }) => port))].sort((a, b) => a - b) };
  return {
    claims: claims.map((claim) => ({ ...claim, holder, field, sharer })),
    ports: new Map(held.map(({ fleet, port }) => [fleet, port])),
    carried: ['sniPort', 'pool'],
  };
}
