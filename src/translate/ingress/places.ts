import { annotationField, listSome, type Report } from '../../model/problem.ts';
import type { RouterDirective } from '../../annotations/directives.ts';
import { quote } from '../../annotations/parsers.ts';
import { traefikPrefix } from '../../annotations/traefik/keys.ts';
import type { RoutePlace } from '../../routes/intent.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import type { Ownership } from './ingress-class.ts';

/**
 * Where the routes of an Ingress are served on a fleet: the entryPoints that it names; of the dialect `traefik` without a word those that
 * the configuration names. Undefined in the list: wherever routes are that name no place. None when it names none of the fleet's.
 */
export function listPlaces(
  { name: fleet, entryPoints }: FleetSettings,
  { dialect, adopted }: Ownership,
  router: RouterDirective | undefined,
  report: Report,
): readonly (RoutePlace | undefined)[] {
  const asked = router?.entryPoints;
  if (asked === undefined && dialect !== 'traefik') return [undefined];
  const { http, https, others = [] } = entryPoints;
  const known = [...new Set([http, https, ...others])];
  const byDefault =
    adopted !== undefined && adopted.entryPoints.length > 0 ? adopted.entryPoints : [http, https];
  for (const each of (asked ?? []).filter((one) => !known.includes(one)).slice(0, 20)) {
    report('annotation-invalid', {
      field: annotationField(`${traefikPrefix}router.entrypoints`),
      message: `fleet ${fleet} has no entryPoint ${quote(each)} for Ingresses; nothing is served there`,
      hint: `Use ${listSome(known)}; operators of the edge name others in fleets[].entryPoints.others.`,
    });
  }
  const isTls = router?.tls === true;
  const served = known.filter((each) => (asked ?? byDefault).includes(each));
  if (served.length === 0 && asked === undefined) {
    report('nothing-to-route', {
      field: 'spec.ingressClassName',
      message: `Ingresses of this class are served at ${listSome(byDefault)} (ingress.adopt[].entryPoints), of which fleet ${fleet} has none, so it serves nothing of the Ingress`,
      hint: `Name one of ${listSome(known)} there, or choose another fleet.`,
    });
  }
  return served.map((entryPoint) => {
    if (entryPoint === https) return { entryPoint, isTls: true, shared: 'https' };
    // Everywhere else TLS on the http entryPoint would be a slip.
    if (entryPoint === http && !(isTls && dialect === 'traefik'))
      return { entryPoint, isTls: false, shared: 'http' };
    return { entryPoint, isTls };
  });
}
