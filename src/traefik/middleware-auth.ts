import { z } from 'zod';
import { clientTls } from './middleware-limits.ts';
import { re2 } from './re2.ts';
import { httpUrl } from './server-url.ts';
import { headerName, item, limit, line, listOf, some } from './values.ts';

/** `name:hash`, as htpasswd writes it. */
const basicUser = item.regex(/^[^:\x00-\x1f\x7f]+:[^\s]+$/, 'is no name:hash');
/** `name:realm:hash`, as htdigest writes it. */
const digestUser = item.regex(/^[^:\x00-\x1f\x7f]+:[^:\x00-\x1f\x7f]*:[^\s]+$/, 'is no name:realm:hash');

// Traefik's `usersFile` is left out: it is a path on its own disk.
export const basicAuth = z.strictObject({
  users: listOf(basicUser),
  realm: line.min(1).optional(),
  removeHeader: z.boolean().optional(),
  headerField: headerName.optional(),
});

export const digestAuth = basicAuth.extend({ users: listOf(digestUser) });

export const forwardAuth = z.strictObject({
  address: httpUrl,
  tls: clientTls.optional(),
  authResponseHeaders: listOf(headerName).optional(),
  authResponseHeadersRegex: re2.optional(),
  authRequestHeaders: listOf(headerName).optional(),
  maxResponseBodySize: limit.optional(),
  addAuthCookiesToResponse: listOf(item).optional(),
  headerField: headerName.optional(),
  forwardBody: z.boolean().optional(),
  maxBodySize: limit.optional(),
  preserveLocationHeader: z.boolean().optional(),
  preserveRequestMethod: z.boolean().optional(),
  authSigninURL: line.min(1).optional(),
  /** Deprecated from 3.7, but unset it means a mixture there; `trustForwardHeader` of the entryPoint is better. */
  trustForwardHeader: z.boolean().optional(),
});

const distinguishedName = {
  country: z.boolean().optional(),
  province: z.boolean().optional(),
  locality: z.boolean().optional(),
  organization: z.boolean().optional(),
  commonName: z.boolean().optional(),
  serialNumber: z.boolean().optional(),
  domainComponent: z.boolean().optional(),
};

const certificateInfo = some({
  notAfter: z.boolean().optional(),
  notBefore: z.boolean().optional(),
  sans: z.boolean().optional(),
  serialNumber: z.boolean().optional(),
  subject: some({ ...distinguishedName, organizationalUnit: z.boolean().optional() }).optional(),
  issuer: some(distinguishedName).optional(),
});

export const passTlsClientCert = some({ pem: z.boolean().optional(), info: certificateInfo.optional() });
