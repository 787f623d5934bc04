import type { Rule } from '../finding.ts';
import { toStaticCommand } from '../words.ts';

export const providerMissing: Rule = {
  code: 'provider-missing',
  finds: 'A Traefik has no HTTP provider: it never asks Fairlead.',
  mend: 'Add `providers.http` to its static configuration; `fairlead traefik` prints it.',
  needs: 'a Traefik, or `--static`',
  check: ({ traefiks }) =>
    traefiks.flatMap((traefik) =>
      traefik.provider === 'absent'
        ? [
            {
              where: traefik.name,
              message: 'It has no HTTP provider, and never asks Fairlead for anything',
              mend: toStaticCommand(traefik),
            },
          ]
        : [],
    ),
};
