import type { Ingress, IngressTls } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { quote } from '../../annotations/parsers.ts';
import type { Directives } from '../../annotations/directives.ts';
import type { CertificateIntent, HttpRoute, RouteTls } from '../../routes/intent.ts';
import { listCovering, toHostMatch, toHostText, type HostMatch } from '../../routes/match.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { toCertificates } from '../certificates.ts';
import type { Translating } from '../context.ts';

/** What an Ingress asks for a host: TLS by annotation holds for every host; an entry of `spec.tls` for its hosts, or for all. */
export function toAskedTls(
  entries: readonly IngressTls[],
  { tls, byDefault }: Directives,
  host: HostMatch,
): RouteTls | undefined {
  if (tls?.kind === 'resolver') return { certResolver: tls.name };
  if (tls !== undefined || byDefault?.tls !== undefined) return {};
  const covering = listCovering(host);
  const isListed = entries.some(
    ({ hosts }) =>
      hosts.length === 0 ||
      hosts.some((text) => {
        const name = toHostName(text);
        return name.kind === 'valid' && covering.includes(toHostText(toHostMatch(name.value)));
      }),
  );
  return isListed ? {} : undefined;
}

/** As in rules: in lower case, and without the dot that may stand at the end. */
function toPlainHost(text: string): string {
  const host = toHostName(text);
  return host.kind === 'valid' ? host.value : text;
}

/** TLS that is asked for a host of no rule: a slip perhaps, and the host that was meant is served in the clear. */
function reportUnmatched(tls: readonly IngressTls[], routes: readonly HttpRoute[], report: Report): void {
  const covered = new Set(routes.flatMap(({ match: { host } }) => listCovering(host)));
  if (routes.some(({ match: { host } }) => toHostText(host) === '')) return;
  for (const { hosts, field } of routes.length === 0 ? [] : tls) {
    for (const [index, text] of hosts.entries()) {
      const host = toHostName(text);
      if (host.kind === 'valid' && covered.has(toHostText(toHostMatch(host.value)))) continue;
      const why = host.kind === 'valid' ? 'is in no rule' : `is not valid: it ${host.reason}`;
      report('tls-host-unmatched', {
        field: `${field}.hosts[${index}]`,
        message: `the TLS host ${quote(text)} ${why}`,
        hint: 'Write it as in spec.rules[].host, or remove it.',
      });
    }
  }
}

/** The certificates of an Ingress, each for the hosts that it names or, when it names none, for those that are routed. */
export function toIngressCertificates(
  context: Translating,
  { meta, tls }: Ingress,
  directives: Directives,
  fleets: readonly string[],
  routes: readonly HttpRoute[],
  report: Report,
): readonly CertificateIntent[] {
  const routed = [...new Set(routes.flatMap(({ match: { host } }) => toHostText(host) || []))];
  reportUnmatched(tls, routes, report);
  const requests = tls.flatMap(({ secretName, hosts, field }) =>
    secretName === undefined || secretName === ''
      ? []
      : [
          {
            secretName,
            hosts: hosts.length > 0 ? hosts.map(toPlainHost) : routed,
            field: `${field}.secretName`,
          },
        ],
  );
  if (directives.tls?.kind === 'secret') {
    requests.push({
      secretName: directives.tls.name,
      hosts: routed,
      field: annotationField('fairlead.dev/tls'),
    });
  }
  return requests.flatMap((request) => toCertificates(context, meta, fleets, request, report));
}
