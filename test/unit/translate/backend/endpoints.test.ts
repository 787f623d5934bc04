import { expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../../../../src/model/objects.ts';
import { toDocument } from '../../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../../src/settings/resolve-settings.ts';
import { resolveEndpoints } from '../../../../src/translate/backend/endpoints.ts';
import { toWorld } from '../world.ts';

const settings = resolveSettings({
  document: toDocument({
    sources: [{ name: 'prod', kubernetes: {} }],
    services: { externalEndpoints: { allowedCIDRs: ['192.168.0.0/16'] } },
  }),
  env: {},
  folder: '/',
});
const port = { name: 'http', port: 80, protocol: 'TCP' } as const;

function toService(hasSelector: boolean): Service {
  const ref = { source: 'prod', kind: 'Service', namespace: 'shop', name: 'web' } as const;
  const meta = { ref, annotations: {} };
  return { kind: 'Service', meta, type: 'ClusterIP', headless: false, hasSelector, ports: [port] };
}

/** As a file of `lastKnownGood` has it; without the field it is older than the field. */
function toKeptSlice(fields: Pick<EndpointSlice, 'byHand'>): EndpointSlice {
  const ref = { source: 'prod', kind: 'EndpointSlice', namespace: 'shop', name: 'web-1' } as const;
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    meta: { ref, annotations: {} },
    service: 'web',
    addressType: 'IPv4',
    ...fields,
    ports: [port],
    endpoints: [{ addresses: ['10.244.1.10'], ready: true, serving: true, terminating: false }],
  };
  return JSON.parse(JSON.stringify(slice)) as EndpointSlice;
}

test.each([
  ['a kept slice of pods', {}, true, ['10.244.1.10:80']],
  ['a kept slice of a Service without a selector', {}, false, []],
  ['a kept slice that was written by hand', { byHand: true as const }, true, []],
])('%s is judged as before the restart', (_, fields, hasSelector, addresses) => {
  const service = toService(hasSelector);
  const world = toWorld(settings, [service, toKeptSlice(fields)]);
  const found = resolveEndpoints(world, service, port, {});
  expect(found.addresses.map(({ address }) => address)).toEqual(addresses);
  expect(found.findings.map(({ code }) => code)).toEqual(addresses.length > 0 ? [] : ['address-forbidden']);
});
