import type { Rule } from '../finding.ts';

export const providerToken: Rule = {
  code: 'provider-token',
  finds: 'Fairlead asks for a bearer token, and a Traefik sends none or another one: it is refused with 401.',
  mend: 'Give it one of `provider.tokens`: `FAIRLEAD_TOKEN` where `fairlead traefik` prints it, the Secret `fairlead-token` in a cluster.',
  needs: '`--static`, or a Traefik from 3.3 whose API answers',
  check: ({ traefiks, settings: { provider: own } }) =>
    traefiks.flatMap(({ name, provider }) => {
      if (own.tokens.length === 0 || provider === null || provider === 'absent') return [];
      const { authorization } = provider;
      // What stands in a file for the token is filled in where Traefik runs.
      const isVariable = authorization !== null && /^Bearer \$\{?\(?\w+\)?\}?$/.test(authorization);
      if (isVariable || own.tokens.some((token) => authorization === `Bearer ${token}`)) return [];
      return [
        {
          where: name,
          message:
            authorization === null
              ? 'It sends no token, and Fairlead asks for one: it is refused with 401'
              : 'It sends a token that is none of provider.tokens: it is refused with 401',
          mend: 'set providers.http.headers.Authorization to "Bearer" and one of provider.tokens, and restart Traefik',
        },
      ];
    }),
};
