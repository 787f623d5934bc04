import type { Command, CommandSpec, OptionSpec } from './command.ts';
import { toTable } from './table.ts';

/** What `fairlead --help` prints. */
export function toProgramHelp(commands: readonly Command[]): string {
  const list = toTable(commands.map(({ spec }) => ['', spec.name, spec.summary]));
  return `Fairlead: a control plane for the edge. Kubernetes objects in, Traefik configuration out.

Usage: fairlead COMMAND [OPTION…]

${list}
fairlead COMMAND --help says more about each. Exit codes: 0 all is well, 1 problems found, 2 wrong usage or configuration.
Every field of the configuration can also be set by the environment (FAIRLEAD_…): see docs/configuration.md.
`;
}

/** What `fairlead COMMAND --help` prints. */
export function toCommandHelp({ name, summary, positionals, options, finds, examples }: CommandSpec): string {
  const usage = ['fairlead', name, positionals, '[OPTION…]'].filter((word) => word !== undefined).join(' ');
  const rows = [...Object.entries(options), ['help', { short: 'h', help: 'show this' }] as const].map(toRow);
  return `${summary}.

Usage: ${usage}

${toTable(rows)}${finds === undefined ? '' : `\nExits with 1 ${finds}.\n`}
Examples:
${examples.map((example) => `  ${example}\n`).join('')}`;
}

function toRow([name, { short, value, help }]: readonly [string, OptionSpec]): readonly string[] {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return ['', short === undefined ? `    ${long}` : `-${short}, ${long}`, help];
}
