import type { Listener, ListenerTls } from '../../model/gateway-specs.ts';
import { malformed } from '../../lib/raw-fields.ts';
import { shareText } from '../share.ts';
import { toAllowedNamespaces } from './allowed-namespaces.ts';
import { toRefOrNothing } from './named-ref.ts';
import {
  entriesOf,
  listAt,
  placeAt,
  portAt,
  reportAt,
  requiredTextAt,
  textAt,
  wordAt,
  type Place,
  type TextRule,
} from './place.ts';
import { gatewayGroup, groupName, hostname, kindName, sectionName } from './words.ts';

/** As many as the API server takes of each. */
const mostListeners = 64;
const mostCertificates = 64;
const mostKinds = 8;

const protocolName: TextRule = { most: 255, wanted: 'HTTP, HTTPS, TLS, TCP or UDP' };

/** `spec.listeners`. One that cannot be read is left out, and so is a second one of a name. */
export function toListeners(spec: Place): readonly Listener[] | typeof malformed {
  const names = new Set<string>();
  const list = listAt(spec, 'listeners', mostListeners, (place) => {
    const listener = toListener(place);
    if (listener === undefined) return undefined;
    if (names.has(listener.name)) {
      reportAt(place, 'name', 'a name that no other listener of the object has');
      return undefined;
    }
    names.add(listener.name);
    return listener;
  });
  return list === malformed ? malformed : list.entries;
}

function toListener(place: Place): Listener | undefined {
  const name = requiredTextAt(place, 'name', sectionName);
  const host = textAt(place, 'hostname', hostname);
  const port = portAt(place) ?? reportAt(place, 'port', 'a port number from 1 to 65535');
  const protocol = requiredTextAt(place, 'protocol', protocolName);
  const tls = toTls(place);
  const allowedRoutes = toAllowedRoutes(place);
  if (name === malformed || host === malformed || port === malformed || protocol === malformed)
    return undefined;
  return {
    name: shareText(name),
    ...(host !== undefined && { hostname: shareText(host.toLowerCase()) }),
    port,
    protocol: shareText(protocol),
    ...(tls !== undefined && { tls }),
    allowedRoutes,
    field: shareText(place.field),
  };
}

/** What cannot be read names no certificate, so that nothing is served by it. */
function toTls(listener: Place): ListenerTls | undefined {
  const place = placeAt(listener, 'tls');
  if (place === undefined) return undefined;
  const nothing: ListenerTls = { mode: 'Terminate', certificateRefs: [], hasOptions: false };
  if (place === malformed) return nothing;
  const mode = wordAt(place, 'mode', ['Terminate', 'Passthrough']);
  const refs = listAt(place, 'certificateRefs', mostCertificates, (each) =>
    toRefOrNothing(each, { kind: 'Secret' }),
  );
  const options = placeAt(place, 'options');
  if (mode === malformed) return nothing;
  const hasOptions = options === malformed || Object.keys(options?.raw ?? {}).length > 0;
  return { mode, certificateRefs: entriesOf(refs), hasOptions };
}

/** What cannot be read allows nothing. */
function toAllowedRoutes(listener: Place): Listener['allowedRoutes'] {
  const place = placeAt(listener, 'allowedRoutes');
  if (place === malformed) return { namespaces: { from: 'None' }, kinds: [] };
  const namespaces = toAllowedNamespaces(place, ['Same', 'All', 'Selector']);
  const kinds = place === undefined ? undefined : listAt(place, 'kinds', mostKinds, toKind);
  if (kinds === malformed) return { namespaces: { from: 'None' }, kinds: [] };
  // Without the one that cannot be read, none would be left, which stands for all of them.
  const isNone = kinds !== undefined && kinds.entries.length === 0 && !kinds.isWhole;
  return { namespaces: isNone ? { from: 'None' } : namespaces, kinds: kinds?.entries ?? [] };
}

function toKind(place: Place): Listener['allowedRoutes']['kinds'][number] | undefined {
  const group = place.raw['group'] === '' ? '' : textAt(place, 'group', groupName);
  const kind = requiredTextAt(place, 'kind', kindName);
  if (group === malformed || kind === malformed) return undefined;
  return { group: shareText(group ?? gatewayGroup), kind: shareText(kind) };
}
