import { expect, it } from 'vitest';
import { toObjectKey } from '../../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../../src/model/objects.ts';
import type { Pipeline } from '../../../../src/pipeline/pipeline.ts';
import { toObjects } from '../../../golden/support/golden-case.ts';
import { replay, toSets } from '../../../golden/support/replay.ts';
import { toTestSettings } from '../../render/intents.ts';

const gatewayClass = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: fairlead }
spec: { controllerName: fairlead.dev/gateway-controller }
`;

const toDefinition = (version: string | undefined, plural = 'gatewayclasses'): readonly SourceObject[] => {
  const annotations =
    version === undefined ? '' : `, annotations: { gateway.networking.k8s.io/bundle-version: ${version} }`;
  const text = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.gateway.networking.k8s.io${annotations} }
spec: { group: gateway.networking.k8s.io, scope: Cluster, names: { plural: ${plural} }, versions: [] }
`;
  return toObjects(text, 'one', []);
};

const start = (): Pipeline => replay(toTestSettings(), [toSets(toObjects(gatewayClass, 'one', []))]).pipeline;

/** `True SupportedVersion`, of the class. */
function versionOf(pipeline: Pipeline): string | undefined {
  const key = toObjectKey({ source: 'one', kind: 'GatewayClass', namespace: '', name: 'fairlead' });
  const facts = pipeline.statusOf(key);
  const found =
    facts?.of === 'GatewayClass' && facts.conditions.find(({ type }) => type === 'SupportedVersion');
  return found ? `${found.status} ${found.reason}` : undefined;
}

it.each([
  ['v1.2.0', 'True SupportedVersion'],
  ['v1.6.1', 'True SupportedVersion'],
  ['v1.6.0-rc.1', 'True SupportedVersion'],
  ['v1.1.9', 'False UnsupportedVersion'],
  ['v1.7.0', 'False UnsupportedVersion'],
  ['v0.8.1', 'False UnsupportedVersion'],
  ['v2.4.0', 'False UnsupportedVersion'],
  ['main', 'False UnsupportedVersion'],
  [undefined, 'False UnsupportedVersion'],
])('%s of the Gateway API is %s', (version, expected) => {
  const pipeline = start();
  pipeline.update(toSets(toDefinition(version)));
  expect(versionOf(pipeline)).toBe(expected);
  const codes = pipeline.problems().map(({ code }) => code);
  expect(codes).toEqual(expected.startsWith('True') ? [] : ['gateway-version-unsupported']);
});

it('follows what is installed, and says nothing where nothing says it', () => {
  const pipeline = start();
  expect(versionOf(pipeline)).toBeUndefined();
  pipeline.update(toSets(toDefinition('v1.7.0')));
  expect(versionOf(pipeline)).toBe('False UnsupportedVersion');
  pipeline.update(toSets(toDefinition('v1.6.1')));
  expect(versionOf(pipeline)).toBe('True SupportedVersion');
});

it('is unknown where the definition may not be read', () => {
  const pipeline = start();
  pipeline.update([], undefined, undefined, new Map([['one', ['CustomResourceDefinition']]]));
  expect(versionOf(pipeline)).toBe('Unknown Pending');
});

it('takes no definition for that of another kind', () => {
  expect(toDefinition('v1.6.1', 'httproutes')).toEqual([]);
});
