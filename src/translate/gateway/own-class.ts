import { listSome } from '../../model/problem.ts';
import type { GatewayClass } from '../../model/objects.ts';
import type { FleetSettings, Settings } from '../../settings/settings.ts';
import type { Translating } from '../context.ts';
import type { Refusal } from './resolved.ts';

/** What Fairlead makes of a GatewayClass that is its own. */
export interface OwnClass {
  /** Those that serve its Gateways; none when it is refused. */
  readonly fleets: readonly FleetSettings[];
  readonly refusal?: Refusal;
}

/** The class of a Gateway by its name; undefined when there is none, or when it is that of another controller. */
export function findOwnClass(
  { settings, view }: Pick<Translating, 'settings' | 'view'>,
  source: string,
  name: string,
): OwnClass | undefined {
  const found = view.find('GatewayClass', source, '', name);
  return found === undefined ? undefined : toOwnClass(settings, found);
}

/** Undefined for a class of another controller. */
export function toOwnClass(settings: Settings, gatewayClass: GatewayClass): OwnClass | undefined {
  if (gatewayClass.controller !== settings.gateway.controller) return undefined;
  const { name } = gatewayClass.meta.ref;
  const { parametersRef } = gatewayClass;
  if (parametersRef !== undefined)
    return {
      fleets: [],
      refusal: {
        reason: 'InvalidParameters',
        field: parametersRef.field,
        message: `the parameters ${parametersRef.kind} ${parametersRef.name} are not supported by Fairlead`,
        hint: 'Remove spec.parametersRef; what a class of Gateways has is in the settings of its fleets.',
      },
    };
  const fleets = settings.fleets.filter(({ gatewayClasses }) => gatewayClasses.includes(name));
  if (fleets.length > 0) return { fleets };
  const known = [...new Set(settings.fleets.flatMap(({ gatewayClasses }) => gatewayClasses))];
  return {
    fleets,
    refusal: {
      reason: 'Unsupported',
      message: `no fleet serves GatewayClass ${name}`,
      hint:
        known.length === 0
          ? 'Name it in fleets[].gatewayClasses of the configuration.'
          : `Name it in fleets[].gatewayClasses of the configuration, or use one of ${listSome(known)}.`,
    },
  };
}
