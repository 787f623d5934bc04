import { toHttpProvider } from '../../traefik/static/static-config.ts';
import type { Rule } from '../finding.ts';
import { toSeconds } from '../words.ts';

const mostMs = 1_000;

export const pollInterval: Rule = {
  code: 'poll-interval',
  finds: 'A Traefik asks seldom (its default is 5 s): each change takes that long to arrive.',
  mend: 'Set `providers.http.pollInterval` to what `fairlead traefik` prints.',
  needs: '`--static`, or a Traefik from 3.3 whose API answers',
  check: ({ traefiks, settings: { provider: own } }) =>
    traefiks.flatMap(({ name, provider }) => {
      if (provider === null || provider === 'absent' || provider.pollIntervalMs <= mostMs) return [];
      const wanted = toHttpProvider({ providerUrl: '', holdMs: own.holdMs, token: false }, '').pollInterval;
      return [
        {
          where: name,
          message: `It asks every ${toSeconds(provider.pollIntervalMs)}: changes that follow each other wait that long`,
          mend: `set providers.http.pollInterval to ${wanted}, and restart Traefik: Fairlead holds its questions until there is something new`,
        },
      ];
    }),
};
