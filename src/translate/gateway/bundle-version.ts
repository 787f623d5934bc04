import { quote } from '../../annotations/parsers.ts';
import { definitionName } from '../../model/gateway-definition.ts';
import type { Condition } from '../../routes/status.ts';
import type { Translating } from '../context.ts';

/** The versions 1.N of the Gateway API whose objects are read as they are meant, and that were tried. */
const known = { least: 2, most: 6 } as const;
const type = 'SupportedVersion';
const range = `v1.${known.least} to v1.${known.most}`;

/**
 * Whether Fairlead knows the version of the Gateway API that a source has; undefined for a source that says nothing of it, as folders do.
 * What is served does not hang on it. https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclassconditiontype
 */
export function toSupportedVersion(
  { view }: Pick<Translating, 'view'>,
  source: string,
): Condition | undefined {
  const definition = view.find('CustomResourceDefinition', source, '', definitionName);
  if (definition === undefined)
    return view.isUnread(source, 'CustomResourceDefinition') ? unknown : undefined;
  const { bundleVersion } = definition;
  const minor = /^v?1\.(\d{1,4})\.\d/.exec(bundleVersion ?? '')?.[1];
  const isKnown = minor !== undefined && Number(minor) >= known.least && Number(minor) <= known.most;
  const found = bundleVersion === undefined ? 'no version' : quote(bundleVersion);
  if (isKnown)
    return { type, status: 'True', reason: type, message: `The cluster has ${found}; ${range} are known` };
  return {
    type,
    status: 'False',
    reason: 'UnsupportedVersion',
    message: `The definition ${definitionName} says ${found}, and Fairlead knows ${range}. What it knows of the objects is served all the same`,
  };
}

const unknown: Condition = {
  type,
  status: 'Unknown',
  reason: 'Pending',
  message: `The role does not let Fairlead read the definition ${definitionName}, which says it`,
};
