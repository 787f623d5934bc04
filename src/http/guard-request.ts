import type { IncomingMessage, RequestListener } from 'node:http';
import { isLoopback } from '../lib/loopback.ts';
import { sendJson } from './base-app.ts';

/** Which requests a listener takes. */
export interface RequestGuard {
  /** Where it listens: on loopback only requests for a loopback name are answered, or for one of `hosts`. */
  readonly host: string;
  /** `listen.hosts`, in lower case. */
  readonly hosts: readonly string[];
  /** Whether requests that came through a proxy are answered. */
  readonly throughProxies: boolean;
}

/** A request that is refused, with the status that says so. */
interface Refusal {
  readonly status: 403 | 421;
  readonly error: string;
}

/**
 * Keeps out who reaches a listener by way of somebody else's program: a browser whose name for a site was turned to 127.0.0.1
 * (DNS rebinding), or a Traefik that was given the listener as a backend. `guard` is asked at each request.
 */
export function guardRequests(handler: RequestListener, guard: () => RequestGuard): RequestListener {
  return (request, response) => {
    const refusal = findRefusal(request.headers, guard());
    if (refusal === undefined) handler(request, response);
    else sendJson(response, refusal.status, { error: refusal.error });
  };
}

/** Why a request with these headers is not answered; undefined when it is. */
export function findRefusal(
  headers: IncomingMessage['headers'],
  { host, hosts, throughProxies }: RequestGuard,
): Refusal | undefined {
  const forwarded = Object.keys(headers).find(isForwarding);
  if (forwarded !== undefined && !throughProxies) {
    return { status: 403, error: `requests with ${forwarded} came through a proxy and are not answered` };
  }
  // A request of HTTP/1.0 may name no host, as health checks do; browsers and Traefik always name one.
  if (!isLoopback(host) || headers.host === undefined || isOwnName(headers.host, hosts)) return undefined;
  return { status: 421, error: 'the Host of the request is no name of this listener (listen.hosts)' };
}

/** Whether a `Host` header names the machine itself, or one of `hosts`. */
export function isOwnName(header: string, hosts: readonly string[]): boolean {
  const asked = toHostName(header);
  return isLoopback(asked) || hosts.includes(asked);
}

function isForwarding(header: string): boolean {
  return header === 'forwarded' || header.startsWith('x-forwarded-');
}

/** The host of a `Host` header, such as `localhost:9081` or `[::1]:9081`: without port and brackets, in lower case. */
export function toHostName(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.trim()) ?? [];
  return (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '');
}
