import { describe, expect, it } from 'vitest';
import type { AllowedNamespaces, LabelSelector } from '../../../../src/model/gateway-specs.ts';
import type { Namespace } from '../../../../src/model/objects.ts';
import { admitsNamespace, selects } from '../../../../src/translate/gateway/allowed-namespaces.ts';
import { toTestSettings } from '../../render/intents.ts';
import { toWorld } from '../world.ts';

const owner = { source: 'one', namespace: 'edge' };

function toNamespace(name: string, labels: Readonly<Record<string, string>>, source = 'one'): Namespace {
  const meta = { ref: { source, kind: 'Namespace', namespace: '', name }, annotations: {} } as const;
  return { kind: 'Namespace', meta, labels: { 'kubernetes.io/metadata.name': name, ...labels } };
}

const world = toWorld(toTestSettings(), [
  toNamespace('edge', {}),
  toNamespace('shop', { team: 'a' }),
  toNamespace('elsewhere', { team: 'a' }, 'two'),
]);

function admitted(allowed: AllowedNamespaces): readonly string[] {
  return ['edge', 'shop', 'elsewhere', 'unknown'].filter((name) =>
    admitsNamespace(world, allowed, owner, name),
  );
}

function toSelector(selector: Partial<LabelSelector>): LabelSelector {
  return { matchLabels: {}, matchExpressions: [], ...selector };
}

describe('the namespaces that may attach themselves', () => {
  it('are all, none, or the own one', () => {
    expect(admitted({ from: 'All' })).toEqual(['edge', 'shop', 'elsewhere', 'unknown']);
    expect(admitted({ from: 'None' })).toEqual([]);
    expect(admitted({ from: 'Same' })).toEqual(['edge']);
  });

  it('are those of the own source with the labels of a selector, and none that is not there', () => {
    const selector = toSelector({ matchLabels: { team: 'a' } });
    expect(admitted({ from: 'Selector', selector })).toEqual(['shop']);
    expect(admitted({ from: 'Selector', selector: toSelector({}) })).toEqual(['edge', 'shop']);
  });
});

describe('a selector', () => {
  const labels = { team: 'a', tier: '' };

  it.each([
    [{ key: 'team', operator: 'In', values: ['a', 'b'] }, true],
    [{ key: 'team', operator: 'In', values: ['b'] }, false],
    [{ key: 'none', operator: 'In', values: [''] }, false],
    [{ key: 'team', operator: 'NotIn', values: ['a'] }, false],
    [{ key: 'none', operator: 'NotIn', values: ['a'] }, true],
    [{ key: 'tier', operator: 'Exists', values: [] }, true],
    [{ key: 'none', operator: 'Exists', values: [] }, false],
    [{ key: 'tier', operator: 'DoesNotExist', values: [] }, false],
    [{ key: 'none', operator: 'DoesNotExist', values: [] }, true],
    [{ key: 'constructor', operator: 'Exists', values: [] }, false],
  ] as const)('reads %o as Kubernetes does', (expression, expected) => {
    expect(selects(toSelector({ matchExpressions: [expression] }), labels)).toBe(expected);
  });

  it('asks for all that it says', () => {
    const also = { key: 'tier', operator: 'DoesNotExist', values: [] } as const;
    const matchLabels = { team: 'a' };
    expect(selects(toSelector({ matchLabels }), labels)).toBe(true);
    expect(selects(toSelector({ matchLabels, matchExpressions: [also] }), labels)).toBe(false);
  });
});
