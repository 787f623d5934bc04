import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { DocumentName } from '../../../src/model/document-name.ts';
import type { SourceObject } from '../../../src/model/objects.ts';
import { importedPool } from '../../../src/model/imported-port.ts';
import { isPort } from '../../../src/model/port.ts';
import { defaultPool, type LedgerEntry, type LedgerState, type OpenBank } from '../../../src/model/ports.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toSourceObjects } from '../../../src/kinds/narrow.ts';

const root = dirname(import.meta.dirname);

/** When everything happens in the golden cases. */
export const now = Date.parse('2026-01-01T12:00:00Z');

const entrySchema = z.strictObject({
  fleet: z.string().default('default'),
  port: z.number().refine(isPort),
  protocols: z.array(z.enum(['tcp', 'udp'])).default(['tcp']),
  /** `namespace/name`, of the first source. */
  holder: z.string(),
  servicePort: z.number(),
  /** The hostname of the endpoint that it is for. */
  endpoint: z.string().optional(),
  /** The number that an import gave. */
  imported: z.boolean().default(false),
  /** Absent: held. Set: cooling down since then. */
  freed: z.string().optional(),
});

const caseSchema = z.strictObject({
  title: z.string(),
  why: z.string(),
  /** What `fairlead.yaml` says; without `sources` there is one, `manifests`. */
  settings: z.record(z.string(), z.unknown()).default({}),
  ledger: z.array(entrySchema).default([]),
  /** Which banks of the fleet `default` are open besides bank 0. */
  banks: z.array(z.number()).default([]),
  /** What a Traefik makes of the document, when that is not that every router is enabled. */
  traefik: z.strictObject({ disabled: z.array(z.string()), why: z.string() }).optional(),
});

/** One case: what is given, and the file names of what has to come out. */
export interface GoldenCase {
  /** `area/case`. */
  readonly name: string;
  readonly folder: string;
  readonly title: string;
  readonly settings: Settings;
  readonly ledger: LedgerState;
  readonly objects: readonly SourceObject[];
  /** What reading the objects reported. */
  readonly problems: readonly Problem[];
  /** Keys of routers that Traefik disables. */
  readonly disabled: readonly string[];
}

/** All cases, in the order of their names. */
export function readCases(): readonly GoldenCase[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('case.yaml'))
    .map((path) => readCase(join(root, dirname(path))))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readCase(folder: string): GoldenCase {
  const name = relative(root, folder);
  const text = readFileSync(join(folder, 'case.yaml'), 'utf8');
  const { title, settings: fragment, ledger, banks, traefik } = caseSchema.parse(parse(text));
  const settings = withoutReady(
    resolveSettings({
      document: toDocument({ sources: [{ name: 'manifests', directory: { path: '.' } }], ...fragment }),
      env: {},
      folder,
    }),
  );
  const problems: Problem[] = [];
  const objects = settings.sources.flatMap(({ name: source }, index) => {
    const file = join(folder, index === 0 ? 'input.yaml' : `input.${source}.yaml`);
    return toObjects(readFileSync(file, 'utf8'), source, problems);
  });
  const source = settings.sources[0]?.name ?? '';
  const entries = ledger.map((entry) => toEntry(entry, source));
  return {
    name,
    folder,
    title,
    settings,
    ledger: { entries, ...(banks.length > 0 && { banks: banks.map(toOpenBank) }) },
    objects,
    problems,
    disabled: traefik?.disabled ?? [],
  };
}

/** Objects as YAML documents, read as a source reads them. */
export function toObjects(text: string, source: string, problems: Problem[]): readonly SourceObject[] {
  return parseAllDocuments(text, { uniqueKeys: false }).flatMap((document) =>
    toSourceObjects(document.toJS(), source, (problem) => problems.push(problem)),
  );
}

function toOpenBank(bank: number): OpenBank {
  const time = new Date(now).toISOString();
  return { fleet: 'default', bank, since: time, polled: time };
}

function toEntry(entry: z.output<typeof entrySchema>, source: string): LedgerEntry {
  const [namespace = '', name = ''] = entry.holder.split('/');
  const { fleet, port, protocols, servicePort, endpoint, freed } = entry;
  const part = entry.imported
    ? { part: { kind: 'listener', name: `import-${port}` } as const }
    : endpoint === undefined
      ? {}
      : { part: { kind: 'endpoint', name: endpoint } as const };
  const pool = entry.imported ? importedPool : defaultPool;
  const holder = { source, kind: 'Service', namespace, name };
  const base = { fleet, pool, port, protocols, servicePort, holder, ...part };
  return freed === undefined
    ? { ...base, state: 'held', since: '2026-01-01T00:00:00Z' }
    : { ...base, state: 'cooling', freed };
}

/** The file with the document of a fleet: `expected.json`, in a folder of its name for all fleets but the first. */
export function toExpectedPath({ folder, settings }: GoldenCase, document: DocumentName): string {
  return settings.fleets[0]?.name === document
    ? join(folder, 'expected.json')
    : join(folder, document, 'expected.json');
}

export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Without the router for `/ready`, which is the same in every document and has tests of its own. */
function withoutReady(settings: Settings): Settings {
  const fleets = settings.fleets.map((fleet) => {
    const { ready: _, ...entryPoints } = fleet.entryPoints;
    return { ...fleet, entryPoints };
  });
  return { ...settings, fleets };
}
