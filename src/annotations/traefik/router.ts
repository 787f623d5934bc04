import { defineFeature } from '../feature.ts';
import { accept, quote, refuse, toValue, type Parser } from '../parsers.ts';

const resolverName: Parser<string> = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(toValue(text))
    ? accept(toValue(text))
    : refuse(
        `${quote(text)} is not the name of a certificate resolver`,
        'Write a name from certificatesResolvers of the static configuration.',
      );

/** The annotations of Traefik's own Ingress provider, with its meaning. */
export const traefikRouter = defineFeature({
  name: 'traefik-router',
  annotations: {
    resolver: {
      key: 'traefik.ingress.kubernetes.io/router.tls.certresolver',
      on: ['Ingress'],
      parse: resolverName,
      whenInvalid: 'use-default',
      value: 'the name of a certificate resolver of the static configuration',
      example: 'letsencrypt',
      doc: 'Serves the hosts over HTTPS, with certificates that Traefik gets by this resolver.',
    },
  },
  apply: ({ resolver }) => (resolver === undefined ? {} : { tls: { kind: 'resolver', name: resolver } }),
});
