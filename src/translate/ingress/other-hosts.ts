import { aliasKey, wwwRedirectKey } from '../../annotations/nginx/other-hosts.ts';
import type { Directives } from '../../annotations/directives.ts';
import { quote } from '../../annotations/parsers.ts';
import { toLast } from '../../model/object-ref.ts';
import type { Ingress } from '../../model/objects.ts';
import { annotationField, type Report } from '../../model/problem.ts';
import { unavailable } from '../../routes/backend.ts';
import type { HttpRoute } from '../../routes/intent.ts';
import { toHostMatch, toHostText, type HostMatch, type NamedHost } from '../../routes/match.ts';
import { toUses } from '../../routes/why.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { toElementName, type TranslateContext } from '../context.ts';
import { describeHostMistake } from '../host-mistake.ts';
import type { RoutedPath } from './routed-paths.ts';

/** A path for the host of its rule or for another one. */
export interface AliasedPath extends RoutedPath {
  /** Set: the host is an alias of this one, which is that of the rule. */
  readonly aliasOf?: HostMatch;
}

/** The further hosts of an Ingress, each once, without those of its own rules. What is no host is reported. */
export function listAliases(
  { rules }: Ingress,
  { aliases = [] }: Pick<Directives, 'aliases'>,
  report: Report,
): readonly NamedHost[] {
  const found = new Map<string, NamedHost>();
  for (const text of aliases) {
    const host = toHostName(text);
    if (host.kind === 'valid') found.set(host.value, toHostMatch(host.value));
    else report('host-invalid', () => ({ field: annotationField(aliasKey), ...explain(text, host.reason) }));
  }
  for (const { host = '' } of rules) {
    const own = toHostName(host);
    if (own.kind === 'valid') found.delete(own.value);
  }
  return [...found.values()];
}

function explain(text: string, reason: string): ReturnType<typeof describeHostMistake> {
  return text.startsWith('~')
    ? {
        message: `the host ${quote(text)} is a regular expression, which an alias cannot be`,
        hint: 'Write the hosts out, or one with a wildcard such as "*.example.com".',
      }
    : describeHostMistake(text, reason);
}

/** The paths of an Ingress for its further hosts. Where several rules have the same path, it is the one of the first that stands. */
export class Aliases {
  readonly #hosts: readonly NamedHost[];
  /** What each path leads to, by type and path. */
  readonly #taken = new Map<string, string>();

  constructor(hosts: readonly NamedHost[]) {
    this.#hosts = hosts;
  }

  /** A path itself, and the same for all further hosts; without a host it is for those anyway. */
  with(path: RoutedPath): readonly AliasedPath[] {
    if (path.host.kind === 'any' || this.#hosts.length === 0) return [path];
    const place = `${path.fallback ? 'fallback' : path.path.type} ${path.path.value}`;
    const backend = JSON.stringify(path.backend);
    // Two rules that lead to the same are no conflict at an alias of both.
    if (this.#taken.get(place) === backend) return [path];
    this.#taken.set(place, backend);
    return [path, ...this.#hosts.map((host) => ({ ...path, host, aliasOf: path.host }))];
  }
}

/** What a route is besides the fleets and places that it is served on. */
export type UnplacedRoute = Omit<HttpRoute, 'fleet' | 'place' | 'tls'>;

/** A redirect from the sister of a host. */
export interface SisterRedirect {
  readonly route: UnplacedRoute;
  /** The host that it leads to. */
  readonly aliasOf: HostMatch;
}

/** Redirects to the hosts of these paths from their sisters with or without `www.`, as far as the Ingress has none of its own there. */
export function listSisterRedirects(
  context: TranslateContext,
  { meta: { ref } }: Ingress,
  paths: readonly RoutedPath[],
  aliases: readonly NamedHost[],
): readonly SisterRedirect[] {
  const own = new Set([...aliases, ...paths.map(({ host }) => host)].map(toHostText));
  const routes = new Map<string, SisterRedirect>();
  const uses = toUses(ref, ['wwwRedirect']);
  const [use] = uses;
  for (const { host } of paths) {
    const sister = toSister(host);
    if (host.kind !== 'exact' || sister === undefined || own.has(sister) || use === undefined) continue;
    const value = {
      redirectRegex: {
        regex: '^(https?)://[^/:]+(:[0-9]+)?/(.*)$',
        replacement: `\${1}://${host.name}\${2}/\${3}`,
        permanent: true,
      },
    };
    const key = toElementName(context, ref, 'ingress', 'www', host.name);
    const route: UnplacedRoute = {
      kind: 'http',
      owner: toLast({ ref }),
      yields: true,
      why: { field: annotationField(wwwRedirectKey), uses },
      match: { host: { kind: 'exact', name: sister }, path: { type: 'Prefix', value: '/' } },
      fallback: false,
      filters: [{ key, stage: 'redirect', value, use }],
      backend: unavailable,
    };
    routes.set(sister, { route, aliasOf: host });
  }
  return [...routes.values()];
}

/** `www.example.com` of `example.com`, and the other way round; undefined when there is none. */
function toSister(host: HostMatch): string | undefined {
  if (host.kind !== 'exact') return undefined;
  const sister = toHostName(host.name.startsWith('www.') ? host.name.slice(4) : `www.${host.name}`);
  return sister.kind === 'valid' ? sister.value : undefined;
}
