import { defineFeature } from '../feature.ts';
import { accept, objectName, quote, refuse, texts, toValue, type Parser } from '../parsers.ts';
import type { TlsDirective } from '../directives.ts';

const tlsDirective: Parser<TlsDirective | undefined> = (value) => {
  const trimmed = toValue(value);
  if (trimmed === 'true') return accept({ kind: 'default' });
  if (trimmed === 'false') return accept(undefined);
  if (/^(yes|on|1|enabled|no|off|0|disabled)$/i.test(trimmed)) {
    const word = /^(yes|on|1|enabled)$/i.test(trimmed) ? 'true' : 'false';
    return refuse(`${quote(value)} is neither "true" nor a Secret nor a resolver`, `Write "${word}".`);
  }
  const [kind, rest] = trimmed.startsWith('resolver:')
    ? (['resolver', trimmed.slice(9)] as const)
    : (['secret', trimmed] as const);
  const name = objectName(rest);
  return name.ok
    ? accept({ kind, name: name.value })
    : refuse(
        `${quote(value)} is neither "true", a Secret nor a resolver`,
        'Write "true", the name of a TLS Secret of the namespace, or "resolver:NAME".',
      );
};

/** HTTP routes for a Service without an Ingress, and TLS for these, for those by SNI, and for those of an Ingress. */
export const hostRouting = defineFeature({
  name: 'host-routing',
  annotations: {
    hosts: {
      key: 'fairlead.dev/host',
      on: ['Service'],
      parse: texts,
      isList: true,
      whenInvalid: 'use-default',
      value: 'host names, comma-separated; `*.example.com` stands for one label',
      example: 'shop.example.com',
      doc: 'Routes HTTP requests for these hosts to the Service.',
    },
    paths: {
      key: 'fairlead.dev/path',
      on: ['Service'],
      parse: texts,
      isList: true,
      whenInvalid: 'use-default',
      value: 'path prefixes, comma-separated (default `/`)',
      example: '/api,/signin',
      doc: 'Routes only requests under these paths, element by element: `/api` takes `/api` and `/api/x`, not `/apix`. Without a host: of every host.',
    },
    tls: {
      key: 'fairlead.dev/tls',
      on: ['Service', 'Ingress'],
      parse: tlsDirective,
      whenInvalid: 'use-default',
      value: '`"true"`, the name of a TLS Secret, or `resolver:NAME`',
      example: 'shop-tls',
      doc: 'Also serves the routes over HTTPS on the https entryPoint, with the certificate of the Secret or of the resolver, else with the default one. With `fairlead.dev/sni` Traefik terminates TLS with it.',
    },
  },
  apply: ({ hosts, paths, tls }) => ({
    ...(hosts && { hosts }),
    ...(paths && { paths }),
    ...(tls && { tls }),
  }),
});
