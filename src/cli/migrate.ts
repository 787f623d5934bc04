import { toInputs } from '../app/input-folder.ts';
import { openMigration } from '../app/open-migration.ts';
import { UsageError } from '../app/usage-error.ts';
import type { Migration, Origin } from '../model/migration.ts';
import { clusterOptions, readCluster } from './cluster-options.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { toMigrationMarkdown } from './migrate-markdown.ts';
import { toMigrationText } from './migrate-text.ts';
import * as sharedOptions from './shared-options.ts';

/** `fairlead migrate`: what would become of the Ingresses of another controller. */
export const migrate: Command = {
  spec: {
    name: 'migrate',
    summary:
      'Tell what of the Ingresses of another controller would carry over, differ or be lost; changes nothing',
    positionals: '[DIR…|-]',
    options: {
      config: sharedOptions.config,
      ...clusterOptions,
      from: {
        value: 'ingress-nginx|traefik',
        help: 'the controller that serves them now (default: ingress-nginx)',
      },
      output: { value: 'text|json|markdown', help: 'how to print (default: text)' },
    },
    finds: 'when an Ingress loses something, or is not routed',
    examples: [
      'fairlead migrate -c fairlead.yaml --from ingress-nginx',
      'kubectl get ingress,service,configmap -A -o yaml | fairlead migrate - --from ingress-nginx',
      'fairlead migrate ./manifests --from traefik --output markdown > migration.md',
    ],
  },
  async run({ positionals, options }, io) {
    if (options.text('from') === undefined)
      throw new UsageError('say what to migrate from: --from ingress-nginx or --from traefik');
    const from = options.oneOf<Origin>('from', ['ingress-nginx', 'traefik']);
    const output = options.oneOf('output', ['text', 'json', 'markdown']);
    const inputs = await toInputs(positionals, io);
    try {
      const request = { config: options.text('config'), cluster: readCluster(options), ...inputs };
      const migration = await openMigration(request, from, io);
      io.out(print[output](migration));
      const { loses, 'not-routed': none } = migration.totals;
      return loses + none > 0 ? exitCodes.problems : exitCodes.ok;
    } finally {
      await inputs.remove();
    }
  },
};

const print = {
  text: toMigrationText,
  markdown: toMigrationMarkdown,
  json: (migration: Migration) => `${JSON.stringify(migration, null, 2)}\n`,
} as const;
