import { toDocumentName } from '../../model/document-name.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Facts, TraefikFacts } from '../facts.ts';
import type { Rule } from '../finding.ts';
import { toStaticCommand } from '../words.ts';

export const providerUrl: Rule = {
  code: 'provider-url',
  finds:
    'A Traefik asks a URL that is not that of its fleet and bank, or a port where Fairlead does not listen.',
  mend: 'Correct `providers.http.endpoint`; `fairlead traefik` prints it.',
  needs: '`--static`: the API of Traefik does not show it',
  check: ({ traefiks, settings }: Facts) =>
    traefiks.flatMap((traefik) => {
      const { provider, name } = traefik;
      if (provider === null || provider === 'absent' || provider.endpoint === null) return [];
      const why = explainUrl(provider.endpoint, traefik, settings);
      if (why === undefined) return [];
      return [
        {
          where: name,
          message: `It asks ${JSON.stringify(provider.endpoint)}: ${why}`,
          mend: toStaticCommand(traefik),
        },
      ];
    }),
};

function explainUrl(text: string, { fleet, bank }: TraefikFacts, settings: Settings): string | undefined {
  if (!URL.canParse(text)) return 'that is no URL';
  const url = new URL(text);
  const document = toDocumentName(fleet.name, bank);
  const isFirst = settings.fleets[0]?.name === fleet.name && bank === 0;
  const path = url.pathname.replace(/\/+$/, '');
  // A proxy may stand before it, under a path of its own.
  const isRight = path.endsWith(`/traefik/${document}`) || (isFirst && path.endsWith('/traefik'));
  if (!isRight) return `fleet ${fleet.name} is answered at /traefik/${document}`;
  if (!isLoopback(url.hostname)) return undefined;
  const { port } = settings.listen.provider;
  const asked = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (port !== 0 && asked !== port) return `Fairlead listens on port ${port} (listen.provider)`;
  const isTls = settings.provider.tls !== null;
  if (isTls !== (url.protocol === 'https:'))
    return isTls
      ? 'Fairlead speaks TLS (provider.tls)'
      : 'Fairlead does not speak TLS (provider.tls is not set)';
  return undefined;
}
