import { isAnswerKey, toAllocatedKeyTest } from '../model/allocated-key.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { CertificatePair } from '../certificates/read-pair.ts';
import type { Authorities } from '../certificates/read-authorities.ts';
import type { ConfigMap, Meta, Secret } from '../model/objects.ts';
import { isGatewayHolder } from '../model/ports.ts';
import type { View } from '../model/snapshot.ts';
import { readAnnotations, type Reading } from '../annotations/read.ts';
import type { Annotated, FeatureContext, LookUp } from '../annotations/feature.ts';
import { parseIpAddress } from '../lib/ip-address.ts';
import { forbidAddress, forbidByHand } from './backend/address-policy.ts';
import { forbidName, forbidUnlisted } from './backend/name-policy.ts';
import { toOwnAddresses } from './backend/own-addresses.ts';
import { ExternalPolicy } from './backend/external-rights.ts';
import { joinName } from '../traefik/names.ts';
import type { ResolvedParent } from './gateway/resolved.ts';
import { refuseReference } from './references.ts';
import { toAuthorities, toClientCertificate } from './secret-pair.ts';
import { mayServePrivateKeys, type Settings } from '../settings/settings.ts';

/** What every translator gets: the settings, and what was worked out from them once. */
export interface TranslateContext {
  readonly settings: Settings;
  readonly mayServeKeys: boolean;
  /** What each namespace may write by hand. */
  readonly external: ExternalPolicy;
  /** The sources that are folders: there every address is written by hand. */
  readonly folders: ReadonlySet<string>;
  /** Whether a key is one that Fairlead writes on Services itself. */
  readonly isWrittenBack: (key: string) => boolean;
  /** The annotations that have been read; see `readOnce`. */
  readonly readings: WeakMap<Meta, KnownReading>;
  /** What there is to read where there are no annotations: the same for thousands. */
  readonly blankReadings: Map<string, Reading>;
  /** The certificates of Secrets that have been read, or why they cannot be used. */
  readonly certificatePairs: WeakMap<Secret, CertificatePair | string>;
  /** The authorities of Secrets and ConfigMaps that have been read, or why they cannot be used. */
  readonly authorities: WeakMap<ConfigMap | Secret, Authorities | string>;
}

/** What a reading depends on besides the annotations and other objects. */
type ReadingOf = Pick<FeatureContext, 'dialect' | 'hasTls' | 'on'>;

/** What was read of an object, and what was known of it then. */
interface KnownReading {
  readonly of: ReadingOf;
  readonly reading: Reading;
}

export function toTranslateContext(settings: Settings): TranslateContext {
  return {
    settings,
    mayServeKeys: mayServePrivateKeys(settings),
    external: new ExternalPolicy(settings.services),
    folders: new Set(settings.sources.flatMap((source) => ('directory' in source ? source.name : []))),
    isWrittenBack: toWrittenBackTest(settings),
    readings: new WeakMap(),
    blankReadings: new Map(),
    certificatePairs: new WeakMap(),
    authorities: new WeakMap(),
  };
}

function toWrittenBackTest({ services }: Settings): (key: string) => boolean {
  const isAllocated = toAllocatedKeyTest(services.expose);
  return (key) => key === 'fairlead.dev/addresses' || isAllocated(key);
}

/**
 * A name in Traefik's configuration that no object of another namespace or source can have: namespace and name, then the rest,
 * joined by `_`. The first source goes without its name; that of another stands before the namespace.
 */
export function toElementName(context: TranslateContext, ref: ObjectRef, ...rest: readonly string[]): string {
  const first = context.settings.sources[0]?.name === ref.source;
  return joinName(first ? ref.namespace : `${ref.source}:${ref.namespace}`, ref.name, ...rest);
}

/** The annotations of a Service. */
export function readServiceAnnotations(context: Translating, meta: Meta): Reading {
  return readOnce(context, meta, { on: 'Service', dialect: 'fairlead', hasTls: false });
}

/** The annotations of an object of the Gateway API by which it has pool ports. */
export function readGatewayAnnotations(
  context: Translating,
  meta: Meta,
  on: Extract<Annotated, 'Gateway' | 'ListenerSet' | 'TCPRoute' | 'TLSRoute' | 'UDPRoute'>,
): Reading {
  return readOnce(context, meta, { on, dialect: 'fairlead', hasTls: false });
}

/** The annotations of an EndpointSlice or an Endpoints object. */
export function readEndpointAnnotations(context: Translating, meta: Meta): Reading {
  const on = meta.ref.kind === 'Endpoints' ? 'Endpoints' : 'EndpointSlice';
  return readOnce(context, meta, { on, dialect: 'fairlead', hasTls: false });
}

/**
 * The annotations of an object. Kept with the object, which never changes: many routes may lead to one Service, and endpoints change
 * more often than what is written about them. But not kept is what follows from other objects, which every translation has to look
 * up itself, to hear of their changes.
 */
export function readOnce(context: Translating, meta: Meta, of: ReadingOf): Reading {
  const blank = isEmpty(meta.annotations) ? `${of.on} ${of.dialect} ${of.hasTls}` : undefined;
  const known = blank === undefined ? context.readings.get(meta) : undefined;
  if (known !== undefined && isSame(known.of, of)) return known.reading;
  const common = blank === undefined ? undefined : context.blankReadings.get(blank);
  if (common !== undefined) return common;
  let looked = false;
  const lookUp = toLookUp(context, meta.ref, () => (looked = true));
  const { annotation } = context.settings.limits;
  const reading = readAnnotations(
    meta,
    { namespace: meta.ref.namespace, lookUp, ...of },
    isGatewayHolder({ kind: of.on }) || of.on === 'TLSRoute' ? isAnswerKey : context.isWrittenBack,
    annotation,
  );
  if (looked) return reading;
  if (blank === undefined) context.readings.set(meta, { of, reading });
  else context.blankReadings.set(blank, reading);
  return reading;
}

function isEmpty(annotations: Meta['annotations']): boolean {
  for (const _ in annotations) return false;
  return true;
}

function isSame(a: KnownReading['of'], b: KnownReading['of']): boolean {
  return a.on === b.on && a.dialect === b.dialect && a.hasTls === b.hasTls;
}

/** What annotations of an object may name. `looked` is called before each look-up. */
function toLookUp(context: Translating, ref: ObjectRef, looked: () => void): LookUp {
  const { view } = context;
  const { source, namespace } = ref;
  return {
    configMap(name) {
      looked();
      return view.configMap(source, namespace, name);
    },
    secret(name) {
      looked();
      return view.secret(source, namespace, name);
    },
    service(name) {
      looked();
      return view.service(source, namespace, name);
    },
    reference(name) {
      looked();
      return refuseReference(context, ref, name);
    },
    clientCertificate(name) {
      looked();
      return toClientCertificate(context, view.secret(source, namespace, name));
    },
    authorities(name) {
      looked();
      return toAuthorities(view.secret(source, namespace, name));
    },
    forbidTarget(host) {
      looked();
      const rights = context.external.of(namespace);
      if (parseIpAddress(host) === undefined)
        return forbidName(host, context.settings, rights.names) ?? forbidUnlisted(host, rights.names);
      const own = toOwnAddresses(context.settings, view, source);
      return forbidByHand(namespace, rights) ?? forbidAddress(host, { rights, own });
    },
  };
}

/** What one translation is given besides its object. */
export interface Translating extends TranslateContext {
  readonly view: View;
  /** A Gateway of ours or a ListenerSet of one as it was resolved; undefined when there is none, or it is another controller's. */
  readonly parent: (ref: ObjectRef) => ResolvedParent | undefined;
  /** Where the Traefiks are that are to serve it, while that is worked out for the fleets of one zone. */
  readonly zone?: string | undefined;
}

/** For what has nothing to do with the Gateway API. */
export const noParents: Translating['parent'] = () => undefined;
