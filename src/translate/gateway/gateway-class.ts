import { toObjectKey } from '../../model/object-ref.ts';
import type { GatewayClass } from '../../model/objects.ts';
import { toProblem } from '../../model/problem.ts';
import { toEmptyTranslation, type Translation } from '../../routes/intent.ts';
import type { Translating } from '../context.ts';
import { toCondition } from './conditions.ts';
import { toOwnClass } from './own-class.ts';

/** What the status of a GatewayClass of ours is to say. One of another controller comes to nothing. */
export function translateGatewayClass({ settings }: Translating, gatewayClass: GatewayClass): Translation {
  const { ref } = gatewayClass.meta;
  const empty = toEmptyTranslation(toObjectKey(ref));
  const own = toOwnClass(settings, gatewayClass);
  if (own === undefined) return empty;
  const { fleets, refusal } = own;
  const accepted = toCondition('Accepted', refusal, {
    reason: 'Accepted',
    message: `Its Gateways are served by ${fleets.map(({ name }) => name).join(', ')}`,
  });
  const problems =
    refusal === undefined
      ? []
      : [
          toProblem('gateway-not-accepted', ref, {
            field: refusal.field ?? '',
            message: refusal.message,
            hint: refusal.hint,
          }),
        ];
  return {
    ...empty,
    fleets: fleets.map(({ name }) => name),
    problems,
    status: { of: 'GatewayClass', conditions: [accepted] },
  };
}
