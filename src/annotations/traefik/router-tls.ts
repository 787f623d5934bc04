import type { RouterDirective, TlsDirective } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import type { CertificateDomain } from '../../traefik/http-router.ts';
import { traefikPrefix } from './keys.ts';
import { flag, reference } from './values.ts';

const resolverName: Parser<string> = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(toValue(text))
    ? accept(toValue(text))
    : refuse(
        `${quote(text)} is not the name of a certificate resolver`,
        'Write a name from certificatesResolvers of the static configuration.',
      );

const hostName: Parser<string> = (text) => {
  const host = toHostName(toValue(text));
  return host.kind === 'valid'
    ? accept(host.value)
    : refuse(`${quote(text)} is not a host: it ${host.reason}`, 'Write a host such as "example.com".');
};

const hostNames = list(hostName);

/** So many certificates may one Ingress ask a resolver for. */
const mostDomains = 20;

/** TLS of the routes of an Ingress, as Traefik's own provider has it. */
export const traefikRouterTls = defineFeature({
  name: 'traefik-router-tls',
  annotations: {
    tls: {
      key: `${traefikPrefix}router.tls`,
      on: ['Ingress'],
      parse: flag,
      isSwitch: true,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"`',
      example: 'true',
      doc: 'Serves the routes over TLS. With the dialect `traefik` they are then no longer served in plain text, on any entryPoint. `"false"` also switches off everything below `router.tls.`.',
    },
    resolver: {
      key: `${traefikPrefix}router.tls.certresolver`,
      on: ['Ingress'],
      parse: resolverName,
      whenInvalid: 'use-default',
      value: 'the name of a certificate resolver of the static configuration',
      example: 'letsencrypt',
      doc: 'Serves the hosts over HTTPS, with certificates that Traefik gets by this resolver.',
    },
    options: {
      key: `${traefikPrefix}router.tls.options`,
      on: ['Ingress'],
      parse: reference,
      whenInvalid: 'withhold',
      value: '`NAMESPACE-NAME@kubernetescrd` or `NAME@file`, as `ingress.references` allows',
      example: 'shop-mtls@kubernetescrd',
      doc: 'The TLS options of the hosts, such as client certificates. A host has one set of options: that of the namespace which was the first to serve it over TLS. What asks for others answers 503.',
      differs:
        'Two options for one host are a problem of the younger Ingress; in Traefik the host silently loses both. Without a host they close the route, where Traefik leaves them out.',
    },
  },
  portAnnotations: {
    domains: {
      key: `${traefikPrefix}router.tls.domains.`,
      on: ['Ingress'],
      parse: hostNames,
      isList: true,
      whenInvalid: 'use-default',
      value:
        'hosts; the key ends in a number and `main` (one host) or `sans` (comma-separated), such as `domains.0.main`',
      example: 'example.com',
      doc: 'The hosts for which the certificate resolver gets certificates, instead of the hosts of the rules.',
      needs: `${traefikPrefix}router.tls.certresolver`,
    },
  },
  apply: ({ tls, resolver, options, domains }, context) => {
    if (tls === false) return { router: { tls: false } };
    const refused = options === undefined ? undefined : context.lookUp.reference(options);
    if (refused !== undefined)
      context.fault('options', `${quote(options ?? '')} ${refused.why}`, refused.hint);
    const wanted = toDomains(domains ?? new Map(), context);
    if (domains && resolver === undefined)
      context.fault('domains', 'these certificates need router.tls.certresolver', 'Add it, or remove them.');
    if ((tls ?? resolver ?? options ?? domains) === undefined) return {};
    const directive: TlsDirective =
      resolver === undefined ? { kind: 'default' } : { kind: 'resolver', name: resolver };
    const router: RouterDirective = {
      tls: true,
      ...(options !== undefined && refused === undefined && { tlsOptions: options }),
      ...(resolver !== undefined && wanted.length > 0 && { domains: wanted }),
    };
    return { tls: directive, router };
  },
});

/** By their numbers; those without a main host are none. */
function toDomains(
  given: ReadonlyMap<string, readonly string[]>,
  { fault }: FeatureContext,
): readonly CertificateDomain[] {
  const byNumber = new Map<number, { main?: string; sans?: readonly string[] }>();
  for (const [end, hosts] of given) {
    const [, number, part] = /^(\d{1,4})\.(main|sans)$/i.exec(end) ?? [];
    const isMain = part?.toLowerCase() === 'main';
    if (number === undefined || (isMain && hosts.length > 1)) {
      const key = `${traefikPrefix}router.tls.domains.${end}`;
      const what = number === undefined ? `there is no annotation ${key}` : `${key} names more than one host`;
      fault('domains', what, 'Write one host in domains.0.main, and the others in domains.0.sans.');
      continue;
    }
    const domain = byNumber.get(Number(number)) ?? {};
    byNumber.set(Number(number), isMain ? { ...domain, main: hosts[0] ?? '' } : { ...domain, sans: hosts });
  }
  const sorted = [...byNumber].sort(([a], [b]) => a - b).map(([, domain]) => domain);
  if (sorted.some(({ main }) => main === undefined))
    fault('domains', 'a number of router.tls.domains has no main host', 'Add it, such as domains.0.main.');
  if (sorted.length > mostDomains)
    fault('domains', `there are more than ${mostDomains} domains`, 'Divide the Ingress.');
  return sorted
    .slice(0, mostDomains)
    .flatMap(({ main, sans }) => (main === undefined ? [] : { main, ...(sans && { sans }) }));
}
