import type { ImportedNumber, ImportedPort } from '../../model/imported-port.ts';
import { toObjectKey, type ObjectKey } from '../../model/object-ref.ts';
import type { PoolProtocol } from '../../model/port.ts';
import { type Problem, type Report, type Subject } from '../../model/problem.ts';
import { ProblemList } from '../../model/problem-list.ts';
import type { View } from '../../model/snapshot.ts';
import type { ImportEntry, ImportSettings } from '../../settings/imports.ts';
import type { FleetSettings, Settings } from '../../settings/settings.ts';
import { findServicePort } from '../backend/servers.ts';
import { limit } from '../limits.ts';
import { parseEntry, type ParsedEntry } from './parse-entry.ts';

/** What all imports of the configuration come to. */
export interface ImportTable {
  /** By the Service, in the order of the imports. */
  readonly byService: ReadonlyMap<ObjectKey, readonly ImportedPort[]>;
  /** Also those that lead nowhere now: Traefik has to listen on them before. */
  readonly numbers: readonly ImportedNumber[];
  readonly problems: readonly Problem[];
}

/** Where a Traefik as Fairlead configures it listens itself, whatever the pools are. */
const ownPorts: Readonly<Record<PoolProtocol, readonly number[]>> = { tcp: [80, 443, 8080, 8082], udp: [] };

interface Collected {
  readonly byService: Map<ObjectKey, ImportedPort[]>;
  readonly numbers: Map<string, { readonly number: ImportedNumber; readonly where: string }>;
  readonly problems: Problem[];
}

/** Reads all imports. What is wrong with an entry is a problem of its ConfigMap, or of the file, and costs that entry only. */
export function readImports(
  settings: Pick<Settings, 'fleets' | 'imports' | 'limits'>,
  view: View,
): ImportTable {
  const collected: Collected = { byService: new Map(), numbers: new Map(), problems: [] };
  for (const one of settings.imports) {
    const fleet = settings.fleets.find(({ name }) => name === one.fleet);
    if (fleet === undefined) continue;
    const problems = new ProblemList(toSubject(one));
    readImport(one, { fleet, view, collected, most: settings.limits.object.ports, report: problems.report });
    collected.problems.push(...problems.toArray());
  }
  const { byService, numbers, problems } = collected;
  return { byService, problems, numbers: [...numbers.values()].map(({ number }) => number) };
}

function toSubject({ source, place }: ImportSettings): Subject {
  return place.kind === 'configMap'
    ? { source, kind: 'ConfigMap', namespace: place.namespace, name: place.name }
    : { source, kind: 'Import', namespace: '', name: place.path };
}

function byNumber(a: ImportEntry, b: ImportEntry): number {
  return Number(a[0]) - Number(b[0]);
}

interface Reading {
  readonly fleet: FleetSettings;
  readonly view: View;
  readonly collected: Collected;
  /** So many entries are read. */
  readonly most: number;
  readonly report: Report;
}

function readImport(one: ImportSettings, reading: Reading): void {
  const { report, most } = reading;
  const entries = findEntries(one, reading);
  const field = one.place.kind === 'configMap' ? 'data' : one.protocol;
  const standing = limit(entries.length, most, { code: 'too-many-ports', name: 'ports', field }, report);
  for (const entry of entries.slice(0, standing)) {
    const parsed = parseEntry(entry);
    const at = `${field}[${entry[0]}]`;
    if ('message' in parsed) report('import-invalid', { field: at, ...parsed });
    else readEntry(one, parsed, at, reading);
  }
}

function findEntries({ source, place }: ImportSettings, { view, report }: Reading): readonly ImportEntry[] {
  if (place.kind === 'file') return place.entries;
  const found = view.configMap(source, place.namespace, place.name);
  if (found === undefined || found.tooLarge === true) {
    report('import-missing', {
      message: `the ConfigMap ${place.namespace}/${place.name} of imports ${found === undefined ? 'does not exist' : 'is too large to be read'}`,
      hint: found === undefined ? 'Create it, or remove the import from the configuration.' : 'Divide it.',
    });
    return [];
  }
  return Object.entries(found.data).sort(byNumber);
}

function readEntry(one: ImportSettings, entry: ParsedEntry, field: string, reading: Reading): void {
  const { fleet, view, collected, report } = reading;
  const { protocol, source } = one;
  const { port } = entry;
  const refuse = (message: string, hint: string): void => report('import-invalid', { field, message, hint });
  if (ownPorts[protocol].includes(port))
    return refuse(`Traefik itself listens on port ${port}`, 'Use another number.');
  const key = `${fleet.name} ${protocol} ${port}`;
  const where = `${field} of ${describePlace(one)}`;
  const earlier = collected.numbers.get(key);
  if (earlier !== undefined)
    return refuse(
      `port ${port} of fleet ${fleet.name} is imported by ${earlier.where}`,
      'Remove one of them.',
    );
  const number = { fleet: fleet.name, protocol, port };
  const fromClients = entry.fromClients && mayReadHeader(one, entry, field, reading);
  collected.numbers.set(key, { number: { ...number, ...(fromClients && { fromClients }) }, where });
  const service = view.service(source, entry.namespace, entry.name);
  if (service === undefined)
    return refuse(
      `there is no Service ${entry.namespace}/${entry.name}`,
      'Create the Service, or remove the entry.',
    );
  const target = findServicePort(service, entry.servicePort, protocol === 'udp' ? 'UDP' : 'TCP');
  if (target === undefined)
    return refuse(
      `Service ${entry.namespace}/${entry.name} has no ${protocol.toUpperCase()} port ${entry.servicePort}`,
      'Name a port of it, by name or number.',
    );
  const holder = toObjectKey(service.meta.ref);
  const toBackend = entry.toBackend && mayTellBackend(one, field, report);
  const imported: ImportedPort = {
    ...number,
    servicePort: target.port,
    ...(toBackend && { toBackend }),
    field: where,
  };
  collected.byService.set(holder, [...(collected.byService.get(holder) ?? []), imported]);
}

function describePlace({ place }: ImportSettings): string {
  return place.kind === 'configMap' ? `ConfigMap ${place.namespace}/${place.name}` : `the file ${place.path}`;
}

/** Whether clients of a port can say who they are: somebody has to be trusted, since Traefik takes the header from nobody else. */
function mayReadHeader(
  { protocol }: ImportSettings,
  { port }: ParsedEntry,
  field: string,
  { fleet, report }: Reading,
): boolean {
  if (protocol === 'udp') return refuseUdp(field, report);
  if (fleet.proxyProtocol !== undefined) return true;
  report('import-proxy-unusable', {
    field,
    message: `port ${port} takes the PROXY protocol from nobody: fleet ${fleet.name} trusts no sender of it`,
    hint: 'Name the load balancers in fleets[].proxyProtocol.trustedIPs, or remove PROXY from the entry.',
  });
  return false;
}

function mayTellBackend({ protocol }: ImportSettings, field: string, report: Report): boolean {
  return protocol === 'tcp' || refuseUdp(field, report);
}

function refuseUdp(field: string, report: Report): false {
  const message = 'the PROXY protocol is for TCP only';
  report('import-proxy-unusable', { field, message, hint: 'Remove PROXY from the entry.' });
  return false;
}
