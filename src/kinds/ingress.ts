import { isCanary } from '../model/canary.ts';
import type {
  Ingress,
  IngressBackend,
  IngressPath,
  IngressRule,
  IngressTls,
  Meta,
} from '../model/objects.ts';
import type { Report } from '../model/problem.ts';
import { mapGiven } from '../lib/map-given.ts';
import {
  malformed,
  orAbsent,
  reportMalformed,
  toList,
  toMapping,
  toText,
  type Field,
} from '../lib/raw-fields.ts';
import { isObject, type RawObject } from '../lib/raw-object.ts';
import { canariesAt } from './index-keys.ts';
import { toIngressBackend } from './ingress-backend.ts';
import { toIngressAddresses } from './ingress-status.ts';
import { defineKind, type IndexKey } from './kind.ts';
import { shareText } from './share.ts';

/** Hosts, paths and TLS. */
export const ingress = defineKind({
  kind: 'Ingress',
  apiVersions: ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1', 'extensions/v1beta1'],
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  routed: true,
  cluster: {},
  read: toIngress,
  index: listCanaryKeys,
});

/** A canary is looked up by those whose part it may be. */
function listCanaryKeys({ meta, rules }: Ingress): readonly IndexKey[] {
  if (!isCanary({ meta })) return [];
  const { source, namespace } = meta.ref;
  return [...new Set(rules.map(({ host = '' }) => canariesAt(source, namespace, host)))];
}

/**
 * An Ingress of networking.k8s.io/v1, or of the v1beta1 API versions before it. Undefined when `spec`, `rules` or `tls`
 * cannot be read. A malformed rule is left out; a path whose backend or type is malformed leads nowhere.
 */
function toIngress(raw: RawObject, meta: Meta, report: Report): Ingress | undefined {
  const spec = toMapping(raw, 'spec', '', report);
  if (spec === malformed) return undefined;
  const fields = spec ?? {};
  const rules = toList(fields, 'rules', 'spec.', report);
  const tls = toList(fields, 'tls', 'spec.', report);
  // Without its class another controller's Ingress would look like one that has none; without TLS it would be served in the clear.
  const className = toText(fields, 'ingressClassName', 'spec.', report);
  if (rules === malformed || tls === malformed || className === malformed) return undefined;
  const defaultBackend = toDefaultBackend(fields, report);
  return {
    kind: 'Ingress',
    meta,
    ...(className !== undefined && className !== '' && { className }),
    ...(defaultBackend !== undefined && { defaultBackend }),
    rules: mapGiven(rules ?? [], (rule, index) => toRule(rule, `spec.rules[${index}]`, report)),
    tls: mapGiven(tls ?? [], (entry, index) => toTls(entry, `spec.tls[${index}]`, report)),
    addresses: toIngressAddresses(raw['status']),
  };
}

function toDefaultBackend(spec: RawObject, report: Report): IngressBackend | undefined {
  // `backend` is its name in v1beta1.
  const key = (spec['defaultBackend'] ?? undefined) === undefined ? 'backend' : 'defaultBackend';
  if ((spec[key] ?? undefined) === undefined) return undefined;
  return toIngressBackend(spec[key], `spec.${key}`, report);
}

function toRule(raw: unknown, field: string, report: Report): IngressRule | undefined {
  if (!isObject(raw)) {
    reportMalformed(report, field, raw, 'a mapping with a host and paths');
    return undefined;
  }
  const host = toText(raw, 'host', `${field}.`, report);
  const http = toMapping(raw, 'http', `${field}.`, report);
  // A rule without its host would match every host.
  if (host === malformed || http === malformed) return undefined;
  const paths = http === undefined ? undefined : toList(http, 'paths', `${field}.http.`, report);
  if (paths === malformed) return undefined;
  return {
    field: shareText(field),
    ...(host !== undefined && host !== '' && { host }),
    paths: mapGiven(paths ?? [], (path, index) => toPath(path, `${field}.http.paths[${index}]`, report)),
  };
}

function toPath(raw: unknown, field: string, report: Report): IngressPath | undefined {
  if (!isObject(raw)) {
    reportMalformed(report, field, raw, 'a mapping with a path and a backend');
    return undefined;
  }
  const path = toText(raw, 'path', `${field}.`, report);
  const pathType = toPathType(raw, `${field}.`, report);
  const backend = toIngressBackend(raw['backend'], `${field}.backend`, report);
  if (path === malformed) return undefined;
  // No path is every path. Of an Exact one Kubernetes demands it, so that one is left to be reported as it stands.
  const whole = pathType === 'Exact' ? '' : '/';
  return {
    path: path === undefined || path === '' ? whole : path,
    field: shareText(field),
    // A path of an unknown type is not left out: its requests would fall through to a shorter rule, perhaps of someone else.
    ...(pathType === malformed
      ? { pathType: 'Prefix', backend: { kind: 'malformed' } }
      : { pathType, backend }),
  };
}

function toPathType(
  raw: RawObject,
  path: string,
  report: Report,
): IngressPath['pathType'] | typeof malformed {
  // Of Go's empty text no controller makes anything else.
  const value =
    raw['pathType'] === '' ? 'ImplementationSpecific' : (raw['pathType'] ?? 'ImplementationSpecific');
  if (value === 'Exact' || value === 'Prefix' || value === 'ImplementationSpecific') return value;
  reportMalformed(report, `${path}pathType`, value, 'Exact, Prefix or ImplementationSpecific');
  return malformed;
}

/** Always an entry, even of something malformed: with one TLS entry less, hosts would be served in the clear. */
function toTls(raw: unknown, field: string, report: Report): IngressTls {
  if (!isObject(raw)) {
    reportMalformed(report, field, raw, 'a mapping with hosts and a secretName');
    return { hosts: [], field };
  }
  const hosts = toHosts(toList(raw, 'hosts', `${field}.`, report), `${field}.hosts`, report);
  const secretName = orAbsent(toText(raw, 'secretName', `${field}.`, report));
  return { hosts, ...(secretName !== undefined && secretName !== '' && { secretName }), field };
}

function toHosts(list: Field<readonly unknown[]>, field: string, report: Report): readonly string[] {
  return (orAbsent(list) ?? []).flatMap((host, index) => {
    if (typeof host === 'string') return host;
    reportMalformed(report, `${field}[${index}]`, host, 'a host name');
    return [];
  });
}
