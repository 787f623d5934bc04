import type { IngressFacts, Facts } from '../facts.ts';
import type { Found, Rule } from '../finding.ts';
import { nameSome } from '../words.ts';

export const ingressClaimedTwice: Rule = {
  code: 'ingress-claimed-twice',
  finds:
    'An Ingress that Fairlead routes has another class in its annotation, or addresses of others in its status: another controller serves it as well, and the two write over each other.',
  mend: 'Take the annotation `kubernetes.io/ingress.class` away; end the other controller, or give it another class.',
  needs: 'objects; `fleets[].addresses` for the status',
  check: (facts) => [...findTwoClasses(facts.ingresses), ...findOtherAddresses(facts)],
};

function findTwoClasses(ingresses: readonly IngressFacts[]): readonly Found[] {
  const found = ingresses.filter(
    ({ className, annotatedClass }) =>
      className !== null && annotatedClass !== null && className !== annotatedClass,
  );
  const [first] = found;
  if (first === undefined) return [];
  const message = `Their spec.ingressClassName and their annotation kubernetes.io/ingress.class name different classes (${first.className} and ${first.annotatedClass}): controllers that go by the annotation serve them as well`;
  const [, namespace, name] = first.object.split('/');
  const mend = `kubectl annotate ingress ${name} -n ${namespace} kubernetes.io/ingress.class-`;
  return [{ where: nameSome(found.map(({ object }) => object)), message, mend }];
}

function findOtherAddresses({ ingresses, settings }: Facts): readonly Found[] {
  const own = new Map(settings.fleets.map(({ name, addresses }) => [name, addresses]));
  // Of addresses that are looked up nobody here knows what they were a moment ago.
  const isFixed = settings.fleets.every(({ addressSources = [] }) => addressSources.length === 0);
  const found = ingresses.filter(({ addresses, fleets }) => {
    const known = new Set(fleets.flatMap((name) => own.get(name) ?? []));
    return isFixed && known.size > 0 && addresses.some((address) => !known.has(address));
  });
  const [first] = found;
  if (first === undefined) return [];
  const message = `Their status has addresses that are none of their fleet (${nameSome(first.addresses)}): another controller writes there`;
  const mend =
    'end the other controller or give it another class; kubectl get ingressclass -o wide shows whose each is';
  return [{ where: nameSome(found.map(({ object }) => object)), message, mend }];
}
