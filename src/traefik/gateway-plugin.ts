import { z } from 'zod';
import { re2 } from './re2.ts';
import { headerName, line, listOf, some, statusCode } from './values.ts';

const headers = listOf(z.strictObject({ name: headerName, value: line }));

/** The name under which the static configuration of a fleet has the plugin, where it has it. */
export const gatewayPluginName = 'fairlead-gateway';

/**
 * What the plugin of Fairlead for the Gateway API does, for which Traefik has no middleware: it adds headers to those that are there
 * already, and redirects with any status.
 */
export const gatewayPlugin = some({
  addRequestHeaders: headers.optional(),
  addResponseHeaders: headers.optional(),
  /** As `redirectRegex`: of a URL as a whole, `$1` and `${1}` for what a group matches. */
  redirect: z.strictObject({ regex: re2, replacement: line.min(1), status: statusCode }).optional(),
});
