import type { BackendTlsPolicySpec } from '../../model/route-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { toRefOrNothing } from './named-ref.ts';
import { listAt, placeAt, reportAt, requiredTextAt, textAt, type Place, type TextRule } from './place.ts';
import { hostname, preciseHostname } from './words.ts';

type Validation = BackendTlsPolicySpec['validation'];

/** As many as the API server takes of each. */
const mostAuthorities = 8;
const mostNames = 5;

const wellKnown: TextRule = { most: 253, wanted: 'System' };

const uri: TextRule = {
  most: 253,
  isRight: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(text),
  wanted: 'a URI such as spiffe://cluster.local/ns/shop/sa/orders',
};

/** Has no authorities and no host name: no certificate fits it. */
const nothing: Validation = { caCertificateRefs: [], hostname: '', subjectAltNames: [] };

/** `spec.validation`. Where a part of it cannot be read, it is one that no certificate fits, with neither authorities nor a host name. */
export function toBackendValidation(spec: Place): Validation {
  const place = placeAt(spec, 'validation') ?? reportAt(spec, 'validation', 'a mapping with a hostname');
  if (place === malformed) return nothing;
  const host = requiredTextAt(place, 'hostname', preciseHostname);
  const known = textAt(place, 'wellKnownCACertificates', wellKnown);
  const refs = listAt(place, 'caCertificateRefs', mostAuthorities, (each) =>
    toRefOrNothing(each, { isLocal: true }),
  );
  const names = listAt(place, 'subjectAltNames', mostNames, toAltName);
  if (host === malformed || known === malformed || refs === malformed) return nothing;
  if (names === malformed || !names.isWhole) return nothing;
  return {
    caCertificateRefs: refs.entries,
    ...(known !== undefined && { wellKnownCACertificates: known }),
    hostname: host.toLowerCase(),
    subjectAltNames: names.entries,
  };
}

function toAltName(place: Place): Validation['subjectAltNames'][number] | undefined {
  const { type } = place.raw;
  if (type !== 'Hostname' && type !== 'URI') {
    reportAt(place, 'type', 'Hostname or URI');
    return undefined;
  }
  const value =
    type === 'Hostname' ? requiredTextAt(place, 'hostname', hostname) : requiredTextAt(place, 'uri', uri);
  return value === malformed ? undefined : { type, value };
}
