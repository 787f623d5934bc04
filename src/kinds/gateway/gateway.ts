import type { GatewaySpec } from '../../model/gateway-specs.ts';
import type { Gateway, Meta } from '../../model/objects.ts';
import type { Report } from '../../model/problem.ts';
import { malformed } from '../../lib/raw-fields.ts';
import type { RawObject } from '../../lib/raw-object.ts';
import { defineKind } from '../kind.ts';
import { withOwnAnnotations } from '../meta.ts';
import { shareText } from '../share.ts';
import { toAllowedNamespaces } from './allowed-namespaces.ts';
import { toKeptStatus } from './answered.ts';
import { toGatewayTls } from './frontend.ts';
import { toListeners } from './listeners.ts';
import { refOrNothingAt } from './named-ref.ts';
import { listAt, placeAt, requiredTextAt, specOf, textAt, type Place, type TextRule } from './place.ts';
import { objectName, toGatewayVersions } from './words.ts';

/** Where to listen, and who may attach routes. */
export const gateway = defineKind({
  kind: 'Gateway',
  apiVersions: toGatewayVersions('v1', 'v1beta1'),
  plural: 'gateways',
  shortNames: ['gtw'],
  namespaced: true,
  routed: true,
  cluster: { optional: true },
  read: toGateway,
});

/** As many as the API server takes. */
const mostAddresses = 16;

const addressType: TextRule = { most: 253, wanted: 'IPAddress or Hostname' };
const addressValue: TextRule = { most: 253, wanted: 'an address' };

/** A Gateway. Undefined when it is not known whose it is, where it listens, or what its clients have to show. */
function toGateway(raw: RawObject, meta: Meta, report: Report): Gateway | undefined {
  const spec = specOf(raw, report);
  if (spec === malformed) return undefined;
  const className = requiredTextAt(spec, 'gatewayClassName', objectName);
  const listeners = toListeners(spec);
  const tls = toGatewayTls(spec);
  const addresses = listAt(spec, 'addresses', mostAddresses, toAddress);
  if (className === malformed || listeners === malformed || tls === malformed || addresses === malformed)
    return undefined;
  const parametersRef = toParametersRef(spec);
  return {
    kind: 'Gateway',
    meta: withOwnAnnotations(meta),
    ...toKeptStatus(raw),
    className: shareText(className),
    listeners,
    addresses: addresses.entries,
    allowedListeners: toAllowedListeners(spec),
    ...(parametersRef !== undefined && { parametersRef }),
    ...tls,
  };
}

/** One that cannot be read is an address that nobody has: without any, all of the fleet would count. */
function toAddress(place: Place): GatewaySpec['addresses'][number] {
  const type = textAt(place, 'type', addressType);
  const value = textAt(place, 'value', addressValue);
  const { field } = place;
  if (type === malformed || value === malformed) return { type: '', value: '', field };
  return { type: type ?? 'IPAddress', value: value ?? '', field };
}

function toAllowedListeners(spec: Place): GatewaySpec['allowedListeners'] {
  const place = placeAt(spec, 'allowedListeners');
  return place === malformed
    ? { from: 'None' }
    : toAllowedNamespaces(place, ['None', 'All', 'Selector', 'Same']);
}

function toParametersRef(spec: Place): GatewaySpec['parametersRef'] {
  const place = placeAt(spec, 'infrastructure');
  if (place === malformed) return { group: '', kind: '', name: '', field: 'spec.infrastructure' };
  return place && refOrNothingAt(place, 'parametersRef', {});
}
