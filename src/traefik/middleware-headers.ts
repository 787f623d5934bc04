import { z } from 'zod';
import { re2 } from './re2.ts';
import { count, headerName, item, line, listOf, some } from './values.ts';

/** The empty string as a value deletes the header. */
const headerMap = z
  .record(headerName, line)
  .refine((map) => Object.keys(map).length > 0, 'is an empty object')
  .optional();
const flag = z.boolean().optional();

export const headers = some({
  customRequestHeaders: headerMap,
  customResponseHeaders: headerMap,
  accessControlAllowCredentials: flag,
  accessControlAllowHeaders: listOf(item).optional(),
  accessControlAllowMethods: listOf(item).optional(),
  accessControlAllowOriginList: listOf(item).optional(),
  accessControlAllowOriginListRegex: listOf(re2).optional(),
  accessControlExposeHeaders: listOf(item).optional(),
  accessControlMaxAge: count.optional(),
  addVaryHeader: flag,
  allowedHosts: listOf(item).optional(),
  hostsProxyHeaders: listOf(headerName).optional(),
  sslProxyHeaders: headerMap,
  stsSeconds: count.optional(),
  stsIncludeSubdomains: flag,
  stsPreload: flag,
  forceSTSHeader: flag,
  frameDeny: flag,
  customFrameOptionsValue: line.optional(),
  contentTypeNosniff: flag,
  browserXssFilter: flag,
  customBrowserXSSValue: line.optional(),
  contentSecurityPolicy: line.optional(),
  contentSecurityPolicyReportOnly: line.optional(),
  publicKey: line.optional(),
  referrerPolicy: line.optional(),
  permissionsPolicy: line.optional(),
  isDevelopment: flag,
});
