import { isNearLimit } from '../model/near-limit.ts';
import type { Ingress, IngressRule, IngressTls, Service } from '../model/objects.ts';
import { annotationField, countText, type Report } from '../model/problem.ts';
import type { ProblemCode } from '../model/problem-codes.ts';
import type { Directives } from '../annotations/directives.ts';
import { aliasKey, wwwRedirectKey } from '../annotations/nginx/other-hosts.ts';
import { sniKey } from '../annotations/own/sni.ts';
import type { ObjectLimits } from '../settings/settings.ts';

/** What one limit is called. */
interface LimitName {
  readonly code: ProblemCode;
  readonly name: keyof ObjectLimits;
  readonly field: string;
}

const hint = 'Divide the object, or ask the operators of the edge to raise the limit.';

/**
 * How many of so many stand. Reports those that do not, or that they are nearly too many.
 * @param standing Of too many, where that is not `most`: what is left out as a whole leaves room.
 */
export function limit(
  count: number,
  most: number,
  { code, name, field }: LimitName,
  report: Report,
  standing = most,
): number {
  if (count <= most && !isNearLimit(count, most)) return count;
  const text = `the object asks for ${countText(count)} ${name} of at most ${countText(most)} (limits.object.${name})`;
  if (count <= most) report('limit-near', { field, message: text, hint });
  else
    report(code, { field, message: `${text}; the last ${countText(count - standing)} are left out`, hint });
  return Math.min(count, most);
}

/** A Service with no more ports than it may have, before anything looks at each of them. */
export function limitService(service: Service, limits: ObjectLimits, report: Report): Service {
  const { ports } = service;
  const name = { code: 'too-many-ports', name: 'ports', field: 'spec.ports' } as const;
  const count = limit(ports.length, limits.ports, name, report);
  return count === ports.length ? service : { ...service, ports: ports.slice(0, count) };
}

/** What the annotations of an object ask for, with no more hosts and paths than make up the routes that it may have. */
export function limitDirectives(directives: Directives, limits: ObjectLimits, report: Report): Directives {
  const { hosts, paths, sni, middlewares = [] } = directives;
  const most = limit(
    middlewares.length,
    limits.middlewares,
    { code: 'too-many-middlewares', name: 'middlewares', field: 'metadata.annotations' },
    report,
  );
  return {
    ...directives,
    ...limitRouting(hosts, paths, limits, report),
    ...(sni && { sni: limitSni(sni, limits, report) }),
    // Any of them may be the one that keeps others out.
    ...(most < middlewares.length && { middlewares: middlewares.slice(0, most), withhold: true }),
  };
}

function limitSni(hosts: readonly string[], limits: ObjectLimits, report: Report): readonly string[] {
  const field = annotationField(sniKey);
  const most = limit(hosts.length, limits.hosts, { code: 'too-many-hosts', name: 'hosts', field }, report);
  const routes = { code: 'too-many-routes', name: 'routes', field } as const;
  return hosts.slice(0, limit(most, limits.routes, routes, report));
}

/** The first hosts, each with all of the first paths: a host with some of its paths would send requests elsewhere. */
function limitRouting(
  hosts: readonly string[] | undefined,
  paths: readonly string[] | undefined,
  limits: ObjectLimits,
  report: Report,
): Pick<Directives, 'hosts' | 'paths'> {
  const [hostField, pathField] = [annotationField('fairlead.dev/host'), annotationField('fairlead.dev/path')];
  const pathName = { code: 'too-many-paths', name: 'paths', field: pathField } as const;
  const hostName = { code: 'too-many-hosts', name: 'hosts', field: hostField } as const;
  const routeName = {
    code: 'too-many-routes',
    name: 'routes',
    field: hosts ? hostField : pathField,
  } as const;
  const pathCount = limit(paths?.length ?? 1, limits.paths, pathName, report);
  const hostCount = limit(hosts?.length ?? 1, limits.hosts, hostName, report);
  const standing = Math.max(1, Math.floor(limits.routes / Math.max(1, pathCount)));
  const served = Math.min(hostCount, standing) * Math.min(pathCount, limits.routes);
  limit(hostCount * pathCount, limits.routes, routeName, report, served);
  return {
    ...(hosts && { hosts: hosts.slice(0, Math.min(hostCount, standing)) }),
    ...(paths && { paths: paths.slice(0, Math.min(pathCount, limits.routes)) }),
  };
}

/** An Ingress with no more rules, paths and TLS entries than it may have, before anything looks at each of them. */
export function limitIngress(ingress: Ingress, limits: ObjectLimits, report: Report): Ingress {
  const field = 'spec.rules';
  const hosts = limit(
    ingress.rules.length,
    limits.hosts,
    { code: 'too-many-hosts', name: 'hosts', field },
    report,
  );
  const pathCount = ingress.rules.slice(0, hosts).reduce((sum, { paths }) => sum + paths.length, 0);
  const paths = limit(pathCount, limits.paths, { code: 'too-many-paths', name: 'paths', field }, report);
  const fallbacks = ingress.defaultBackend === undefined ? 0 : Math.max(hosts, 1);
  const routes = { code: 'too-many-routes', name: 'routes', field } as const;
  const standing = limit(paths + fallbacks, limits.routes, routes, report);
  const rules = takePaths(ingress.rules.slice(0, hosts), Math.min(paths, standing));
  const tls = limitTls(ingress.tls, limits, report);
  return { ...ingress, rules, tls };
}

/** The rules with the first so many paths of all; those whose paths are all left out go as well. */
function takePaths(rules: readonly IngressRule[], count: number): readonly IngressRule[] {
  let left = count;
  return rules.flatMap((rule) => {
    const paths = rule.paths.slice(0, left);
    left -= paths.length;
    return paths.length === 0 && rule.paths.length > 0 ? [] : { ...rule, paths };
  });
}

/**
 * The further hosts of an Ingress as far as there is room for them: each counts with all the paths that it stands for, as if it were in the
 * rules, and so does each redirect from a sister host. Only whole hosts stand.
 * @param ingress By `limitIngress`.
 */
export function limitOtherHosts(
  directives: Directives,
  { rules, defaultBackend }: Ingress,
  limits: ObjectLimits,
  report: Report,
): Directives {
  const { aliases, wwwRedirect, ...rest } = directives;
  if (aliases === undefined && wwwRedirect === undefined) return directives;
  const field = annotationField(aliases === undefined ? wwwRedirectKey : aliasKey);
  const countPaths = (some: readonly IngressRule[]): number =>
    some.reduce((sum, { paths }) => sum + paths.length, defaultBackend === undefined ? 0 : some.length);
  const named = rules.filter(({ host = '' }) => host !== '');
  const sisters = wwwRedirect === true ? named.length : 0;
  const asked = rules.length + (aliases?.length ?? 0);
  const hosts = limit(asked, limits.hosts, { code: 'too-many-hosts', name: 'hosts', field }, report);
  const own = countPaths(rules) + sisters;
  const each = Math.max(countPaths(named), 1);
  const wanted = own + (hosts - rules.length) * each;
  const routes = limit(wanted, limits.routes, { code: 'too-many-routes', name: 'routes', field }, report);
  const standing = Math.max(0, Math.floor((routes - own) / each));
  return {
    ...rest,
    ...(aliases && { aliases: aliases.slice(0, standing) }),
    ...(wwwRedirect === true && own <= limits.routes && { wwwRedirect }),
  };
}

/** With one entry or host less, a host would be served in the clear: in place of those that are left out, all hosts have TLS. */
function limitTls(
  entries: readonly IngressTls[],
  limits: ObjectLimits,
  report: Report,
): readonly IngressTls[] {
  const field = 'spec.tls';
  const hosts = entries.reduce((sum, entry) => sum + entry.hosts.length, 0);
  const certificates = { code: 'too-many-certificates', name: 'certificates', field } as const;
  const count = limit(entries.length, limits.certificates, certificates, report);
  let left = limit(hosts, limits.hosts, { code: 'too-many-hosts', name: 'hosts', field }, report);
  if (count === entries.length && left === hosts) return entries;
  const standing = entries.slice(0, count).flatMap((entry) => {
    const some = entry.hosts.slice(0, left);
    left -= some.length;
    return some.length < entry.hosts.length && some.length === 0 ? [] : { ...entry, hosts: some };
  });
  return [...standing, { hosts: [], field }];
}
