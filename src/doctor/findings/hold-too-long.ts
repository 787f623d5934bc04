import type { Rule } from '../finding.ts';
import { toSeconds } from '../words.ts';

export const holdTooLong: Rule = {
  code: 'hold-too-long',
  finds:
    'Fairlead holds a question for as long as Traefik waits for the answer, or longer: Traefik gives up, and then asks more and more seldom.',
  mend: 'Shorten `provider.hold`, or raise `providers.http.pollTimeout`.',
  needs: '`--static`, or a Traefik from 3.3 whose API answers',
  check: ({ traefiks, settings: { provider: own } }) =>
    traefiks.flatMap(({ name, provider }) => {
      if (provider === null || provider === 'absent' || own.holdMs < provider.pollTimeoutMs) return [];
      return [
        {
          where: name,
          message: `It waits ${toSeconds(provider.pollTimeoutMs)} for an answer, and Fairlead holds questions for ${toSeconds(own.holdMs)}`,
          mend: `set provider.hold to less than ${toSeconds(provider.pollTimeoutMs)}, or pollTimeout to ${Math.ceil(own.holdMs / 1_000) + 1}s, and restart`,
        },
      ];
    }),
};
