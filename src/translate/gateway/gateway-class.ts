import { toObjectKey } from '../../model/object-ref.ts';
import type { GatewayClass } from '../../model/objects.ts';
import { toProblem, type Problem } from '../../model/problem.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import type { Condition } from '../../routes/status.ts';
import type { Translating } from '../context.ts';
import { toSupportedVersion } from './bundle-version.ts';
import { toCondition } from './conditions.ts';
import { toOwnClass } from './own-class.ts';
import type { Refusal } from './resolved.ts';

/** What the status of a GatewayClass of ours is to say. One of another controller comes to nothing. */
export function translateGatewayClass(context: Translating, gatewayClass: GatewayClass): Translation {
  const { ref } = gatewayClass.meta;
  const empty = toEmptyTranslation(toObjectKey(ref));
  const own = toOwnClass(context.settings, gatewayClass);
  if (own === undefined) return empty;
  const { fleets, refusal } = own;
  const accepted = toCondition('Accepted', refusal, {
    reason: 'Accepted',
    message: `Its Gateways are served by ${fleets.map(({ name }) => name).join(', ')}`,
  });
  const version = toSupportedVersion(context, ref.source);
  const problems = [
    ...(refusal === undefined ? [] : [toRefused(gatewayClass, refusal)]),
    ...(version?.status === 'False' ? [toOutdated(gatewayClass, version)] : []),
  ];
  return {
    ...empty,
    fleets: fleets.map(({ name }) => name),
    problems,
    status: { of: 'GatewayClass', conditions: [accepted, ...(version === undefined ? [] : [version])] },
  };
}

function toRefused({ meta: { ref } }: GatewayClass, { field = '', message, hint }: Refusal): Problem {
  return toProblem('gateway-not-accepted', ref, { field, message, hint });
}

function toOutdated({ meta: { ref } }: GatewayClass, { message }: Condition): Problem {
  return toProblem('gateway-version-unsupported', ref, {
    message,
    hint: 'Install a release of the Gateway API that Fairlead knows, or update Fairlead.',
  });
}
