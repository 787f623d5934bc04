import type { Ingress } from '../../model/objects.ts';
import type { Dialect, Settings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';

/** Which fleets serve an Ingress by its class, and whose defaults it was written for. */
export interface Ownership {
  readonly fleets: readonly string[];
  readonly dialect: Dialect;
}

/** The class names that these controllers' users write when no IngressClass object is at hand to say it. */
const usualClasses: Readonly<Record<string, string>> = {
  nginx: 'k8s.io/ingress-nginx',
  traefik: 'traefik.io/ingress-controller',
};

const legacyAnnotation = 'kubernetes.io/ingress.class';

/** Undefined when the Ingress belongs to another controller. `spec.ingressClassName` counts before the legacy annotation. */
export function findOwnership(context: Translating, ingress: Ingress): Ownership | undefined {
  const { settings, view } = context;
  const { ref, annotations } = ingress.meta;
  const name = ingress.className ?? annotations[legacyAnnotation];
  const firstFleet = settings.fleets[0]?.name;
  const byDefault = firstFleet === undefined ? [] : [firstFleet];
  if (name === undefined || name === '') {
    return settings.ingress.unclassed === 'take' ? { fleets: byDefault, dialect: 'fairlead' } : undefined;
  }
  const controller = view.ingressClass(ref.source, name)?.controller;
  const fleets = settings.fleets
    .filter((fleet) => fleet.ingressClasses.includes(name))
    .map((fleet) => fleet.name);
  if (fleets.length > 0 && (controller === undefined || controller === settings.ingress.controller))
    return { fleets, dialect: 'fairlead' };
  if (controller === settings.ingress.controller) return { fleets: byDefault, dialect: 'fairlead' };
  const adopted = findAdopted(settings, controller ?? usualClasses[name]);
  return adopted && { fleets: fleets.length > 0 ? fleets : byDefault, dialect: adopted };
}

function findAdopted(settings: Settings, controller: string | undefined): Dialect | undefined {
  return settings.ingress.adopt.find((each) => each.controller === controller)?.dialect;
}
