import { describe, expect, it } from 'vitest';
import type { FeatureContext } from '../../../src/annotations/feature.ts';
import { readAnnotations, type Reading } from '../../../src/annotations/read.ts';

function read(annotations: Readonly<Record<string, string>>, context: Partial<FeatureContext> = {}): Reading {
  const on = context.on ?? 'Service';
  const ref = { source: 's', kind: 'Service', namespace: 'n', name: 'o' } as const;
  return readAnnotations(
    { ref, annotations },
    { on, namespace: 'n', dialect: 'fairlead', hasTls: false, lookUp: nothing, ...context },
    (key) => key.startsWith('tcp.fairlead.dev/'),
    1_000,
  );
}

const nothing: FeatureContext['lookUp'] = {
  configMap: () => undefined,
  secret: () => undefined,
  service: () => undefined,
  reference: () => undefined,
  clientCertificate: () => ({ why: 'does not exist', hint: '' }),
  authorities: () => ({ why: 'does not exist', hint: '' }),
  forbidTarget: () => undefined,
};

const unknown = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`fairlead.dev/x${index}-unknown`, '']));

const say = (text: string): Reading => read({ 'fairlead.dev/allocate-ports-for': text }, { on: 'Gateway' });

const codes = ({ problems }: Reading): readonly string[] => problems.map(({ code }) => code);

describe('reading annotations', () => {
  it('turns valid values into typed directives', () => {
    const { directives, problems } = read({
      'fairlead.dev/host': 'a.com,b.com',
      'fairlead.dev/expose': 'mysql,53',
      'fairlead.dev/request-port.mysql': '20085',
      'fairlead.dev/request-port.53': '20086',
    });
    expect(problems).toEqual([]);
    expect(directives.hosts).toEqual(['a.com', 'b.com']);
    expect(directives.expose).toEqual(['mysql', '53']);
    expect([...(directives.requestedPorts ?? [])]).toEqual([
      ['53', 20_086],
      ['mysql', 20_085],
    ]);
  });

  it('uses the default for a value that it cannot read, and says so', () => {
    const reading = read({ 'fairlead.dev/retries': 'many' });
    expect(reading.directives).toEqual({});
    expect(reading.problems).toMatchObject([
      { code: 'annotation-invalid', field: 'metadata.annotations[fairlead.dev/retries]' },
    ]);
    expect(reading.effects).toMatchObject([{ effect: 'rejected', value: 'many' }]);
  });

  it('withholds when the value was to limit access', () => {
    const reading = read({ 'fairlead.dev/allow-cidrs': 'everyone', 'fairlead.dev/retries': '3' });
    expect(reading.directives).toMatchObject({ withhold: true, middlewares: [{ role: 'retries' }] });
    expect(codes(reading)).toEqual(['access-limit-unusable']);
    expect(reading.effects.map(({ effect }) => effect)).toEqual(['withholds', 'used']);
  });

  it('withholds for an access limit of another controller', () => {
    const reading = read({ 'nginx.ingress.kubernetes.io/enable-global-auth': 'true' }, { on: 'Ingress' });
    expect(reading.directives.withhold).toBe(true);
  });

  it('withholds for a slip in the name of such a limit', () => {
    const reading = read({ 'nginx.ingress.kubernetes.io/enable-modsecurit': 'true' }, { on: 'Ingress' });
    expect(reading.directives.withhold).toBe(true);
    expect(reading.problems[0]?.hint).toContain('nginx.ingress.kubernetes.io/enable-modsecurity');
  });

  it('says by name what of another controller is not carried out, unless it asks for nothing', () => {
    const reading = read(
      {
        'nginx.ingress.kubernetes.io/enable-modsecurity': 'false',
        'nginx.ingress.kubernetes.io/limit-rate': '100',
        'nginx.ingress.kubernetes.io/no-such-thing': '1',
      },
      { on: 'Ingress' },
    );
    expect(reading.directives).toEqual({});
    expect(codes(reading)).toEqual(['annotation-not-supported', 'annotation-unknown']);
    expect(reading.effects.map(({ effect }) => effect)).toEqual(['no-effect', 'no-effect', 'no-effect']);
  });

  it('says of one that is used what differs from where it comes from', () => {
    const key = 'nginx.ingress.kubernetes.io/force-ssl-redirect';
    const [used] = read({ [key]: 'true' }, { on: 'Ingress' }).effects;
    expect(used).toMatchObject({ effect: 'used', differs: expect.stringContaining('308') });
    const [rejected] = read({ [key]: 'maybe' }, { on: 'Ingress' }).effects;
    expect(rejected).toMatchObject({ effect: 'rejected' });
    expect(rejected).not.toHaveProperty('differs');
  });

  it('ignores an annotation on the wrong kind', () => {
    const reading = read({ 'fairlead.dev/weights': 'a=1' }, { on: 'Ingress' });
    expect(reading.directives).toEqual({});
    expect(codes(reading)).toEqual(['annotation-not-supported']);
  });

  it('says nothing of what Fairlead wrote itself, or of what is not its business', () => {
    const reading = read({ 'tcp.fairlead.dev/3306': '20000', 'example.com/x': 'y' });
    expect(reading.problems).toEqual([]);
    expect(reading.effects.map(({ key, effect }) => [key, effect])).toEqual([
      ['tcp.fairlead.dev/3306', 'written-back'],
    ]);
  });

  it('is not misled by keys that JavaScript has a meaning for', () => {
    const annotations = JSON.parse('{"__proto__": "x", "constructor": "y", "fairlead.dev/__proto__": "z"}');
    expect(codes(read(annotations))).toEqual(['annotation-unknown']);
  });

  it('redirects to HTTPS where the dialect does, unless the annotation says otherwise', () => {
    const nginx = { on: 'Ingress', dialect: 'nginx', hasTls: true } as const;
    const key = 'nginx.ingress.kubernetes.io/ssl-redirect';
    expect(read({}, nginx).directives.middlewares).toMatchObject([{ role: 'https', whenTls: true }]);
    expect(read({ [key]: 'false' }, nginx).directives.middlewares).toMatchObject([{ middleware: null }]);
    expect(read({}, { ...nginx, dialect: 'fairlead' }).directives).toEqual({});
    const force = read({ 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' }, { on: 'Ingress' });
    expect(force.directives.middlewares?.[0]).not.toHaveProperty('whenTls');
  });

  it('leaves unread what is longer than it may be, and closes the route where that limits access', () => {
    const size = read({ 'fairlead.dev/max-body': '1'.repeat(1_001) });
    expect([codes(size), size.directives]).toEqual([['annotation-too-long'], {}]);
    const limit = read({ 'fairlead.dev/allow-cidrs': '10.0.0.1,'.repeat(500) });
    expect([codes(limit), limit.directives]).toEqual([
      ['annotation-too-long'],
      { withhold: true, withholdPorts: true },
    ]);
    const near = read({ 'fairlead.dev/allow-cidrs': '10.0.0.1,'.repeat(400) });
    expect(codes(near)).toEqual(['limit-near']);
    expect(near.directives.middlewares).toHaveLength(1);
  });

  it('takes an object with too many unknown names for one that asks for a limit', () => {
    expect(read(unknown(100)).directives).toEqual({});
    expect(read(unknown(101)).directives).toEqual({ withhold: true, withholdPorts: true });
    expect(codes(read(unknown(10_000)))).toContain('access-limit-unusable');
  });

  it('takes listeners by name, and no word for all of them', () => {
    const on = 'ListenerSet';
    expect(read({ 'fairlead.dev/allocate-port': 'mysql, dns,mysql' }, { on }).directives).toEqual({
      allocatePort: ['mysql', 'dns'],
    });
    for (const text of ['*', 'true', '', 'a b', 'x'.repeat(64)]) {
      const reading = read({ 'fairlead.dev/allocate-port': text }, { on });
      expect([reading.directives, codes(reading)]).toEqual([{}, ['annotation-invalid']]);
    }
    expect(codes(read({ 'fairlead.dev/allocate-port': 'mysql' }))).toEqual(['annotation-not-supported']);
  });

  it('takes who may ask a Gateway for ports', () => {
    expect(say('same').directives).toEqual({ allocatePortsFor: { from: 'Same' } });
    expect(say(' All').directives).toEqual({ allocatePortsFor: { from: 'All' } });
    expect(say('team=a').directives.allocatePortsFor).toMatchObject({ from: 'Selector' });
    expect(codes(say('team a'))).toEqual(['annotation-invalid']);
    expect(codes(say(''))).toEqual(['annotation-invalid']);
  });
});
