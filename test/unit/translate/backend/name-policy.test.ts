import { describe, expect, it } from 'vitest';
import { toDocument } from '../../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../../src/settings/resolve-settings.ts';
import { ExternalPolicy, type NameRights } from '../../../../src/translate/backend/external-rights.ts';
import { forbidName, forbidUnlisted } from '../../../../src/translate/backend/name-policy.ts';

function toSettings(allowed: readonly string[] = []) {
  return resolveSettings({
    document: toDocument({
      sources: [{ name: 'prod', kubernetes: {} }],
      fleets: [{ addresses: ['Edge.example.com'] }],
      services: { allowExternalName: true, externalNames: { allowed } },
    }),
    env: {},
    folder: '/',
  });
}

const settings = toSettings();
const toNames = (allowed: readonly string[]): NameRights =>
  new ExternalPolicy(toSettings(allowed).services).of('shop').names;

describe('a name as a server', () => {
  it.each([
    'api.example.org',
    'api.example.org.',
    'x1.y2',
    '0x7f.example.org',
    'db.shop.svc.cluster.local',
    'kubernetes.example.org',
    'kubernetes.shop.svc',
    'a.pod.example.org',
    'internal.example.org',
  ])('may be %s', (name) => expect(forbidName(name, settings)).toBeUndefined());

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '127.0x1',
    '0x',
    '127.0.0.1.nip.io',
    'x.localtest.me',
  ])('may not be %s, which is read as an address', (name) =>
    expect(forbidName(name, settings)).toContain('means an address'),
  );

  it.each([
    'localhost',
    'a.localhost',
    'LOCALHOST.LocalDomain.',
    'host.docker.internal',
    'host.containers.internal',
    'metadata.google.internal',
    'instance-data.ec2.internal',
    'metadata.goog',
  ])('may not be %s, which is the host or a metadata service', (name) =>
    expect(forbidName(name, settings)).toContain('edge host itself or a metadata service'),
  );

  it.each([
    'kubernetes.default',
    'KUBERNETES.default.svc',
    'kubernetes.default.svc.cluster.local.',
    'kubernetes.default.svc.corp.example',
    'fairlead.fairlead-system.svc.cluster.local',
    'pod-0.fairlead.fairlead-system.svc',
    'traefik.traefik',
    'kube-dns.kube-system.svc.cluster.local',
    '10-0-0-1.shop.pod.cluster.local',
    'edge.example.com',
  ])('may not be %s, which is the edge or the API server', (name) =>
    expect(forbidName(name, settings)).toContain('the edge itself or of the API server'),
  );

  it.each(['db', 'metadata', 'kubernetes'])(
    'may be %s, which has no dot, only where it is listed',
    (name) => {
      expect(forbidName(name, settings)).toContain('has no dot');
      expect(forbidName('db', settings, toNames(['db']))).toBeUndefined();
      expect(forbidName('localhost', settings, toNames(['localhost']))).toContain('edge host itself');
    },
  );

  it.each(['', 'a b', 'a/b', 'a..b', '-a', 'a:80', '::1', 'x'.repeat(254), 'a@b', 'ä.de'])(
    'is not %j',
    (name) => expect(forbidName(name, settings)).toBe('is not a DNS name'),
  );
});

describe('names that are allowed', () => {
  it.each([
    ['a.example.com', true],
    ['A.B.example.com.', true],
    ['example.com', false],
    ['aexample.com', false],
    ['db.example.org', true],
    ['x.db.example.org', false],
  ])('decide about %s: %j', (name, expected) =>
    expect(forbidUnlisted(name, toNames(['*.example.com', 'db.example.org'])) === undefined).toBe(expected),
  );

  it('are all of them when none is listed', () =>
    expect(forbidUnlisted('x.test', toNames([]))).toBeUndefined());
});
