import { type StaticConfig, tokenVariable } from './static-config.ts';

/** The arguments of Traefik's command line that say the same as `traefik.yml`. They are not quoted for a shell. */
export function toArguments(config: Partial<StaticConfig>): string[] {
  return flatten('', config).map(([path, value]) => `--${path}=${value}`);
}

/** One argument a line, quoted for a POSIX shell where need be, for `traefik $(…)`, `eval` or to paste. */
export function toStaticArgs(config: StaticConfig): string {
  return toArguments(config)
    .map((argument) => `${quote(argument)}\n`)
    .join('');
}

function flatten(path: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return [[path, value.join(',')]];
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const fields = Object.entries(value);
  if (fields.length === 0) return [[path, 'true']];
  return fields.flatMap(([key, field]) => flatten(path === '' ? key : `${path}.${key}`, field));
}

const placeholder = `\${${tokenVariable}}`;

/** In single quotes, where a shell changes nothing, but for the placeholder of the token. */
function quote(argument: string): string {
  if (/^[A-Za-z0-9_./:=,@%+-]+$/.test(argument)) return argument;
  const quoted = `'${argument.replaceAll("'", `'\\''`)}'`;
  return quoted.replaceAll(placeholder, `'"${placeholder}"'`);
}
