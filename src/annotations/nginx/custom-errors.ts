import { defineFeature } from '../feature.ts';
import { isDnsLabel } from '../../lib/dns-names.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';

/** The annotation that names the Service. */
export const defaultBackendKey = 'nginx.ingress.kubernetes.io/default-backend';

const status: Parser<string> = (text) =>
  /^[3-5]\d\d$/.test(text)
    ? accept(text)
    : refuse(`${quote(text)} is no status from 300 to 599`, 'Write statuses such as "404,503".');

const statuses = list(status);

const serviceName: Parser<string> = (text) => {
  const name = toValue(text);
  return isDnsLabel(name)
    ? accept(name)
    : refuse(`${quote(text)} is not the name of a Service`, 'Name a Service of the same namespace.');
};

/** Who answers when the backend does not, or with an error, in the words of ingress-nginx. */
export const customErrors = defineFeature({
  name: 'custom-errors',
  annotations: {
    service: {
      key: defaultBackendKey,
      on: ['Ingress'],
      parse: serviceName,
      whenInvalid: 'use-default',
      value: 'a Service of the same namespace',
      example: 'error-pages',
      doc: 'This Service answers, at its first port, if the Service of a path has no endpoints or does not exist. It also serves the pages for `custom-http-errors`.',
    },
    statuses: {
      key: 'nginx.ingress.kubernetes.io/custom-http-errors',
      on: ['Ingress'],
      parse: statuses,
      whenInvalid: 'use-default',
      value: 'statuses, comma-separated',
      example: '404,503',
      doc: 'Replaces responses with these statuses by a page of the `default-backend`.',
      differs:
        'The page is requested as `/?code=503&uri=…&namespace=…&ingress=…&service=…&port=…`, since Traefik cannot send headers such as `X-Code` and `X-Original-URI`. Clients get the status of the error; with ingress-nginx they get that of the page.',
      needs: defaultBackendKey,
    },
  },
  apply: ({ service, statuses: given }) => ({
    ...(service !== undefined && { defaultBackend: service }),
    ...(service !== undefined && given && { errorPages: [...new Set(given)] }),
  }),
});
