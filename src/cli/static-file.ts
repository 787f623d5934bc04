import { parse, YAMLParseError } from 'yaml';
import { UsageError } from '../app/usage-error.ts';
import { toReadErrorText } from '../lib/error-text.ts';
import { isObject } from '../lib/raw-object.ts';
import { readRegularFileSync } from '../lib/read-regular-file.ts';
import { ownEntryPoint } from '../traefik/static/static-config.ts';

const largest = 1 << 20;

/** The file of `fairlead edge --static`: a part of a `traefik.yml`, without what the command makes itself. @throws UsageError */
export function readStaticFile(file: string): Readonly<Record<string, unknown>> {
  const refuse = (why: string): UsageError => new UsageError(`--static ${file} ${why}`);
  let value: unknown;
  try {
    value = parse(readRegularFileSync(file, largest).toString()) ?? {};
  } catch (error) {
    if (error instanceof YAMLParseError) throw refuse(`is not YAML: ${error.message.split('\n', 1)[0]}`);
    throw refuse(`cannot be read: ${toReadErrorText(error)}`);
  }
  if (!isObject(value)) throw refuse('is no map; write it as a traefik.yml');
  const { providers = {}, entryPoints = {} } = value;
  for (const [name, field] of Object.entries({ providers, entryPoints })) {
    if (!isObject(field) || !Object.values(field).every(isObject))
      throw refuse(`has ${name} that are no map of maps; write them as in a traefik.yml`);
  }
  const own = [
    ...(isObject(providers) && 'http' in providers ? ['providers.http'] : []),
    ...(isObject(entryPoints) && ownEntryPoint in entryPoints ? [`entryPoints.${ownEntryPoint}`] : []),
  ];
  if (own.length > 0) throw refuse(`has ${own.join(' and ')}, which fairlead edge makes itself; take it out`);
  return value;
}
