import type { Rule } from '../finding.ts';

export const serverUnreachable: Rule = {
  code: 'server-unreachable',
  finds:
    'No Fairlead answers where Traefiks are to ask it: they keep what they have, and none that starts gets routes.',
  mend: 'Start `fairlead serve`, or give the URL of its provider listener by `--server`.',
  needs: 'a Traefik, or `--server`',
  check: ({ server }) =>
    server === null || server.error === null
      ? []
      : [
          {
            where: server.url,
            message: `No Fairlead answers there: ${server.error}`,
            mend: 'start fairlead serve with this configuration, or give the URL of its provider listener by --server',
          },
        ],
};
