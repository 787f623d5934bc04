import { resolve } from 'node:path';
import { inRange, type PortRange } from '../model/port.ts';
import { defaultPool } from '../model/ports.ts';
import type { AdminFiles } from './admin-files.ts';
import type { ImportEntry, ImportSettings } from './imports.ts';
import { toAdmin } from './to-admin.ts';
import { findLedgerSource } from './ledger-place.ts';
import { ownAnnotations } from './own-annotations.ts';
import { liesWithin } from './pool-names.ts';
import type { PortPool } from './port-pool.ts';
import { standardPorts } from './schema-pools.ts';
import type { FileSettings } from './schema.ts';
import type {
  ExposeAnnotation,
  FleetSettings,
  LedgerSettings,
  ObjectName,
  ProviderTls,
  ServiceSettings,
  Settings,
  ShrinkGuardSettings,
  SourceSettings,
} from './settings.ts';
import { resolveHome } from '../lib/home-path.ts';
import { parsePortRange } from '../lib/units.ts';

/** What has been read of the files that a configuration names. */
export interface ReadFiles {
  readonly admin: Pick<AdminFiles, 'tokens' | 'users'>;
  readonly tls: ProviderTls | null;
  /** By the place of the import in the list. */
  readonly importEntries: ReadonlyMap<number, readonly ImportEntry[]>;
}

/** Resolves what the program runs with. Relative paths count from `folder`. Deeply frozen. */
export function toSettings(
  file: FileSettings,
  folder: string,
  { admin, tls, importEntries }: ReadFiles,
): Settings {
  const { hold, debounce, maxWait, shrinkGuard, ...provider } = file.provider;
  return freeze({
    listen: file.listen,
    sources: file.sources.flatMap((source) => toSource(source, folder)),
    fleets: file.fleets.map((fleet) => toFleet(fleet, file.sources[0]?.name ?? '')),
    imports: toImports(file, folder, importEntries),
    ingress: file.ingress,
    gateway: file.gateway,
    services: toServices(file.services),
    writeBack: { announceAfterMs: file.writeBack.announceAfter },
    certificates: { warnBeforeMs: file.certificates.warnBefore },
    limits: file.limits,
    healthChecks: file.healthChecks,
    admin: toAdmin(file.admin, admin),
    provider: {
      ...provider,
      holdMs: hold,
      debounceMs: debounce,
      maxWaitMs: maxWait,
      shrinkGuard: toShrinkGuard(shrinkGuard),
      tls,
    },
    ledger: toLedger(file, folder),
    log: file.log,
    leaderElection: { lease: toObjectName(file.leaderElection.lease) },
    lastKnownGood: file.lastKnownGood === null ? null : resolve(folder, file.lastKnownGood),
  });
}

function toShrinkGuard({
  for: forMs,
  rules,
  ...others
}: FileSettings['provider']['shrinkGuard']): ShrinkGuardSettings {
  return { ...others, forMs, rules: rules.map(({ for: until, ...rule }) => ({ ...rule, forMs: until })) };
}

function toSource(source: FileSettings['sources'][number], folder: string): SourceSettings[] {
  const { name, required, backends, nodes, directory, kubernetes } = source;
  const base = { name, required, ...(backends && { backends }), ...(nodes.length > 0 && { nodes }) };
  if (directory) {
    return [{ ...base, directory: { ...directory, path: resolve(folder, directory.path) } }];
  }
  if (!kubernetes) return [];
  const kubeconfig = kubernetes.kubeconfig === null ? null : resolveHome(folder, kubernetes.kubeconfig);
  return [{ ...base, kubernetes: { ...kubernetes, kubeconfig } }];
}

function toLedger(file: FileSettings, folder: string): LedgerSettings {
  const source = findLedgerSource(file);
  const { retiredSources } = file.ledger;
  return file.ledger.file !== undefined || source === undefined
    ? { file: resolve(folder, file.ledger.file ?? './fairlead-ports.json'), retiredSources }
    : {
        source,
        configMap: toObjectName(file.ledger.configMap ?? 'fairlead-system/fairlead-ports'),
        retiredSources,
      };
}

function toImports(
  { imports, sources }: FileSettings,
  folder: string,
  entries: ReadFiles['importEntries'],
): readonly ImportSettings[] {
  return imports.map(({ fleet, protocol, configMap, file, source = sources[0]?.name ?? '' }, index) => ({
    fleet,
    protocol,
    source,
    place:
      file === undefined
        ? { kind: 'configMap', ...toObjectName(configMap ?? '') }
        : { kind: 'file', path: resolve(folder, file), entries: entries.get(index) ?? [] },
  }));
}

function toObjectName(text: string): ObjectName {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

type FileFleet = FileSettings['fleets'][number];
type FilePool = Omit<FileFleet['ports'], 'requestable'>;

function toFleet(
  {
    ports,
    pools,
    addresses,
    defaultCertificate: certificate,
    entryPoints,
    proxyProtocol,
    zone,
    metrics,
    api,
    listeners,
    refuseUnknownSni,
    refuseMisdirected,
    ...fleet
  }: FileFleet,
  firstSource: string,
): FleetSettings {
  const { requestable = findStandardBand(ports) } = ports;
  const { ready, others, ...shared } = entryPoints;
  const addressSources = addresses.filter((each) => each.kind !== 'fixed');
  return {
    ...fleet,
    listeners: toListeners(listeners, entryPoints, [ports, ...pools]),
    ...(refuseUnknownSni && { refusesUnknownSni: true }),
    ...(refuseMisdirected && { refusesMisdirected: true }),
    entryPoints: {
      ...shared,
      ...(ready !== null && { ready }),
      ...(others.length > 0 && { others }),
    },
    addresses: addresses.flatMap((each) => (each.kind === 'fixed' ? each.address : [])),
    ...(addressSources.length > 0 && { addressSources }),
    ...(proxyProtocol.trustedIPs.length > 0 && { proxyProtocol }),
    ...(zone !== null && { zone }),
    ...(metrics.length > 0 && { metrics }),
    ...(api.length > 0 && { api }),
    ...(certificate && {
      defaultCertificate: {
        source: certificate.source ?? firstSource,
        ...toObjectName(certificate.secret),
      },
    }),
    pools: [
      toPool(defaultPool, { ...ports, requestable }),
      ...pools.map(({ name, ...pool }) => toPool(name, pool)),
    ],
  };
}

/** Of the standard ones those that no pool has. */
function toListeners(
  listeners: FileFleet['listeners'],
  { http, https }: FileFleet['entryPoints'],
  pools: readonly Pick<FileFleet['ports'], 'tcp'>[],
): ReadonlyMap<number, string> {
  if (listeners !== undefined)
    return new Map(Object.entries(listeners).map(([port, entryPoint]) => [Number(port), entryPoint]));
  const standard: readonly (readonly [number, string])[] = [
    [80, http],
    [443, https],
  ];
  return new Map(standard.filter(([port]) => !pools.some(({ tcp }) => tcp && inRange(tcp.range, port))));
}

/** Of all pools: what is different between `ports` and an item of `pools` has been settled before. */
function toPool(
  name: string,
  { tcp, udp, cooldown, bankGrace, ...pool }: FilePool & { readonly requestable: PortRange | null },
): PortPool {
  const ranges = { ...(tcp && { tcp }), ...(udp && { udp }) };
  return { ...pool, name, ranges, cooldownMs: cooldown, bankGraceMs: bankGrace };
}

/** The standard band means nothing to a pool elsewhere: there, any port may be asked for. */
function findStandardBand({ tcp, udp }: FileFleet['ports']): PortRange | null {
  const band = parsePortRange(standardPorts.requestable);
  return band.ok && [tcp, udp].some((pool) => pool && liesWithin(band.value, pool.range)) ? band.value : null;
}

function toServices({ annotations, ...services }: FileSettings['services']): ServiceSettings {
  const configured: ExposeAnnotation = { ...annotations.expose, allocated: annotations.allocated };
  // One key cannot ask twice: the answer would be written back under two keys.
  const expose = configured.key === ownAnnotations.key ? [configured] : [configured, ownAnnotations];
  return { ...services, expose };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
