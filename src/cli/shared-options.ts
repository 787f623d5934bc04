import type { OptionSpec } from './command.ts';

/** `-c FILE`, of every command. */
export const config: OptionSpec = {
  short: 'c',
  value: 'FILE',
  help: 'configuration file (default: ./fairlead.yaml, if there)',
};

/** `--bank N`, of the commands that are about one Traefik. */
export const bank: OptionSpec = { value: 'N', help: 'the bank of the fleet (default: 0)' };

/** `--output`, of the commands whose result a program may read. */
export const output: OptionSpec = { value: 'text|json', help: 'how to print (default: text)' };
