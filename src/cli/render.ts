import { stringify } from 'yaml';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { chooseBank, chooseFleet, openReplay } from '../app/open-replay.ts';
import { locateAll, printProblems } from './problem-lines.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead render`: the dynamic configuration that Traefik would get. */
export const render: Command = {
  spec: {
    name: 'render',
    summary: 'Print the dynamic configuration that Traefik would get',
    positionals: '[DIR…]',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      fleet: { value: 'NAME', help: 'the fleet (default: the first)' },
      bank: sharedOptions.bank,
      format: { value: 'yaml|json', help: 'how to print it (default: yaml)' },
      strict: { help: 'exit with 1 when an object has an error' },
      output: { value: 'text|json', help: 'how problems are printed on standard error (default: text)' },
    },
    finds: 'when an object has an error, with --strict only',
    examples: [
      'fairlead render ./manifests',
      'fairlead render -c fairlead.yaml --fleet internal --format json',
    ],
  },
  async run({ positionals, options }, io) {
    const { settings, replay } = await openReplay(
      { config: options.text('config'), cluster: readCluster(options), directories: positionals },
      io,
    );
    const fleet = chooseFleet(settings, options.text('fleet'));
    const bank = chooseBank(fleet, options.text('bank'));
    const format = options.oneOf('format', ['yaml', 'json']);
    const body = replay.body(fleet.name, bank).toString();
    // JSON is YAML, but not the other way round: what is printed here need not be what Traefik's decoder is given.
    io.out(
      format === 'json'
        ? `${JSON.stringify(JSON.parse(body), null, 2)}\n`
        : stringify(JSON.parse(body), { compat: 'yaml-1.1', lineWidth: 0 }),
    );
    const problems = await locateAll(replay, replay.inspection.problems());
    printProblems(problems, options.oneOf('output', ['text', 'json']), io, (text) => io.err(text));
    const failed = options.flag('strict') && problems.some(({ problem }) => problem.severity === 'error');
    return failed ? exitCodes.problems : exitCodes.ok;
  },
};
