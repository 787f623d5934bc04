import type { MiddlewareDirective } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { accept, list, quote, type Parser } from '../parsers.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { traefikPrefix } from './keys.ts';
import { reference } from './values.ts';

const some = list(reference);

/** Traefik takes an empty text for no middleware. */
const references: Parser<readonly string[] | undefined> = (text) =>
  text.trim() === '' ? accept(undefined) : some(text);

const rest = {
  parse: references,
  isList: true,
  whenInvalid: 'withhold',
  value: '`NAMESPACE-NAME@kubernetescrd` or `NAME@file`, comma-separated, as `ingress.references` allows',
  example: 'shop-auth@kubernetescrd',
} as const;

/** Middlewares that are defined outside of Fairlead: as resources of Kubernetes that Traefik reads, or in a file of its own. */
export const traefikMiddlewares = defineFeature({
  name: 'traefik-middlewares',
  annotations: {
    router: {
      ...rest,
      key: `${traefikPrefix}router.middlewares`,
      on: ['Ingress'],
      doc: 'Sends requests through these middlewares, in this order, after those that limit access by other annotations. Fairlead cannot see whether they are there: Traefik switches off a route that names one which is not.',
      differs:
        'A name that is refused makes the routes answer 503, where Traefik answers 404 or by another rule.',
    },
    service: {
      ...rest,
      key: `${traefikPrefix}service.middlewares`,
      on: ['Service'],
      doc: 'Sends all requests to the Service through these middlewares, after those of the routes that lead there.',
      differs:
        'With other Services beside it (`fairlead.dev/migrate-to` and the like), requests to those pass through them too.',
    },
  },
  apply: ({ router, service }, context) => {
    const middlewares = [
      ...toDirectives('router', 'reference', router ?? [], context),
      ...toDirectives('service', 'service-reference', service ?? [], context),
    ];
    return middlewares.length === 0 ? {} : { middlewares };
  },
});

function toDirectives(
  name: 'router' | 'service',
  stage: 'reference' | 'service-reference',
  names: readonly string[],
  { lookUp, fault }: FeatureContext,
): readonly MiddlewareDirective<HttpMiddleware>[] {
  return [...new Set(names)].flatMap((each) => {
    const refused = lookUp.reference(each);
    if (refused === undefined) return { stage, role: `${stage} ${each}`, middleware: null, reference: each };
    fault(name, `${quote(each)} ${refused.why}`, refused.hint);
    return [];
  });
}
