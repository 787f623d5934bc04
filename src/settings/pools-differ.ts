import { importedPool } from '../model/imported-port.ts';
import { defaultPool } from '../model/ports.ts';
import { findOverlap, listNames, type NamedPool } from './pool-names.ts';
import { crossCheck, type CrossReport } from './schema-parts.ts';
import { toFieldPath, type ValuePath } from './value-path.ts';

interface Protocols {
  readonly tcp: NamedPool | null;
  readonly udp: NamedPool | null;
}

interface Fleet {
  readonly entryPoints: {
    readonly http: string;
    readonly https: string;
    readonly ready: string | null;
    readonly others: readonly string[];
  };
  readonly ports: Protocols;
  readonly pools: readonly (Protocols & { readonly name: string })[];
}

/** The ports of a pool on one protocol, with where they are configured. */
interface Part {
  readonly path: ValuePath;
  readonly protocol: keyof Protocols;
  readonly pool: NamedPool;
}

/**
 * A check that the pools of a fleet can stand side by side: each has a name of its own, no port is in two on one protocol, and no
 * entryPoint is named twice.
 */
export const poolsDiffer = crossCheck<Fleet>(['entryPoints', 'ports', 'pools'], (fleet, report) => {
  reportSameName(fleet, report);
  reportOthers(fleet, report);
  const parts = listParts(fleet);
  const overlapping = reportOverlaps(parts, report);
  // Ports in two pools most often make names twice too: one mistake is enough.
  reportSameEntryPoints(
    fleet,
    parts.filter((part) => !overlapping.has(part)),
    report,
  );
});

function listParts({ ports, pools }: Fleet): readonly Part[] {
  return [
    { path: ['ports'], pool: ports },
    ...pools.map((pool, index) => ({ path: ['pools', index], pool })),
  ].flatMap(({ path, pool }) =>
    (['tcp', 'udp'] as const).flatMap((protocol): readonly Part[] => {
      const one = pool[protocol];
      return one === null ? [] : [{ path: [...path, protocol], protocol, pool: one }];
    }),
  );
}

function reportSameName({ pools }: Fleet, report: CrossReport): void {
  const seen = new Map([
    [defaultPool, 'ports'],
    [importedPool, 'imports'],
  ]);
  pools.forEach(({ name }, index) => {
    const earlier = seen.get(name);
    if (earlier === undefined) seen.set(name, toFieldPath(['pools', index]));
    else report(['pools', index, 'name'], `is the name of the pool in ${earlier}`, 'use another name');
  });
}

/** One for Traefik's API would be published, and one for `/ready` is nobody's to route on. */
function reportOthers({ entryPoints }: Fleet, report: CrossReport): void {
  const { http, https, ready, others } = entryPoints;
  const taken = new Map([
    [http, 'that of HTTP'],
    [https, 'that of HTTPS'],
    ['traefik', "that of Traefik's API"],
    ...(ready === null ? [] : [[ready, 'that of /ready'] as const]),
  ]);
  others.forEach((name, index) => {
    const whose = taken.get(name);
    if (whose !== undefined) report(['entryPoints', 'others', index], `is ${whose}`, 'remove it');
  });
}

/** Returns those that have been reported. */
function reportOverlaps(parts: readonly Part[], report: CrossReport): ReadonlySet<Part> {
  const reported = new Set<Part>();
  parts.forEach((part, index) => {
    for (const earlier of parts.slice(0, index)) {
      if (earlier.protocol !== part.protocol || reported.has(part)) continue;
      const port = findOverlap(earlier.pool.range, part.pool.range);
      if (port === undefined) continue;
      reported.add(part);
      const message = `has ${port}, which is in ${toFieldPath(earlier.path)}.range too`;
      report([...part.path, 'range'], message, 'let each port be in one pool; a pool that is null has none');
    }
  });
  return reported;
}

function reportSameEntryPoints({ entryPoints }: Fleet, parts: readonly Part[], report: CrossReport): void {
  const { others, ...named } = entryPoints;
  const shared = new Set([...Object.values(named).filter((name) => name !== null), ...others]);
  const seen = new Map<string, Part>();
  for (const part of parts) {
    const path = [...part.path, 'entryPoint'];
    const names = [...listNames(part.pool)];
    const taken = names.find((name) => shared.has(name));
    if (taken !== undefined)
      report(path, `makes ${taken}, which entryPoints has already`, 'use another name');
    const twice = names.find((name) => seen.has(name));
    const earlier = twice === undefined ? undefined : seen.get(twice);
    for (const name of names) if (!seen.has(name)) seen.set(name, part);
    if (earlier === undefined) continue;
    const message = `makes ${twice}, as ${toFieldPath(earlier.path)}.entryPoint does`;
    report(path, message, 'name the two pools differently: one entryPoint carries one port and protocol');
  }
}
