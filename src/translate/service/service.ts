import { toObjectKey } from '../../model/object-ref.ts';
import type { Service } from '../../model/objects.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { readServiceAnnotations, type Translating } from '../context.ts';
import { chooseFleets } from '../fleets.ts';
import { limitDirectives, limitService } from '../limits.ts';
import type { Translation } from '../../routes/intent.ts';
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
  const routes = toServiceRoutes(context, asking);
  const sni = toSniRoutes(context, asking);
  const ports = toPortIntents(context, asking);
  return {
    unit,
    fleets: asking.fleets,
    intents: [...routes.intents, ...sni.intents, ...ports.intents],
    portClaims: [...sni.claims, ...ports.claims],
    asked: reading.asked,
    uses: [...routes.uses, ...sni.uses, ...ports.uses],
    problems: problems.toArray(),
  };
}
