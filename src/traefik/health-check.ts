import { z } from 'zod';
import {
  type Fixed,
  count,
  duration,
  headerName,
  line,
  port,
  positive,
  some,
  someDuration,
  someText,
  statusCode,
} from './values.ts';

/** The path of a health check may carry a query. What begins with `//` is no path for Traefik: every server would be down. */
const checkPath = line.regex(/^\/(?!\/)[\x21-\x7e]*$/, 'is no path');

export const healthCheck = z.strictObject({
  path: checkPath,
  scheme: z.enum(['http', 'https']).optional(),
  mode: z.enum(['http', 'grpc']).optional(),
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, 'is no HTTP method')
    .optional(),
  status: statusCode.optional(),
  port: port.optional(),
  interval: someDuration.optional(),
  unhealthyInterval: someDuration.optional(),
  timeout: someDuration.optional(),
  hostname: line.regex(/^[A-Za-z0-9._:[\]-]{1,255}$/, 'is no host').optional(),
  followRedirects: z.boolean().optional(),
  headers: z
    .record(headerName, line)
    .refine((map) => Object.keys(map).length > 0, 'is an empty object')
    .optional(),
});

export const passiveHealthCheck = some({
  failureWindow: someDuration.optional(),
  maxFailedAttempts: positive.optional(),
});

/** The bytes of `send` and `expect` are text to Traefik too. */
export const tcpHealthCheck = some({
  port: port.optional(),
  send: someText.optional(),
  expect: someText.optional(),
  interval: someDuration.optional(),
  unhealthyInterval: someDuration.optional(),
  timeout: someDuration.optional(),
});

export const responseForwarding = z.strictObject({ flushInterval: duration });

export const weight = count;

export type HealthCheck = Fixed<z.infer<typeof healthCheck>>;
export type PassiveHealthCheck = Fixed<z.infer<typeof passiveHealthCheck>>;
export type TcpHealthCheck = Fixed<z.infer<typeof tcpHealthCheck>>;
