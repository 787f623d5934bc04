import { defineFeature } from '../feature.ts';
import { boolean, objectName, oneOf } from '../parsers.ts';
import type { Directives } from '../directives.ts';

const scheme = oneOf('http', 'https', 'h2c');
const nginxProtocol = oneOf('HTTP', 'HTTPS', 'GRPC', 'GRPCS');

/** HTTP, HTTPS or cleartext HTTP/2 towards the backend, and how its certificate is checked. */
export const backendProtocol = defineFeature({
  name: 'backend-protocol',
  annotations: {
    scheme: {
      key: 'fairlead.dev/scheme',
      on: ['Service', 'Ingress'],
      parse: scheme,
      whenInvalid: 'use-default',
      value: '`http`, `https` or `h2c`',
      example: 'https',
      doc: 'The protocol towards the backend. Without it: `appProtocol` of the port, else HTTPS for port 443 and port names that begin with `https`, else HTTP.',
    },
    insecure: {
      key: 'fairlead.dev/insecure-skip-verify',
      on: ['Service', 'Ingress'],
      parse: boolean,
      whenInvalid: 'use-default',
      value: '`"true"` or `"false"` (default)',
      example: 'true',
      doc: 'Takes any certificate of an HTTPS backend, unverified.',
    },
    serverName: {
      key: 'fairlead.dev/server-name',
      on: ['Service', 'Ingress'],
      parse: objectName,
      whenInvalid: 'use-default',
      value: 'a host name',
      example: 'backend.internal.example.com',
      doc: 'The name that the certificate of an HTTPS backend has to have, also sent as SNI.',
    },
    nginx: {
      key: 'nginx.ingress.kubernetes.io/backend-protocol',
      on: ['Ingress'],
      parse: nginxProtocol,
      whenInvalid: 'use-default',
      value: '`HTTP`, `HTTPS`, `GRPC` or `GRPCS`',
      example: 'HTTPS',
      doc: 'The protocol towards the backend, as ingress-nginx has it: the certificate of the backend is not verified unless `fairlead.dev/insecure-skip-verify` is `"false"`.',
    },
  },
  apply: ({ scheme: own, insecure, serverName, nginx }): Directives => {
    const fromNginx =
      nginx && ({ HTTP: 'http', HTTPS: 'https', GRPC: 'h2c', GRPCS: 'https' } as const)[nginx];
    const chosen = own ?? fromNginx;
    // ingress-nginx does not verify backends by default; with verification its users' backends would all fail.
    const insecureSkipVerify = insecure ?? (own === undefined && fromNginx === 'https' ? true : undefined);
    return {
      ...(chosen && { scheme: chosen }),
      ...((insecureSkipVerify ?? serverName) !== undefined && {
        transport: {
          ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
          ...(serverName !== undefined && { serverName }),
        },
      }),
    };
  },
});
