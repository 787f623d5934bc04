import { describe, expect, it } from 'vitest';
import { renderUnit, toRenderContexts } from '../../../src/render/render-unit.ts';
import { isPort, type Port } from '../../../src/model/port.ts';
import { toHostMatch } from '../../../src/routes/match.ts';
import { portRoute, settledRoute, sniRoute, toLeaf, toTestSettings } from './intents.ts';

const contexts = toRenderContexts(toTestSettings());

function port(value: number): Port {
  if (!isPort(value)) throw new Error(`${value} is no port`);
  return value;
}

function members(result: ReturnType<typeof renderUnit>, fleet = 'default', bank = 0): readonly string[] {
  return (result.fragments.get(fleet)?.get(bank) ?? []).map(({ section, key }) => `${section} ${key}`);
}

describe('rendering the intents of one object', () => {
  it('gives each element once, though several routes need it', () => {
    const routes = [settledRoute(), settledRoute({ hostName: 'b.example.com' })];
    expect(members(renderUnit(contexts, routes))).toEqual([
      'http.routers ns_web_ingress_a.example.com_~root',
      'http.services ns_web_80',
      'http.routers ns_web_ingress_b.example.com_~root',
    ]);
  });

  it('gives nothing for a fleet that is not configured', () => {
    expect(renderUnit(contexts, [settledRoute({ fleet: 'other' })]).fragments.size).toBe(0);
  });

  it('answers 503 in place of what Traefik would refuse, and owns up to it', () => {
    const broken = settledRoute({
      backend: toLeaf('ns_web_80', {}, [{ hosts: ['no host'], port: 80, weight: 1 }]),
    });
    const result = renderUnit(contexts, [broken, settledRoute({ hostName: 'b.example.com' })]);
    expect(members(result)).toEqual([
      'http.routers ns_web_ingress_a.example.com_~root',
      'http.services unavailable',
      'http.routers ns_web_ingress_b.example.com_~root',
      'http.services ns_web_80',
    ]);
    expect(result.problems.map(({ code, field }) => ({ code, field }))).toEqual([
      { code: 'internal-error', field: 'spec.rules[0]' },
    ]);
  });

  it('owns up to a defect of its own, which costs that object only', () => {
    const path = {
      type: 'Prefix' as const,
      get value(): string {
        throw new Error('a defect');
      },
    };
    const result = renderUnit(contexts, [
      settledRoute({ path }),
      settledRoute({ hostName: 'b.example.com' }),
    ]);
    expect(members(result)).toEqual([
      'http.routers ns_web_ingress_b.example.com_~root',
      'http.services ns_web_80',
    ]);
    expect(result.problems.map(({ code, message }) => ({ code, message }))).toEqual([
      { code: 'internal-error', message: 'What this object became is not valid for Traefik: a defect' },
    ]);
  });

  it('has the certificate of an object in each bank where it ends TLS', () => {
    const ports = { tcp: { range: '20000-20005' }, udp: null, requestable: null, bank: 2 };
    const banked = toRenderContexts(toTestSettings({ fleets: [{ ports }] }));
    const certificate = {
      ...sniRoute({ host: toHostMatch('db.example.com') }),
      kind: 'certificate' as const,
      secret: { source: 'one', kind: 'Secret' as const, namespace: 'ns', name: 'db' },
      names: ['db.example.com'],
      validity: { notBefore: 0, notAfter: 1 },
      certFile: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
      keyFile: '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n',
    };
    const route = sniRoute({ host: toHostMatch('db.example.com'), tls: {}, port: port(20_003) });
    const result = renderUnit(banked, [route, certificate]);
    expect(members(result, 'default', 0)).toEqual(['tls.certificates db.example.com']);
    expect(members(result, 'default', 1)).toContain('tls.certificates db.example.com');
    expect(members(result, 'default', 2)).toEqual([]);
    // Of a listener, whose routes are other objects.
    const ofListener = renderUnit(banked, [{ ...certificate, ports: [port(20_003)] }]);
    for (const bank of [0, 1])
      expect(members(ofListener, 'default', bank)).toEqual(['tls.certificates db.example.com']);
    expect(members(ofListener, 'default', 2)).toEqual([]);
    const { tls: _, ...through } = route;
    expect(members(renderUnit(banked, [through, certificate]), 'default', 1)).not.toContain(
      'tls.certificates db.example.com',
    );
  });

  it('leaves out a port that Traefik would refuse', () => {
    const result = renderUnit(contexts, [
      portRoute(20_001, { backend: { kind: 'load-balancer', key: 'ns_web_3306', addresses: ['no port'] } }),
    ]);
    expect(members(result)).toEqual([]);
    expect(result.problems).toHaveLength(1);
  });

  it('tells once what an old Traefik does not know, however many routes have it', () => {
    const old = toRenderContexts(toTestSettings({ fleets: [{ traefik: '3.5' }] }));
    const backend = toLeaf('ns_web_80', { passiveHealthCheck: { maxFailedAttempts: 2 } }, []);
    const result = renderUnit(old, [
      settledRoute({ backend }),
      settledRoute({ backend, hostName: 'b.example.com' }),
    ]);
    expect(result.problems.map(({ code, message }) => ({ code, message }))).toEqual([
      {
        code: 'traefik-too-old',
        message: 'Traefik 3.5 of fleet default does not know http.services: loadBalancer.passiveHealthCheck',
      },
    ]);
    const service = result.fragments
      .get('default')
      ?.get(0)
      ?.find(({ key }) => key === 'ns_web_80');
    expect(service?.member).toBe('"ns_web_80":{"loadBalancer":{"passHostHeader":true,"servers":[]}}');
  });
});
