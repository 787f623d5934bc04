import { defineFeature } from '../feature.ts';
import { defaultRetry } from './next-upstream.ts';

/** What ingress-nginx does without being asked, for the Ingresses that were its own. */
export const nginxDefaults = defineFeature({
  name: 'nginx-defaults',
  always: true,
  annotations: {},
  apply: (_, { dialect }) => (dialect === 'nginx' ? { byDefault } : {}),
});

/**
 * Every host is served over HTTPS too, whether `spec.tls` speaks of it or not, with the certificate of the edge where there is none. And it pays no heed to the number or the name
 * of a port, nor to its `appProtocol`.
 */
const byDefault = {
  tls: { kind: 'default' },
  scheme: 'http',
  transport: {
    forwardingTimeouts: { dialTimeout: '60s', readTimeout: '60s', writeTimeout: '60s' },
  },
  middlewares: [{ stage: 'retry', role: 'retries', middleware: { retry: defaultRetry } }],
} as const;
