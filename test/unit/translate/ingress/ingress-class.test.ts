import { describe, expect, it } from 'vitest';
import type { Ingress, IngressClass } from '../../../../src/model/objects.ts';
import { findOwnership, type Ownership } from '../../../../src/translate/ingress/ingress-class.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

const legacy = 'kubernetes.io/ingress.class';
const ours = 'fairlead.dev/ingress-controller';
const nginx = 'k8s.io/ingress-nginx';
const traefik = 'traefik.io/ingress-controller';

const classes: readonly IngressClass[] = Object.entries({
  fairlead: ours,
  own: ours,
  stolen: 'example.com/other',
  public: nginx,
  traefik,
  other: traefik,
}).map(([name, controller]) => ({
  kind: 'IngressClass',
  meta: { ref: { source: 'one', kind: 'IngressClass', namespace: '', name }, annotations: {} },
  controller,
}));

function own(
  named: { readonly className?: string; readonly annotation?: string },
  ingress: Readonly<Record<string, unknown>> = {},
): Ownership | undefined {
  const fleets = [
    { name: 'a', ingressClasses: ['fairlead', 'both', 'stolen'] },
    { name: 'b', ingressClasses: ['both', 'public'] },
  ];
  const { className, annotation } = named;
  const object: Ingress = {
    kind: 'Ingress',
    meta: {
      ref: { source: 'one', kind: 'Ingress', namespace: 'n', name: 'i' },
      annotations: annotation === undefined ? {} : { [legacy]: annotation },
    },
    ...(className !== undefined && { className }),
    rules: [],
    tls: [],
    addresses: [],
  };
  return findOwnership(toWorld(toTestSettings({ fleets, ingress }), classes), object);
}

const inFleets = (...fleets: readonly string[]): object => ({ fleets, dialect: 'fairlead' });

describe('an Ingress belongs to', () => {
  it('the fleets that list its class, by name or by annotation', () => {
    expect(own({ className: 'fairlead' })).toMatchObject(inFleets('a'));
    expect(own({ className: 'both' })).toMatchObject(inFleets('a', 'b'));
    expect(own({ annotation: 'both' })).toMatchObject(inFleets('a', 'b'));
  });

  it('the first fleet when its class has our controller and no fleet lists it', () => {
    expect(own({ className: 'own' })).toMatchObject(inFleets('a'));
  });

  it('nobody here when its class has another controller, or is unknown', () => {
    expect(own({ className: 'stolen' })).toBeUndefined();
    expect(own({ className: 'unknown' })).toBeUndefined();
    expect(own({ className: 'unknown', annotation: 'fairlead' })).toBeUndefined();
    expect(own({ className: 'constructor' })).toBeUndefined();
  });

  it('nobody here without a class, unless unclassed ones are taken', () => {
    expect(own({})).toBeUndefined();
    expect(own({ annotation: '' })).toBeUndefined();
    expect(own({}, { unclassed: 'take' })).toMatchObject(inFleets('a'));
    expect(own({ className: 'unknown' }, { unclassed: 'take' })).toBeUndefined();
  });

  it('us when its controller is adopted, with the defaults of that', () => {
    const adopt = { adopt: [{ controller: nginx, dialect: 'nginx' }] };
    expect(own({ className: 'public' }, adopt)).toMatchObject({
      fleets: ['b'],
      dialect: 'nginx',
      adopted: { controller: nginx },
      ingressClass: 'public',
    });
    for (const named of [{ className: 'nginx' }, { annotation: 'nginx' }])
      expect(own(named, adopt)).toMatchObject({ fleets: ['a'], dialect: 'nginx', ingressClass: 'nginx' });
    expect(own({ className: 'traefik' }, adopt)).toBeUndefined();
    expect(own({ className: 'public' })).toBeUndefined();
  });
});

/** Which of the ways to name a class Traefik's own provider takes, as it was seen to do with these IngressClasses. */
describe('of an adopted Traefik', () => {
  const ways = {
    none: {},
    'ann=': { annotation: '' },
    'ann=traefik': { annotation: 'traefik' },
    'ann=other': { annotation: 'other' },
    'ann=nginx': { annotation: 'nginx' },
    'class=traefik': { className: 'traefik' },
    'class=other': { className: 'other' },
    'class=public': { className: 'public' },
    'class=missing': { className: 'missing' },
    'class=other+ann=nginx': { className: 'other', annotation: 'nginx' },
    'class=public+ann=traefik': { className: 'public', annotation: 'traefik' },
  };
  const taken = (told: readonly string[], unclassed = 'ignore'): readonly string[] =>
    Object.entries(ways).flatMap(([way, named]) => {
      const adopt = [{ controller: traefik, dialect: 'traefik', classes: told }];
      const ownership = own(named, { adopt, unclassed });
      return ownership?.dialect === 'traefik' ? way : [];
    });
  const byClass = ['class=other', 'class=other+ann=nginx'];

  it('all of its classes are served, and by annotation the usual one', () => {
    expect(taken([])).toEqual(['ann=traefik', 'class=traefik', ...byClass]);
  });

  it('those without a class are as well, where unclassed ones are taken', () => {
    expect(taken([], 'take')).toEqual(['none', 'ann=', 'ann=traefik', 'class=traefik', ...byClass]);
  });

  it('only the classes that it was told', () => {
    expect(taken(['other'])).toEqual(['ann=other', ...byClass]);
    expect(taken(['traefik'], 'take')).toEqual(['ann=traefik', 'class=traefik']);
  });
});
