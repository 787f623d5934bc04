import type { Ingress } from '../../model/objects.ts';
import type { Dialect, Settings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';

/** Which fleets serve an Ingress by its class, and whose defaults it was written for. */
export interface Ownership {
  readonly fleets: readonly string[];
  readonly dialect: Dialect;
  /** Undefined for one that names none. */
  readonly ingressClass?: string;
}

/** The class names that these controllers' users write when no IngressClass object is at hand to say it. */
const usualClasses: Readonly<Record<string, string>> = {
  nginx: 'k8s.io/ingress-nginx',
  traefik: 'traefik.io/ingress-controller',
};

const classAnnotation = 'kubernetes.io/ingress.class';

interface NamedClass {
  readonly name: string;
  readonly by: 'annotation' | 'default' | 'spec';
}

/**
 * The class of an Ingress: `spec.ingressClassName` counts before the annotation. In a folder one that names none has the default
 * class, which a cluster fills in when the Ingress is made; one that was there before stays without.
 */
function findClass({ view, folders }: Translating, { className, meta }: Ingress): NamedClass | undefined {
  if (className !== undefined) return { name: className, by: 'spec' };
  const annotated = meta.annotations[classAnnotation] ?? '';
  if (annotated !== '') return { name: annotated, by: 'annotation' };
  const { source } = meta.ref;
  const byDefault = folders.has(source) ? view.defaultIngressClass(source) : undefined;
  return byDefault && { name: byDefault.meta.ref.name, by: 'default' };
}

/** Undefined when the Ingress belongs to another controller, which `explainForeign` puts into words. */
export function findOwnership(context: Translating, ingress: Ingress): Ownership | undefined {
  const { settings, view } = context;
  const name = findClass(context, ingress)?.name;
  const firstFleet = settings.fleets[0]?.name;
  const byDefault = firstFleet === undefined ? [] : [firstFleet];
  if (name === undefined) {
    return settings.ingress.unclassed === 'take' ? { fleets: byDefault, dialect: 'fairlead' } : undefined;
  }
  const controller = view.ingressClass(ingress.meta.ref.source, name)?.controller;
  const fleets = settings.fleets
    .filter((fleet) => fleet.ingressClasses.includes(name))
    .map((fleet) => fleet.name);
  if (fleets.length > 0 && (controller === undefined || controller === settings.ingress.controller))
    return { fleets, dialect: 'fairlead', ingressClass: name };
  if (controller === settings.ingress.controller)
    return { fleets: byDefault, dialect: 'fairlead', ingressClass: name };
  const adopted = findAdopted(settings, controller ?? usualClasses[name]);
  return adopted && { fleets: fleets.length > 0 ? fleets : byDefault, dialect: adopted, ingressClass: name };
}

/** Why an Ingress that is not ours is not, as a part of a sentence. */
export function explainForeign(context: Translating, ingress: Ingress): string {
  const found = findClass(context, ingress);
  if (found === undefined) return 'it names no class, and ingress.unclassed is "ignore"';
  const { name, by } = found;
  const which = {
    spec: `its class ${name}`,
    annotation: `its class ${name} (annotation ${classAnnotation})`,
    default: `the default class ${name}`,
  }[by];
  const controller = context.view.ingressClass(ingress.meta.ref.source, name)?.controller;
  return controller === undefined
    ? `${which} is none of fleets[].ingressClasses, nor adopted (ingress.adopt)`
    : `${which} is of the controller ${controller}, which is neither ingress.controller nor adopted (ingress.adopt)`;
}

function findAdopted(settings: Settings, controller: string | undefined): Dialect | undefined {
  return settings.ingress.adopt.find((each) => each.controller === controller)?.dialect;
}
