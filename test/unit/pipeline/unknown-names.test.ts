import { expect, it } from 'vitest';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { UnknownNames } from '../../../src/pipeline/unknown-names.ts';
import type { SettledRoute } from '../../../src/routes/intent.ts';
import { anyHost, toHostMatch, type HostMatch } from '../../../src/routes/match.ts';
import { settledRoute, toTestSettings } from '../render/intents.ts';

const many: HostMatch = { kind: 'wildcard', suffix: 'example.com', labels: 'many' };

function secured(host: HostMatch): SettledRoute {
  return settledRoute({ host, tls: {} });
}

function toUnknownNames(fleet: object): UnknownNames {
  return new UnknownNames(toTestSettings({ fleets: [{ name: 'default', ...fleet }] }).fleets);
}

it('are closed where a fleet asks for it, while no route over TLS is for whatever name', () => {
  const names = toUnknownNames({ refuseUnknownSni: true });
  const [a, b] = ['a', 'b'].map((name) =>
    toObjectKey({ source: 's', kind: 'Ingress', namespace: 'n', name }),
  );
  if (a === undefined || b === undefined) throw new Error('no keys');
  const isClosed = (): boolean => names.toFragments('default').length > 0;
  expect(isClosed()).toBe(true);
  expect(names.replace(a, [settledRoute({ host: anyHost }), secured(toHostMatch('a.example.com'))])).toEqual(
    [],
  );
  expect(names.replace(a, [secured(toHostMatch('*.example.com'))])).toEqual([]);
  expect(isClosed()).toBe(true);
  expect(names.replace(a, [secured(many)])).toEqual(['default']);
  expect(names.replace(b, [secured(anyHost)])).toEqual([]);
  expect(isClosed()).toBe(false);
  expect(names.replace(a, [])).toEqual([]);
  expect(names.replace(b, [])).toEqual(['default']);
  expect(isClosed()).toBe(true);
});

it('have Traefik name a wildcard of one label only from 3.7 on', () => {
  const names = toUnknownNames({ refuseUnknownSni: true, traefik: '3.6' });
  const unit = toObjectKey({ source: 's', kind: 'Ingress', namespace: 'n', name: 'a' });
  const route = settledRoute({ host: toHostMatch('*.example.com'), tls: {} });
  expect(names.replace(unit, [route])).toEqual(['default']);
});

it('are not closed where nobody asks for it', () => {
  expect(toUnknownNames({}).toFragments('default')).toEqual([]);
});
