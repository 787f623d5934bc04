import { defineFeature } from '../feature.ts';
import { boolean, texts } from '../parsers.ts';

/** The annotation that names further hosts of an Ingress. */
export const aliasKey = 'nginx.ingress.kubernetes.io/server-alias';

/** The annotation that has the host with `www.`, or the one without, redirected to that of the rule. */
export const wwwRedirectKey = 'nginx.ingress.kubernetes.io/from-to-www-redirect';

/** Other names of the hosts of an Ingress. */
export const otherHosts = defineFeature({
  name: 'other-hosts',
  annotations: {
    aliases: {
      key: aliasKey,
      on: ['Ingress'],
      parse: texts,
      isList: true,
      whenInvalid: 'use-default',
      value: 'host names, comma-separated; `*.example.com` stands for one label',
      example: 'shop.example.net,shop.example.org',
      doc: 'More hosts for the rules of the Ingress. They are treated like hosts of rules: if two Ingresses have the same host and path, the older one gets it. (ingress-nginx ignores an alias that is the host of a rule, or an alias of an older Ingress.)',
    },
    wwwRedirect: {
      key: wwwRedirectKey,
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Redirects `www.example.com` to `example.com`, if that is the host of the rule. If the host of the rule begins with `www.`, redirects the host without it. A host that any other object routes is not redirected, even if that object is younger. Wildcard hosts are not redirected either.',
      differs: 'GET is answered with 301; ingress-nginx answers 308. Other methods get 308.',
    },
  },
  apply: ({ aliases, wwwRedirect }) => ({
    ...(aliases && aliases.length > 0 && { aliases }),
    ...(wwwRedirect === true && { wwwRedirect }),
  }),
});
