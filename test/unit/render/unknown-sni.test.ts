import { expect, it } from 'vitest';

import { toUnknownSniFragments } from '../../../src/render/unknown-sni.ts';

const fleet = {
  entryPoints: { http: 'web', https: 'websecure' },
  listeners: new Map([
    [80, 'web'],
    [443, 'websecure'],
    [8443, 'more'],
  ]),
};

it('closes TLS connections for unknown names on entryPoints that may have TLS', () => {
  const [router, service] = toUnknownSniFragments(fleet);
  expect(JSON.parse(`{${router?.member}}`)).toEqual({
    unknown: {
      entryPoints: ['websecure', 'more'],
      rule: 'HostSNI("*") && !ALPN("h2") && !ALPN("http/1.1")',
      ruleSyntax: 'default',
      priority: 1,
      tls: { passthrough: true },
      service: 'closed',
    },
  });
  expect(service).toMatchObject({ section: 'tcp.services', key: 'closed' });
});
