import { toDocumentName } from '../../model/document-name.ts';
import type { Rule } from '../finding.ts';

export const answerNotApplied: Rule = {
  code: 'answer-not-applied',
  finds:
    'A Traefik has not applied the answer that Fairlead gives now: it asks elsewhere, is refused, backs off, or could not decode it.',
  mend: 'Look into its log for `cannot decode`, `401` or `provider`; correct its provider; restart it.',
  needs: 'a Traefik, and a Fairlead that answers',
  check: ({ traefiks, server }) =>
    traefiks.flatMap(({ name, fleet, bank, revision, error, provider, isFile }) => {
      const current = server?.revisions.get(toDocumentName(fleet.name, bank));
      if (isFile || error !== null || provider === 'absent' || current === undefined || current === revision)
        return [];
      const has = revision === null ? 'none at all' : `an older one (${revision.slice(0, 8)})`;
      return [
        {
          where: name,
          message: `It has not applied the answer that Fairlead gives now (${current.slice(0, 8)}), it has ${has}`,
          mend: 'look into its log for what it says of the provider: a wrong URL or token, or a part that it cannot decode; then restart it',
        },
      ];
    }),
};
