import { BlockList } from 'node:net';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Meta } from '../model/objects.ts';
import type { View } from '../model/snapshot.ts';
import { readAnnotations, type Reading } from '../annotations/read.ts';
import type { LookUp } from '../annotations/feature.ts';
import { toBlockList } from '../annotations/parsers.ts';
import { joinName } from '../traefik/names.ts';
import { mayServePrivateKeys, type Settings } from '../settings/settings.ts';

/** What every translator gets: the settings, and what was worked out from them once. */
export interface TranslateContext {
  readonly settings: Settings;
  readonly mayServeKeys: boolean;
  readonly allowedEndpoints: BlockList;
  /** The sources that are folders: there every address is written by hand. */
  readonly folders: ReadonlySet<string>;
  /** Whether a key is one that Fairlead writes on Services itself. */
  readonly isWrittenBack: (key: string) => boolean;
  /** The annotations of Services that have been read; see `readServiceAnnotations`. */
  readonly serviceReadings: WeakMap<Meta, Reading>;
}

export function toTranslateContext(settings: Settings): TranslateContext {
  return {
    settings,
    mayServeKeys: mayServePrivateKeys(settings),
    allowedEndpoints: toBlockList(settings.services.externalEndpoints.allowedCIDRs),
    folders: new Set(settings.sources.flatMap((source) => ('directory' in source ? source.name : []))),
    isWrittenBack: toWrittenBackTest(settings),
    serviceReadings: new WeakMap(),
  };
}

function toWrittenBackTest(settings: Settings): (key: string) => boolean {
  const patterns = settings.services.expose.map(({ allocated }) => {
    const escaped = allocated.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(
      `^${escaped.replace(String.raw`\{protocol\}`, '(tcp|udp)').replace(String.raw`\{port\}`, String.raw`[\w.-]+`)}$`,
    );
  });
  return (key) => key === 'fairlead.dev/addresses' || patterns.some((pattern) => pattern.test(key));
}

/**
 * A name in Traefik's configuration that no object of another namespace or source can have: namespace and name, then the rest,
 * joined by `_`. The first source goes without its name; that of another stands before the namespace.
 */
export function toElementName(context: TranslateContext, ref: ObjectRef, ...rest: readonly string[]): string {
  const first = context.settings.sources[0]?.name === ref.source;
  return joinName(first ? ref.namespace : `${ref.source}:${ref.namespace}`, ref.name, ...rest);
}

/**
 * The annotations of a Service. Kept with the object, which never changes, since many routes may lead to one Service; but not what
 * follows from other objects, which every translation has to look up itself, to hear of their changes.
 */
export function readServiceAnnotations(context: Translating, meta: Meta): Reading {
  const known = context.serviceReadings.get(meta);
  if (known !== undefined) return known;
  let looked = false;
  const lookUp = toLookUp(context.view, meta.ref, () => (looked = true));
  const about = { on: 'Service', dialect: 'fairlead', hasTls: false, lookUp } as const;
  const reading = readAnnotations(meta, about, context.isWrittenBack);
  if (!looked) context.serviceReadings.set(meta, reading);
  return reading;
}

/** What annotations of an object may name. `looked` is called before each look-up. */
export function toLookUp(
  view: View,
  { source, namespace }: ObjectRef,
  looked: () => void = () => undefined,
): LookUp {
  return {
    secret(name) {
      looked();
      return view.secret(source, namespace, name);
    },
    service(name) {
      looked();
      return view.service(source, namespace, name);
    },
  };
}

/** What one translation is given besides its object. */
export interface Translating extends TranslateContext {
  readonly view: View;
}
