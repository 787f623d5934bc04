import { toObjectKey } from '../../model/object-ref.ts';
import type { Service } from '../../model/objects.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { groupByZone, reportOnce } from '../zones.ts';
import { limitDirectives, limitService } from '../limits.ts';
import { reportMoves, reportPortMoves } from '../moves/report-moves.ts';
import type { Intent, Translation } from '../../routes/intent.ts';
import { toUses } from '../../routes/why.ts';
import { toDatedClientCertificate } from '../client-certificate.ts';
import { toServiceRoutes } from './service-http.ts';
import { toSniRoutes } from './service-sni.ts';
import { toPortIntents } from './service-port.ts';

/** A Service as what its own annotations ask for: HTTP routes, routes by SNI, pool ports, or nothing. */
export function translateService(context: Translating, whole: Service): Translation {
  const unit = toObjectKey(whole.meta.ref);
  const problems = new ProblemList(whole.meta.ref);
  const { report } = problems;
  const limits = context.settings.limits.object;
  const service = limitService(whole, limits, report);
  const reading = readServiceAnnotations(context, service.meta);
  problems.add(reading.problems);
  const first = context.settings.fleets.slice(0, 1).map((fleet) => fleet.name);
  const asking = {
    service,
    reading: { ...reading, directives: limitDirectives(reading.directives, limits, report) },
    fleets: chooseFleets(context.settings, reading.directives, first, report),
    report,
  };
  reportMoves(context, service, reading.directives, report);
  const groups = groupByZone(context.settings, asking.fleets);
  const reportToAll = groups.length === 1 ? report : reportOnce(report);
  const routes = groups.flatMap(({ zone, fleets }) => {
    const inZone = { ...asking, fleets, report: reportToAll };
    return [toServiceRoutes({ ...context, zone }, inZone), toSniRoutes({ ...context, zone }, inZone)];
  });
  const ports = toPortIntents(context, asking);
  const portClaims = [...routes.flatMap((each) => ('claims' in each ? each.claims : [])), ...ports.claims];
  const isForPorts = portClaims.length > 0 || reading.directives.sni !== undefined;
  const unsupported = isForPorts ? reportPortMoves(reading.directives, report) : [];
  return {
    unit,
    fleets: asking.fleets,
    intents: [...routes.flatMap((each): readonly Intent[] => each.intents), ...ports.intents],
    portClaims,
    clientCertificates: toDatedClientCertificate(
      context,
      whole.meta.ref,
      reading.directives.clientCertificate,
    ),
    asked: reading.asked,
    uses: [
      // That others may lead here takes effect by itself.
      ...toUses(whole.meta.ref, [...(reading.directives.grantTo ? ['grantTo'] : []), ...unsupported]),
      ...routes.flatMap(({ uses }) => uses),
      ...ports.uses,
    ],
    problems: problems.toArray(),
  };
}
