import type { FrontendValidation, GatewaySpec, NamedRef } from '../../model/gateway-specs.ts';
import { malformed, type Field } from '../../lib/raw-fields.ts';
import { refOrNothingAt, toRefOrNothing } from './named-ref.ts';
import { entriesOf, fieldOf, listAt, placeAt, portAt, reportAt, wordAt, type Place } from './place.ts';

type Frontend = NonNullable<GatewaySpec['frontend']>;

/** As many as the API server takes of each. */
const mostAuthorities = 16;
const mostPorts = 64;

/** `spec.tls` of a Gateway. `malformed` where it is not known what clients have to show. */
export function toGatewayTls(
  spec: Place,
): Pick<GatewaySpec, 'clientCertificateRef' | 'frontend'> | typeof malformed {
  const tls = placeAt(spec, 'tls');
  if (tls === undefined) return {};
  if (tls === malformed) return malformed;
  const frontend = toFrontend(tls);
  if (frontend === malformed) return malformed;
  const clientCertificateRef = toClientCertificate(tls);
  return {
    ...(clientCertificateRef !== undefined && { clientCertificateRef }),
    ...(frontend !== undefined && { frontend }),
  };
}

/** One that cannot be read names nothing that exists. */
function toClientCertificate(tls: Place): NamedRef | undefined {
  const backend = placeAt(tls, 'backend');
  if (backend === undefined) return undefined;
  if (backend === malformed) return { group: '', kind: '', name: '', field: fieldOf(tls, 'backend') };
  return refOrNothingAt(backend, 'clientCertificateRef', { kind: 'Secret' });
}

function toFrontend(tls: Place): Field<Frontend> {
  const place = placeAt(tls, 'frontend');
  if (place === undefined || place === malformed) return place;
  const general = placeAt(place, 'default');
  if (general === malformed) return malformed;
  const perPort = listAt(place, 'perPort', mostPorts, toPort);
  if (perPort === malformed || !perPort.isWhole) return malformed;
  const validation = general && toValidation(general);
  return { ...(validation !== undefined && { default: validation }), perPort: perPort.entries };
}

function toPort(place: Place): Frontend['perPort'][number] | undefined {
  const port = portAt(place) ?? reportAt(place, 'port', 'a port number from 1 to 65535');
  const tls = placeAt(place, 'tls');
  if (port === malformed || tls === malformed) return undefined;
  const validation = tls && toValidation(tls);
  return { port, ...(validation !== undefined && { validation }) };
}

/** What cannot be read trusts nobody. */
function toValidation(tls: Place): FrontendValidation | undefined {
  const place = placeAt(tls, 'validation');
  if (place === undefined) return undefined;
  if (place === malformed) return { mode: 'AllowValidOnly', caCertificateRefs: [] };
  const mode = wordAt(place, 'mode', ['AllowValidOnly', 'AllowInsecureFallback']);
  const refs = listAt(place, 'caCertificateRefs', mostAuthorities, (each) => toRefOrNothing(each, {}));
  return { mode: mode === malformed ? 'AllowValidOnly' : mode, caCertificateRefs: entriesOf(refs) };
}
