import { defineFeature } from '../feature.ts';
import { accept, quote, refuse, toValue, type Parser } from '../parsers.ts';

/** The variables of a location whose values are known here. */
export const locationVariables = ['namespace', 'ingress_name', 'service_name', 'service_port'] as const;

/** `$name` and `${name}`. */
export const variable = /\$(?:\{(\w{1,50})\}|(\w{1,50}))/g;

const host: Parser<string> = (text) => {
  const value = toValue(text);
  const known: readonly string[] = locationVariables;
  const odd = [...value.matchAll(variable)]
    .map((match) => match[1] ?? match[2] ?? '')
    .find((name) => !known.includes(name));
  if (odd !== undefined) {
    return refuse(
      `the value of the variable $${odd} is only known during a request`,
      `Write a host name, which may have ${known.map((name) => `$${name}`).join(', ')}.`,
    );
  }
  return /^[A-Za-z0-9._:-]{1,253}$/.test(value.replaceAll(variable, 'x'))
    ? accept(value)
    : refuse(`${quote(text)} is not a host name`, 'Write a host name such as "backend.example.com".');
};

/** The host that backends are asked for, in the words of ingress-nginx. */
export const upstreamHost = defineFeature({
  name: 'upstream-host',
  annotations: {
    host: {
      key: 'nginx.ingress.kubernetes.io/upstream-vhost',
      on: ['Ingress'],
      parse: host,
      whenInvalid: 'use-default',
      value: 'a host name',
      example: 'backend.internal.example.com',
      doc: 'The Host header of requests to the backend. It may have `$namespace`, `$ingress_name`, `$service_name` and `$service_port`.',
      differs: 'Variables of the request, such as `$host` and `$http_x`, are not supported.',
    },
  },
  apply: ({ host: upstream }) => (upstream === undefined ? {} : { upstreamHost: upstream }),
});
