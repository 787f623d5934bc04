import type { Rule } from '../finding.ts';

export const traefikUnreachable: Rule = {
  code: 'traefik-unreachable',
  finds: 'The API of a Traefik gives no answer: it does not run, or its URL is another one.',
  mend: 'Start it; enable `api` in its static configuration; correct `fleets[].api` or `--traefik`.',
  needs: '`--traefik`, or `fleets[].api`',
  check: ({ traefiks }) =>
    traefiks.flatMap(({ name, error, isFile }) =>
      error === null
        ? []
        : [
            {
              where: name,
              message: isFile ? `It cannot be used: ${error}` : `Its API gives no answer: ${error}`,
              mend: isFile
                ? 'name a traefik.yml, a file of arguments, or a manifest that fairlead traefik prints'
                : 'start that Traefik, enable api in its static configuration, or correct the URL',
            },
          ],
    ),
};
