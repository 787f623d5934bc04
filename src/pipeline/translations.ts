import NodeCache from 'node-cache';
import { toFleetKey, toObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { SourceObject } from '../model/objects.ts';
import { toProblem } from '../model/problem.ts';
import type { View } from '../model/snapshot.ts';
import { isAnnotatedEndpoints, isRouted } from '../kinds/index.ts';
import type { Dependency } from '../source/object-store.ts';
import type { FleetSettings } from '../settings/settings.ts';
import type { TranslateContext, Translating } from '../translate/context.ts';
import { translateFleet } from '../translate/fleet.ts';
import { translateGatewayObject } from '../translate/gateway/translate-gateway-object.ts';
import { translateIngress } from '../translate/ingress/ingress.ts';
import { translateEndpoints } from '../translate/endpoints.ts';
import { toEmptyTranslation, type Translation } from '../routes/intent.ts';
import { translateService } from '../translate/service/service.ts';
import { Dependents } from './dependents.ts';
import { listenersOf } from './tracking-view.ts';

/** The translation of every object, each kept until something that it looked up changes. */
export class Translations {
  // Never cloned, never expired: this holds what is being served.
  readonly #kept = new NodeCache({ useClones: false, stdTTL: 0, checkperiod: 0 });
  readonly #dependents = new Dependents();
  readonly #context: TranslateContext;
  readonly #ofOneFleet = new Map<string, readonly string[]>();

  readonly #findParent: Translating['parent'];

  /** @param findParent Finds a Gateway or a ListenerSet as it was resolved. */
  constructor(context: TranslateContext, findParent: Translating['parent']) {
    this.#context = context;
    this.#findParent = findParent;
  }

  get(unit: ObjectKey): Translation | undefined {
    return this.#kept.get<Translation>(unit);
  }

  /** The objects whose translation looked any of these up. */
  dependentsOf(touched: ReadonlySet<Dependency>): ReadonlySet<ObjectKey> {
    return this.#dependents.of(touched);
  }

  /** Translates an object again; `look` makes the view, which notes the look-ups in the set it is given. */
  translate(unit: ObjectKey, object: SourceObject, look: (seen: Set<Dependency>) => View): Translation {
    return this.#keep(unit, look, (context) => translateSafely(context, object, unit));
  }

  /** Works out again what a fleet asks of the sources. */
  translateFleet(fleet: FleetSettings, look: (seen: Set<Dependency>) => View): Translation {
    return this.#keep(toFleetKey(fleet.name), look, (context) => translateFleet(context, fleet));
  }

  #keep(
    unit: ObjectKey,
    look: (seen: Set<Dependency>) => View,
    translate: (context: Translating) => Translation,
  ): Translation {
    const seen = new Set<Dependency>([unit]);
    const parent: Translating['parent'] = (ref) => {
      seen.add(listenersOf(toObjectKey(ref)));
      return this.#findParent(ref);
    };
    // The zone is there from the start: who serves for one writes over it, and need not make an object of another shape.
    const translation = this.#toLean(
      unit,
      translate({ view: look(seen), parent, zone: undefined, ...this.#context }),
    );
    this.#kept.set<Translation>(unit, translation);
    this.#dependents.replace(unit, seen);
    return translation;
  }

  forget(unit: ObjectKey): void {
    this.#dependents.forget(unit);
    this.#kept.del(unit);
  }

  /**
   * With one text for the key, one and the same list for all that are empty, and one for all that are of one fleet: there are tens of
   * thousands of translations.
   */
  #toLean(unit: ObjectKey, translation: Translation): Translation {
    const { fleets, intents, portClaims, clientCertificates, asked, uses, problems } = translation;
    return {
      ...translation,
      unit,
      fleets: this.#toShared(fleets),
      intents: orNone(intents),
      portClaims: orNone(portClaims),
      ...(clientCertificates && { clientCertificates: orNone(clientCertificates) }),
      asked: orNone(asked),
      uses: orNone(uses),
      problems: orNone(problems),
    };
  }

  #toShared(fleets: readonly string[]): readonly string[] {
    const [only, ...others] = fleets;
    if (only === undefined || others.length > 0) return orNone(fleets);
    const known = this.#ofOneFleet.get(only) ?? fleets;
    this.#ofOneFleet.set(only, known);
    return known;
  }
}

const none: readonly never[] = [];

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list;
}

function translateSafely(context: Translating, object: SourceObject, unit: ObjectKey): Translation {
  if (!isRouted(object) && !isAnnotatedEndpoints(object)) return toEmptyTranslation(unit);
  try {
    switch (object.kind) {
      case 'Ingress':
        return translateIngress(context, object);
      case 'Service':
        return translateService(context, object);
      case 'EndpointSlice':
      case 'Endpoints':
        return translateEndpoints(context, object);
      case 'BackendTLSPolicy':
      case 'GRPCRoute':
      case 'Gateway':
      case 'GatewayClass':
      case 'HTTPRoute':
      case 'ListenerSet':
      case 'TCPRoute':
      case 'TLSRoute':
      case 'UDPRoute':
        return translateGatewayObject(context, object);
    }
  } catch (error) {
    // A translator reports what a user can get wrong, so what it throws is our defect. One tenant's
    // object must not take down the others' routes while we mend it.
    const message = `Fairlead failed on this object: ${error instanceof Error ? error.message : String(error)}`;
    const problem = toProblem('internal-error', object.meta.ref, {
      message,
      hint: 'Please report it, with the object.',
    });
    return { ...toEmptyTranslation(unit), problems: [problem] };
  }
}
