import { quote } from '../../annotations/parsers.ts';
import type { CorsFilter } from '../../model/route-specs.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { toLiteralPattern } from '../../traefik/re2.ts';
import { item } from '../../traefik/values.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';

/** What scripts of other sites may do, as a middleware; or why it cannot be one. */
export function toCors(filter: CorsFilter): FieldRefusal | HttpMiddleware {
  const { allowOrigins, allowCredentials, allowMethods, allowHeaders, exposeHeaders, maxAge, field } = filter;
  const odd = [allowOrigins, allowMethods, allowHeaders, exposeHeaders]
    .flat()
    .find((each) => !item.safeParse(each).success);
  if (odd !== undefined)
    return unsupported(field, `${quote(odd)} is no item of a list`, 'Remove white space and line breaks.');
  const exact = allowOrigins.filter(
    (origin) => !origin.includes('*') || (origin === '*' && !allowCredentials),
  );
  const patterns = allowOrigins.filter((origin) => !exact.includes(origin));
  return {
    headers: {
      ...(exact.length > 0 && { accessControlAllowOriginList: exact }),
      ...(patterns.length > 0 && { accessControlAllowOriginListRegex: patterns.map(toPattern) }),
      ...(allowMethods.length > 0 && { accessControlAllowMethods: allowMethods }),
      ...(allowHeaders.length > 0 && { accessControlAllowHeaders: allowHeaders }),
      ...(exposeHeaders.length > 0 && { accessControlExposeHeaders: exposeHeaders }),
      ...(allowCredentials && { accessControlAllowCredentials: true }),
      accessControlMaxAge: maxAge,
      addVaryHeader: true,
    },
  };
}

/** `*` stands for labels of a host, however many; alone for any origin, which is said back to whoever asks with credentials. */
function toPattern(origin: string): string {
  if (origin === '*') return '^.+$';
  return `^${origin.split('*').map(toLiteralPattern).join('[^/@]+')}$`;
}
