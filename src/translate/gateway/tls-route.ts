import { toObjectKey } from '../../model/object-ref.ts';
import type { TLSRoute } from '../../model/objects.ts';
import type { Port } from '../../model/port.ts';
import { ProblemList } from '../../model/problem-list.ts';
import { toEmptyTranslation, type SniRoute, type Translation } from '../../routes/intent.ts';
import { toHostText, type NamedHost } from '../../routes/match.ts';
import { readGatewayAnnotations, toElementName, type Translating } from '../context.ts';
import { reportOnce } from '../zones.ts';
import { attachRoute, listFleets, type Attachment } from './attach.ts';
import { endsTls } from './listener-certificates.ts';
import { hasCertificate } from './own-certificate.ts';
import { toOnward, toOnwardName, type Onward } from './onward-tls.ts';
import { toFleetBackends, type PortBackends } from './port-backends.ts';
import { findHeld } from './port-route.ts';
import type { ResolvedParent } from './resolved.ts';
import { reportHosts } from './route-hosts.ts';
import { reportAttachments, toRouteStatus } from './route-status.ts';

/** A TLSRoute as routes by SNI. https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute */
export function translateTlsRoute(context: Translating, route: TLSRoute): Translation {
  const { ref } = route.meta;
  const unit = toObjectKey(ref);
  const attachments = attachRoute(context, route);
  if (attachments.length === 0) return toEmptyTranslation(unit);
  const problems = new ProblemList(ref);
  const { report } = problems;
  const reading = readGatewayAnnotations(context, route.meta, route.kind);
  problems.add(reading.problems);
  reportHosts(route.hostnames, report);
  reportAttachments(attachments, report);
  const fleets = listFleets(attachments);
  const places = attachments.flatMap((each) => listPlaces(context, each));
  for (const { host, isUnproven } of places) if (isUnproven) reportUnproven(host, report);
  const once = reportOnce(report);
  const onwards = new Map(places.map(({ onward }) => [toOnwardName(onward), onward]));
  const backends = [...(onwards.size > 0 ? onwards.values() : [{ speaksTls: false }])].flatMap((onward) =>
    toFleetBackends(context, route, fleets, { protocol: 'tcp', report: once, onward }).map((each) => ({
      ...each,
      onward,
    })),
  );
  const { refusal, uses } = backends[0]?.backends ?? { refusal: undefined, uses: [] };
  return {
    ...toEmptyTranslation(unit),
    fleets,
    intents: backends.flatMap(({ names, onward, backends: some }) =>
      places.flatMap((place) =>
        names.includes(place.fleet) && toOnwardName(place.onward) === toOnwardName(onward)
          ? toSniRoute(context, route, place, some)
          : [],
      ),
    ),
    asked: reading.asked,
    uses,
    problems: problems.toArray(),
    status: toRouteStatus(attachments, { resolvedRefs: refusal }),
  };
}

/** Where connections for one host come in. */
interface Place {
  readonly fleet: string;
  readonly host: NamedHost;
  /** Of the pool; absent: an entryPoint that is shared. */
  readonly port?: Port;
  /** Absent: the https one. */
  readonly entryPoint?: string;
  readonly endsTls: boolean;
  readonly onward: Onward;
  /** Traefik would end the TLS by whichever certificate it has, and the listener has none for the host. */
  readonly isUnproven: boolean;
  readonly parent: ResolvedParent;
  readonly field: string;
}

function listPlaces(context: Translating, { parent, parentRef, listeners }: Attachment): readonly Place[] {
  return listeners.flatMap(({ listener, hosts }) =>
    listener.bindings.flatMap((binding): readonly Place[] => {
      const { fleet } = binding;
      const ends = endsTls(listener.listener);
      const onward = toOnward(parent, ends);
      const base = { fleet, endsTls: ends, onward, parent, field: parentRef.field };
      const named = hosts.filter((host) => host.kind !== 'any');
      if (binding.kind === 'sni') {
        const isShared = context.settings.fleets.some(
          ({ name, entryPoints }) => name === fleet && entryPoints.https === binding.entryPoint,
        );
        const where = isShared ? {} : { entryPoint: binding.entryPoint };
        return named.map((host) => ({ ...base, ...where, host, isUnproven: false }));
      }
      if (binding.kind !== 'port' || binding.sni !== true) return [];
      const held = context.view.heldPorts(parent.holder.ref);
      const entry = findHeld(held, fleet, listener.listener.name, binding.protocol);
      if (entry === undefined) return [];
      return named.map((host) => {
        const isUnproven = base.endsTls && !hasCertificate(context, parent, listener, host);
        return { ...base, host, port: entry.port, isUnproven };
      });
    }),
  );
}

function toSniRoute(
  context: Translating,
  { meta }: TLSRoute,
  { fleet, host, port, entryPoint, endsTls: ends, isUnproven, parent, field }: Place,
  { backend, filters }: PortBackends,
): SniRoute {
  const place = port === undefined ? entryPoint : String(port);
  const names = ['tlsroute', toHostText(host), ...(place === undefined ? [] : [place])];
  const key = toElementName(context, meta.ref, ...names);
  return {
    kind: 'sni',
    owner: meta,
    why: { field, uses: [] },
    fleet,
    host,
    ...(port !== undefined && { port }),
    ...(entryPoint !== undefined && { entryPoint }),
    tenant: parent.holder.ref,
    key,
    ...(ends && !isUnproven && { tls: {} }),
    filters,
    backend: isUnproven ? { kind: 'load-balancer', key, addresses: [] } : backend,
  };
}

function reportUnproven(host: NamedHost, report: ProblemList['report']): void {
  const name = toHostText(host).replace('**', '*');
  report('certificate-invalid', () => ({
    field: 'spec.hostnames',
    message: `the listener ends TLS on a port of the pool and has no certificate of its own for ${name}; its connections are closed`,
    hint: `Have the listener name a certificate for ${name}, or let TLS pass through.`,
  }));
}
