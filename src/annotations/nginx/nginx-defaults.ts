import { defineFeature } from '../feature.ts';
import { defaultRetry } from './next-upstream.ts';

/** What ingress-nginx does without being asked, for the Ingresses that were its own; only what concerns the way to the backend. */
export const nginxDefaults = defineFeature({
  name: 'nginx-defaults',
  always: true,
  annotations: {},
  apply: (_, { dialect }) => (dialect === 'nginx' ? { byDefault } : {}),
});

/** It pays no heed to the number or the name of a port, nor to its `appProtocol`. */
const byDefault = {
  scheme: 'http',
  transport: {
    forwardingTimeouts: { dialTimeout: '60s', readTimeout: '60s', writeTimeout: '60s' },
  },
  middlewares: [{ stage: 'retry', role: 'retries', middleware: { retry: defaultRetry } }],
} as const;
