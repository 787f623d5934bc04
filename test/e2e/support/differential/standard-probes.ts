import { z } from 'zod';
import type { Manifest } from '../../../support/api-server.ts';
import { listFeatureProbes } from './feature-probes.ts';
import type { Entrance, Probe } from './probe.ts';

const ingressSchema = z.looseObject({
  spec: z
    .looseObject({
      rules: z
        .array(
          z.looseObject({
            host: z.string().nullish(),
            http: z
              .looseObject({ paths: z.array(z.looseObject({ path: z.string().nullish() })).nullish() })
              .nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
const foreignHost = 'foreign.example';
const listSeparator = /\s*,\s*/;

/**
 * What every set of objects is asked: each host that they name, some beside them, and a foreign one, with each path, one level
 * below it, one character more, and so on; at every entryPoint; and what the annotations are about.
 */
export function listStandardProbes(objects: readonly Manifest[]): readonly Probe[] {
  const ingresses = objects.filter(({ kind }) => kind === 'Ingress');
  const hosts = new Set([...ingresses.flatMap(listNeighbours), foreignHost]);
  const paths = new Set(['/', '/elsewhere', ...ingresses.flatMap(listPaths)]);
  const entrances = listEntrances(objects);
  const plain = [...hosts].flatMap((host) =>
    [...paths].flatMap((path) => entrances.map((entrance) => ({ host, path, entrance }))),
  );
  const special = ingresses.flatMap((ingress) => {
    const [host = foreignHost] = listNeighbours(ingress);
    const [path = '/'] = listPaths(ingress);
    return listFeatureProbes(ingress.metadata.annotations ?? {}, { host, path });
  });
  return [...plain, ...special];
}

/** The hosts of the rules, and the aliases, as they are written. */
export function listHosts(ingress: Manifest): readonly string[] {
  const { rules } = ingressSchema.parse(ingress).spec ?? {};
  const aliases = (ingress.metadata.annotations?.['nginx.ingress.kubernetes.io/server-alias'] ?? '').split(
    listSeparator,
  );
  return [...(rules ?? []).map(({ host }) => host ?? ''), ...aliases].filter((host) => host !== '');
}

/** Each host and path of an Ingress, a path below it and one beside it, at both entryPoints. */
export function listPlaces(ingress: Manifest): readonly Probe[] {
  const hosts = listHosts(ingress).map((host) => host.replace(/^\*/, 'one'));
  const paths = listPaths(ingress).filter((path) => !path.includes('?'));
  return hosts.flatMap((host) => [
    ...['/elsewhere', ...paths].map((path) => ({ host, path })),
    ...paths.slice(0, 1).map((path) => ({ host, path, entrance: 'websecure' as const })),
  ]);
}

/** Instances of the hosts, and hosts beside them. */
function listNeighbours(ingress: Manifest): readonly string[] {
  return listHosts(ingress).flatMap((host) => {
    if (host.startsWith('*.')) return [`one${host.slice(1)}`, `one.two${host.slice(1)}`, host.slice(2)];
    return host.startsWith('www.') ? [host, host.slice(4)] : [host, `www.${host}`];
  });
}

function listPaths(ingress: Manifest): readonly string[] {
  const { rules } = ingressSchema.parse(ingress).spec ?? {};
  const all = (rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ path }) => path ?? ''));
  return [...new Set(all)].flatMap(toVariants).filter((path) => path.startsWith('/'));
}

/** An instance of a path or regular expression, and what is beside it. */
function toVariants(path: string): readonly string[] {
  const literal = path.replace(/[([{*+?^$|\\].*$/, '').replace(/\/$/, '');
  const base = encodeURI(literal);
  if (base === '') return path === '' || path === '/' ? ['/'] : ['/', '/x', '/x/y'];
  return [base, `${base}/`, `${base}/x`, `${base}/x/y?q=1`, `${base}x`, base.toUpperCase()];
}

function listEntrances(objects: readonly Manifest[]): readonly Entrance[] {
  const key = 'traefik.ingress.kubernetes.io/router.entrypoints';
  const named = new Set(
    objects.flatMap(({ metadata }) => (metadata.annotations?.[key] ?? '').split(listSeparator)),
  );
  const more = (['ep1', 'ep2'] as const).filter((name) => named.has(name));
  return ['web', 'websecure', ...more];
}
