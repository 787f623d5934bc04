import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Manifest } from '../../../support/api-server.ts';
import type { ArmOptions, Dialect } from './arms.ts';
import { toDocuments, toObjects } from './objects.ts';

/** One file of a folder with what belongs to it. */
export interface Fixture {
  /** The name of its file, without ending. */
  readonly name: string;
  readonly objects: readonly Manifest[];
  readonly options: ArmOptions;
}

const optionsSchema = z.partialRecord(
  z.enum(['traefik', 'ingress-nginx']),
  z.array(
    z.strictObject({
      fixtures: z.array(z.string()),
      provider: z.record(z.string(), z.unknown()).optional(),
      fairlead: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
);
const optionsFile = new URL('../../differential/fixture-options.yaml', import.meta.url);

/**
 * The fixtures of a folder, sorted by the options that they need, then by name. Where it has folders in it, their files are the
 * fixtures, and the files beside those folders belong to each of them; else its own files are.
 */
export function readFixtures(folder: string, dialect: Dialect): readonly Fixture[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isFile() && /\.ya?ml$/.test(entry.name),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  const below = paths.filter((path) => join(folder, basename(path)) !== path);
  const shared = below.length > 0 ? paths.filter((path) => !below.includes(path)) : [];
  const common = shared.flatMap(read);
  const options = optionsSchema.parse(parse(readFileSync(optionsFile, 'utf8')) ?? {})[dialect] ?? [];
  const fixtures = (below.length > 0 ? below : paths).map((path) => {
    const name = basename(path, extname(path));
    const { fixtures: _, ...found } = options.find((each) => each.fixtures.includes(name)) ?? {
      fixtures: [],
    };
    return { name, objects: toObjects([...common, ...read(path)]), options: withoutUndefined(found) };
  });
  const order = ({ name, options: each }: Fixture): string => `${JSON.stringify(each)} ${name}`;
  return fixtures.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

function read(path: string): readonly unknown[] {
  return toDocuments(readFileSync(path, 'utf8'));
}

function withoutUndefined({
  provider,
  fairlead,
}: {
  provider?: ArmOptions['provider'];
  fairlead?: ArmOptions['fairlead'];
}): ArmOptions {
  return { ...(provider === undefined ? {} : { provider }), ...(fairlead === undefined ? {} : { fairlead }) };
}
