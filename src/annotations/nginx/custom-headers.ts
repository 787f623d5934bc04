import type { Directives } from '../directives.ts';
import { defineFeature, type FeatureContext } from '../feature.ts';
import { headerName, headerValue } from '../header-parsers.ts';
import { quote } from '../parsers.ts';
import { namedObject, toOwnName } from '../named-object.ts';

/** More than any answer has. */
const mostHeaders = 100;

/** Headers of answers, out of a ConfigMap, as ingress-nginx has it. */
export const customHeaders = defineFeature({
  name: 'custom-headers',
  annotations: {
    configMap: {
      key: 'nginx.ingress.kubernetes.io/custom-headers',
      on: ['Ingress'],
      parse: namedObject,
      whenInvalid: 'withhold',
      value: 'a ConfigMap of the same namespace, as `namespace/name` or `name`',
      example: 'shop/headers',
      doc: 'Sets response headers: each key of the ConfigMap is the name of a header.',
      differs: 'ingress-nginx accepts only names in its option `global-allowed-response-headers`.',
    },
  },
  apply: ({ configMap }, context): Directives => {
    const name = configMap && toOwnName(configMap, 'ConfigMap', 'configMap', context);
    const headers = name === undefined ? undefined : findHeaders(name, context);
    if (headers === undefined) return {};
    const middleware = { headers: { customResponseHeaders: headers } };
    return { middlewares: [{ stage: 'headers', role: 'custom-headers', middleware }] };
  },
});

function findHeaders(
  name: string,
  { lookUp, fault }: FeatureContext,
): Readonly<Record<string, string>> | undefined {
  const configMap = lookUp.configMap(name);
  const headers = Object.entries(configMap?.data ?? {});
  const odd = headers
    .slice(0, mostHeaders)
    .find(([key, value]) => !headerName(key).ok || !headerValue(value).ok);
  const why =
    configMap === undefined
      ? `there is no ConfigMap ${name}`
      : configMap.tooLarge === true || headers.length > mostHeaders
        ? `ConfigMap ${name} has more than ${mostHeaders} headers`
        : headers.length === 0
          ? `ConfigMap ${name} has no data`
          : odd && `key ${quote(odd[0])} of ConfigMap ${name} is no valid header, or its value is none`;
  if (why === undefined) return Object.fromEntries(headers.map(([key, value]) => [key.trim(), value.trim()]));
  fault(
    'configMap',
    why,
    'Put the headers into data of a ConfigMap of the same namespace, each value on one line.',
  );
  return undefined;
}
