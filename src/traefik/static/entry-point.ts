import type { FleetSettings } from '../../settings/settings.ts';

/** An entryPoint as it stands in `traefik.yml`. */
export interface EntryPoint {
  readonly address: string;
  readonly asDefault?: true;
  readonly proxyProtocol?: { readonly trustedIPs: readonly string[] };
  readonly transport?: {
    readonly respondingTimeouts?: { readonly readTimeout: string };
    readonly lifeCycle?: { readonly requestAcceptGraceTimeout?: string; readonly graceTimeOut: string };
  };
}

/** How long connections that are open when Traefik is asked to end may go on: those of databases are long. */
export const graceSeconds = 300;

/** How long it goes on taking requests before that, and says at the same time that it ends: a load balancer needs some checks to notice. */
export const acceptSeconds = 10;

/** How an entryPoint of TCP ends. */
export const lifeCycle = { requestAcceptGraceTimeout: `${acceptSeconds}s`, graceTimeOut: `${graceSeconds}s` };

/** What an entryPoint of TCP says of the PROXY protocol from clients. */
export function toProxyProtocol(
  { proxyProtocol }: Pick<FleetSettings, 'proxyProtocol'>,
  of: 'http' | 'pools',
): Pick<EntryPoint, 'proxyProtocol'> {
  if (proxyProtocol === undefined || ![of, 'all'].includes(proxyProtocol.entryPoints)) return {};
  return { proxyProtocol: { trustedIPs: proxyProtocol.trustedIPs } };
}
