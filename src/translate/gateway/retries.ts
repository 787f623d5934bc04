import type { HttpRouteRule } from '../../model/route-specs.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { toGoDuration } from '../../traefik/duration.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { knowsRetryStatuses } from '../../traefik/versions.ts';
import { unsupported, type FieldRefusal } from './unsupported.ts';

type Retry = NonNullable<HttpRouteRule['retry']>;

/** How often Traefik tries without being told: once more. */
const oneMore = 1;

/** What tries a request again, or why nothing can; Traefik counts all tries, and the Gateway API those behind the first. */
export function toRetry(
  { codes, attempts = oneMore, backoff = 0, field }: Retry,
  timeout: number | undefined,
  { traefik }: FleetSettings,
): FieldRefusal | HttpMiddleware | undefined {
  if (attempts <= 0) return undefined;
  const odd = codes.find((code) => code < 400 || code > 599);
  if (odd !== undefined)
    return unsupported(
      `${field}.codes`,
      `${odd} is no status of an error`,
      'Write statuses from 400 to 599.',
    );
  if (attempts > mostAttempts)
    return unsupported(`${field}.attempts`, `it is more than ${mostAttempts}`, 'Write a smaller number.');
  const isNew = knowsRetryStatuses(traefik);
  if (codes.length > 0 && !isNew)
    return unsupported(
      `${field}.codes`,
      `Traefik ${traefik.major}.${traefik.minor} tries again only where there is no answer`,
      'Update Traefik and fleets[].traefik, or remove the codes.',
    );
  const status = [...new Set(codes)].sort((a, b) => a - b).map(String);
  return {
    retry: {
      attempts: attempts + 1,
      ...(backoff > 0 && { initialInterval: toGoDuration(backoff) }),
      ...(status.length > 0 && { status }),
      // No try begins after it, so that all together do not go on much longer.
      ...(isNew && timeout !== undefined && { timeout: toGoDuration(timeout) }),
    },
  };
}

/** One request must not become any number of them. */
const mostAttempts = 20;
