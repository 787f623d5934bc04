import { expect, it } from 'vitest';
import { joinAlike } from '../../../../src/kinds/join-alike.ts';
import { parseIpAddress } from '../../../../src/lib/ip-address.ts';
import type { Endpoint, EndpointSlice } from '../../../../src/model/objects.ts';
import { toOwnAddresses } from '../../../../src/translate/backend/own-addresses.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

it('has the addresses of the API server, however many stand in one entry', () => {
  const endpoints = Array.from({ length: 200_000 }, (_, at): Endpoint => ({
    addresses: [`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`],
    ready: true,
    serving: true,
    terminating: false,
  }));
  const slice: EndpointSlice = {
    kind: 'EndpointSlice',
    meta: {
      ref: { source: 'one', kind: 'EndpointSlice', namespace: 'default', name: 'kubernetes' },
      annotations: {},
    },
    service: 'kubernetes',
    addressType: 'IPv4',
    ports: [],
    endpoints: joinAlike(endpoints),
  };
  const settings = toTestSettings();
  const own = toOwnAddresses(settings, toWorld(settings, [slice]).view, 'one');
  const has = (text: string): boolean => {
    const address = parseIpAddress(text);
    return address !== undefined && own.has(address);
  };
  expect(has('10.3.13.63')).toBe(true);
  expect(has('10.4.0.0')).toBe(false);
});
