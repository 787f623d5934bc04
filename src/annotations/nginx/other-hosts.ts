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
      doc: 'Whatever the Ingress routes for a host it routes for these hosts as well. They are claimed as the hosts of rules are: of two Ingresses with the very same host and path the older has it, and other paths are shared. (ingress-nginx leaves an alias out that is the host of any rule, or an older alias.)',
    },
    wwwRedirect: {
      key: wwwRedirectKey,
      on: ['Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Redirects requests for `www.` and the host to the host; where the host of a rule begins with `www.`, those for the host without it. A host that any object routes is left to that one, however young it is, and so are those of wildcards.',
      differs: 'GET and HEAD are answered 301 where ingress-nginx answers 308; other methods get 308.',
    },
  },
  apply: ({ aliases, wwwRedirect }) => ({
    ...(aliases && aliases.length > 0 && { aliases }),
    ...(wwwRedirect === true && { wwwRedirect }),
  }),
});
