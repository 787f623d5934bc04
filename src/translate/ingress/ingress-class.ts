import type { Ingress, IngressClass } from '../../model/objects.ts';
import type { AdoptedController, Dialect, Settings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';

/** Which fleets serve an Ingress by its class, and whose defaults it was written for. */
export interface Ownership {
  readonly fleets: readonly string[];
  readonly dialect: Dialect;
  /** Of an Ingress that another controller served before: what is configured for those. */
  readonly adopted?: AdoptedController;
  /** Undefined for one that names none. */
  readonly ingressClass?: string;
}

/** The class names that these controllers' users write when no IngressClass object is at hand to say it. */
const usualClasses: Readonly<Record<string, string>> = {
  'k8s.io/ingress-nginx': 'nginx',
  'traefik.io/ingress-controller': 'traefik',
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
  const named = findClass(context, ingress);
  const firstFleet = settings.fleets[0]?.name;
  const byDefault = firstFleet === undefined ? [] : [firstFleet];
  if (named === undefined) return findUnclassed(settings, byDefault);
  const { name } = named;
  const object = view.ingressClass(ingress.meta.ref.source, name);
  const controller = object?.controller;
  const fleets = settings.fleets
    .filter((fleet) => fleet.ingressClasses.includes(name))
    .map((fleet) => fleet.name);
  if (fleets.length > 0 && (controller === undefined || controller === settings.ingress.controller))
    return { fleets, dialect: 'fairlead', ingressClass: name };
  if (controller === settings.ingress.controller)
    return { fleets: byDefault, dialect: 'fairlead', ingressClass: name };
  const adopted = settings.ingress.adopt.find((each) => isAdopted(each, named, object));
  return (
    adopted && {
      fleets: fleets.length > 0 ? fleets : byDefault,
      dialect: adopted.dialect,
      adopted,
      ingressClass: name,
    }
  );
}

/** Traefik takes Ingresses without a class too, unless it is told its class; ingress-nginx leaves them to others. */
function findUnclassed(
  { ingress: { adopt, unclassed } }: Settings,
  fleets: readonly string[],
): Ownership | undefined {
  if (unclassed === 'ignore') return undefined;
  const adopted = adopt.find(({ dialect, classes }) => dialect === 'traefik' && classes.length === 0);
  return adopted ? { fleets, dialect: adopted.dialect, adopted } : { fleets, dialect: 'fairlead' };
}

/**
 * Whether a controller had an Ingress of this class: by `spec`, that of one of its IngressClasses; by the annotation, the one class that
 * it was told, whatever IngressClasses there are. Sources: shouldProcessIngress of Traefik, the class check of ingress-nginx.
 */
function isAdopted(
  { controller, classes }: AdoptedController,
  { name, by }: NamedClass,
  object: IngressClass | undefined,
): boolean {
  const told = classes.length > 0 ? classes : [usualClasses[controller]];
  if (by === 'annotation' || object === undefined) return told.includes(name);
  return object.controller === controller && (classes.length === 0 || classes.includes(name));
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
  if (controller === undefined)
    return `${which} is none of fleets[].ingressClasses, nor adopted (ingress.adopt)`;
  if (!context.settings.ingress.adopt.some((each) => each.controller === controller))
    return `${which} is of the controller ${controller}, which is neither ingress.controller nor adopted (ingress.adopt)`;
  return by === 'annotation'
    ? `${which} is none that ${controller} goes by; name it in spec.ingressClassName or in ingress.adopt[].classes`
    : `${which} is none of ingress.adopt[].classes`;
}
