import { readAdminFiles } from './admin-files.ts';
import { applyEnvironment, type Environment } from './environment.ts';
import type { ConfigDocument } from './config-file.ts';
import { SettingsError, type Mistake } from './mistake.ts';
import { findLedgerMistakes } from './ledger-place.ts';
import { toMistakes } from './mistakes-of-issues.ts';
import { readImportFiles } from './import-files.ts';
import { fileSchema, type FileSettings } from './schema.ts';
import type { Settings } from './settings.ts';
import { readTlsFiles } from './tls-files.ts';
import { toSettings } from './to-settings.ts';
import { isObject } from '../lib/raw-object.ts';
import { valueAt } from './value-path.ts';

/** What else is wrong with settings that are right in themselves. Its mistakes are reported with their places, as all others. */
export type SettingsCheck = (settings: Settings) => readonly Mistake[];

/** What settings are made of. */
export interface SettingsParts {
  readonly document: ConfigDocument;
  readonly env: Environment;
  /** What relative paths count from. */
  readonly folder: string;
  /** Takes the place of the configured sources, as in the file. */
  readonly sources?: readonly unknown[];
  /** Changes what was read before `check` sees it. */
  readonly adapt?: ((settings: Settings) => Settings) | undefined;
  readonly check?: SettingsCheck | undefined;
}

/**
 * Checks a configuration and makes the settings of it.
 * @throws SettingsError with every mistake there is.
 */
export function resolveSettings({ document, env, folder, sources, adapt, check }: SettingsParts): Settings {
  const config = applyEnvironment(document, env);
  // A file that cannot be read says nothing about its fields.
  if (document.mistakes.length > 0) throw new SettingsError(config.mistakes);
  const value =
    sources && isObject(config.value)
      ? { ...config.value, sources: withName(sources, config.value['sources']) }
      : config.value;
  const parsed = fileSchema.safeParse(value);
  const { tls, mistakes: tlsMistakes } = readTlsFiles(valueAt(value, ['provider', 'tls']), folder);
  const { entries, mistakes: importMistakes } = readImportFiles(valueAt(value, ['imports']), folder);
  const { mistakes: adminMistakes, ...admin } = readAdminFiles(valueAt(value, ['admin']), folder);
  const mistakes = [
    ...(parsed.error ? toMistakes(parsed.error.issues, value) : []),
    ...tlsMistakes,
    ...importMistakes,
    ...adminMistakes,
    ...(parsed.success ? findAdoptMistakes(parsed.data) : []),
    // What refers to configured sources finds none where others take their place.
    ...(parsed.success && sources === undefined
      ? [
          ...findLedgerMistakes(parsed.data),
          ...findCertificateMistakes(parsed.data),
          ...findImportMistakes(parsed.data),
        ]
      : []),
  ];
  const placed = [...config.mistakes, ...sortByPlace(mistakes, config)];
  if (!parsed.success || placed.length > 0) throw new SettingsError(placed);
  const read = toSettings(parsed.data, folder, { admin, tls, importEntries: entries });
  const settings = adapt?.(read) ?? read;
  const more = check?.(settings) ?? [];
  if (more.length > 0) throw new SettingsError(sortByPlace(more, config));
  return settings;
}

/** One folder in the place of one source has its name, which is part of who holds a port. */
function withName(sources: readonly unknown[], configured: unknown): readonly unknown[] {
  const [source, ...others] = sources;
  const [replaced, ...more] = Array.isArray(configured) ? configured : [];
  if (others.length > 0 || more.length > 0 || !isObject(source) || !isObject(replaced)) return sources;
  return [{ ...source, name: replaced['name'] ?? source['name'] }];
}

function findCertificateMistakes({ fleets, sources }: Pick<FileSettings, 'fleets' | 'sources'>): Mistake[] {
  return fleets.flatMap(({ defaultCertificate }, index) => {
    const source = defaultCertificate?.source;
    if (source === undefined) return [];
    return findUnknown(['fleets', index, 'defaultCertificate', 'source'], 'source', source, sources);
  });
}

function findImportMistakes({ fleets, imports, sources }: FileSettings): Mistake[] {
  return imports.flatMap(({ fleet, source }, index) => [
    ...findUnknown(['imports', index, 'fleet'], 'fleet', fleet, fleets),
    ...(source === undefined ? [] : findUnknown(['imports', index, 'source'], 'source', source, sources)),
  ]);
}

/** Where the Ingresses of a controller are to be served has to be there on one fleet or another. */
function findAdoptMistakes({ fleets, ingress }: Pick<FileSettings, 'fleets' | 'ingress'>): Mistake[] {
  const known = [
    ...new Set(fleets.flatMap(({ entryPoints: { http, https, others } }) => [http, https, ...others])),
  ];
  return ingress.adopt.flatMap(({ entryPoints }, index) =>
    entryPoints.flatMap((name, place) =>
      known.includes(name)
        ? []
        : {
            path: ['ingress', 'adopt', index, 'entryPoints', place],
            message: 'is no entryPoint for HTTP of any fleet',
            got: JSON.stringify(name),
            hint: `name one of ${known.join(', ')}, or add it to fleets[].entryPoints.others`,
          },
    ),
  );
}

function findUnknown(
  path: Mistake['path'],
  what: string,
  name: string,
  known: readonly { readonly name: string }[],
): Mistake[] {
  if (known.some((each) => each.name === name)) return [];
  return [
    {
      path,
      message: `is not the name of a ${what}`,
      got: JSON.stringify(name),
      hint: `name one of ${known.map((each) => each.name).join(', ')}`,
    },
  ];
}

function sortByPlace(mistakes: readonly Mistake[], config: ConfigDocument): Mistake[] {
  return mistakes
    .map((mistake) => ({ mistake, place: config.locate(mistake.path) }))
    .toSorted((a, b) => (a.place?.offset ?? 0) - (b.place?.offset ?? 0))
    .map(({ mistake, place }) => (place ? at(mistake, place.where) : mistake));
}

function at(mistake: Mistake, where: string): Mistake {
  return { ...mistake, where };
}
