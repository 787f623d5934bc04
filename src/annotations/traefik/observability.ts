import { defineFeature } from '../feature.ts';
import { oneOf } from '../parsers.ts';
import { traefikPrefix } from './keys.ts';
import { goBoolean } from './values.ts';

const verbosity = oneOf('minimal', 'detailed');
const rest = {
  on: ['Ingress'],
  parse: goBoolean,
  whenInvalid: 'use-default',
  value: '`"true"` or `"false"`; the default is that of the entryPoint',
  example: 'false',
} as const;

/** What Traefik records of the requests of an Ingress. */
export const traefikObservability = defineFeature({
  name: 'traefik-observability',
  annotations: {
    accessLogs: {
      ...rest,
      key: `${traefikPrefix}router.observability.accesslogs`,
      doc: 'Whether the requests are in the access log. Traefik has this from 3.3 on.',
    },
    metrics: {
      ...rest,
      key: `${traefikPrefix}router.observability.metrics`,
      doc: 'Whether the requests count in the metrics of Traefik. Traefik has this from 3.3 on.',
    },
    tracing: {
      ...rest,
      key: `${traefikPrefix}router.observability.tracing`,
      doc: 'Whether the requests are traced. Traefik has this from 3.3 on.',
    },
    traceVerbosity: {
      ...rest,
      parse: verbosity,
      key: `${traefikPrefix}router.observability.traceverbosity`,
      value: '`minimal` (default) or `detailed`',
      example: 'detailed',
      doc: 'How much is traced. Traefik has this from 3.5 on.',
    },
  },
  apply: (values) => {
    const observability = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined),
    );
    return Object.keys(observability).length === 0 ? {} : { observability };
  },
});
