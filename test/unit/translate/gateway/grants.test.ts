import { describe, expect, it } from 'vitest';
import type { ReferenceGrant } from '../../../../src/model/objects.ts';
import { gatewayGroup, mayRefer } from '../../../../src/translate/gateway/grants.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

const gateway = { source: 'one', kind: 'Gateway', namespace: 'edge', name: 'main' };
const secret = { group: '', kind: 'Secret', namespace: 'certs', name: 'shop' };

function toGrant(change: Partial<ReferenceGrant> = {}, source = 'one'): ReferenceGrant {
  return {
    kind: 'ReferenceGrant',
    meta: { ref: { source, kind: 'ReferenceGrant', namespace: 'certs', name: 'g' }, annotations: {} },
    from: [{ group: gatewayGroup, kind: 'Gateway', namespace: 'edge' }],
    to: [{ group: '', kind: 'Secret' }],
    ...change,
  };
}

function isGranted(grant: ReferenceGrant | undefined, from = gateway, to = secret): boolean {
  return mayRefer(toWorld(toTestSettings(), grant === undefined ? [] : [grant]), from, to);
}

describe('a reference to an object of another namespace', () => {
  it('needs a grant there', () => {
    expect(isGranted(undefined)).toBe(false);
    expect(isGranted(toGrant())).toBe(true);
    expect(isGranted(undefined, gateway, { ...secret, namespace: 'edge' })).toBe(true);
  });

  it('is granted to the kind and namespace that refer, and to no other', () => {
    expect(isGranted(toGrant(), { ...gateway, kind: 'ListenerSet' })).toBe(false);
    expect(isGranted(toGrant(), { ...gateway, namespace: 'shop' })).toBe(false);
    expect(
      isGranted(toGrant({ from: [{ group: gatewayGroup, kind: 'Service', namespace: 'edge' }] }), {
        ...gateway,
        kind: 'Service',
      }),
    ).toBe(false);
  });

  it('is granted for a kind, or for one object of it', () => {
    expect(isGranted(toGrant({ to: [{ group: '', kind: 'Secret', name: 'shop' }] }))).toBe(true);
    expect(isGranted(toGrant({ to: [{ group: '', kind: 'Secret', name: 'other' }] }))).toBe(false);
    expect(isGranted(toGrant({ to: [{ group: '', kind: 'ConfigMap' }] }))).toBe(false);
    expect(isGranted(toGrant({ to: [{ group: 'example.com', kind: 'Secret' }] }))).toBe(false);
  });

  it('is not granted by what another source has', () => {
    expect(isGranted(toGrant({}, 'two'))).toBe(false);
  });
});
