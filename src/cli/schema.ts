import { settingsJsonSchema } from '../settings/json-schema.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** `fairlead schema`: the JSON Schema of the configuration file, for editors. */
export const schema: Command = {
  spec: {
    name: 'schema',
    summary:
      'Print the JSON Schema of fairlead.yaml, for editors: they read it where its first line is # yaml-language-server: $schema=FILE',
    options: {},
    examples: ['fairlead schema > fairlead.schema.json'],
  },
  run(_call, io) {
    io.out(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
    return Promise.resolve(exitCodes.ok);
  },
};
