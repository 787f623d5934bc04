import { compareText } from '../../model/object-ref.ts';
import type { FleetSettings, TraefikVersion } from '../../settings/settings.ts';

/** What a fleet does of which feature depends on this much of its settings. */
type Fleet = Pick<
  FleetSettings,
  'listeners' | 'plugins' | 'refusesMisdirected' | 'refusesUnknownSni' | 'traefik'
>;

interface Feature {
  readonly names: readonly string[];
  /** Absent: every fleet has it. */
  readonly needs?: (fleet: Fleet) => boolean;
}

/**
 * What the Gateway API calls features, `pkg/features` of its repository: each stands here only when the tests of its conformance suite pass.
 * Not claimed: GatewayInfrastructurePropagation (nothing is made in the cluster); the redirects 303, 307 and 308 and header `add` without
 * the plugin; GatewayFrontendClientCertificateValidation and what builds on it, of which one test wants an address for each Gateway (at one that
 * they share, another one's listener for any host answers 404 where the handshake is to fail); mirrors, whose tests read the logs of pods, and retries, which no standard CRD has a field for, though Fairlead does all three.
 */
const features: readonly Feature[] = [
  {
    names: [
      'BackendTLSPolicy',
      'GRPCRoute',
      'GRPCRouteNamedRouteRule',
      'Gateway',
      'GatewayAddressEmpty',
      'GatewayBackendClientCertificate',
      'GatewayHTTPListenerIsolation',
      'HTTPRoute',
      'HTTPRouteBackendProtocolH2C',
      'HTTPRouteBackendProtocolWebSocket',
      'HTTPRouteBackendTimeout',
      'HTTPRouteCORS',
      'HTTPRouteDestinationPortMatching',
      'HTTPRouteMethodMatching',
      'HTTPRouteNamedRouteRule',
      'HTTPRouteParentRefPort',
      'HTTPRoutePathRedirect',
      'HTTPRouteQueryParamMatching',
      'HTTPRouteRequestTimeout',
      'HTTPRouteSchemeRedirect',
      'ListenerSet',
      'ReferenceGrant',
      'TCPRoute',
      'UDPRoute',
    ],
  },
  { names: ['GatewayPort8080'], needs: ({ listeners }) => listeners.has(8080) },
  {
    names: [
      'HTTPRoute303RedirectStatusCode',
      'HTTPRoute307RedirectStatusCode',
      'HTTPRoute308RedirectStatusCode',
      'HTTPRouteBackendRequestHeaderModification',
      // Its test adds headers, too.
      'HTTPRouteHostRewrite',
      'HTTPRoutePathRewrite',
      // Its test wants a redirect to the very URL that was asked for, which Traefik's own middleware lets pass.
      'HTTPRoutePortRedirect',
      'HTTPRouteResponseHeaderModification',
    ],
    needs: ({ plugins }) => plugins.includes('gateway'),
  },
  {
    // One of their tests wants connections for unknown names to be closed.
    names: ['TLSRoute', 'TLSRouteModeMixed', 'TLSRouteModeTerminate'],
    needs: ({ refusesUnknownSni }) => refusesUnknownSni === true,
  },
  {
    // A wildcard has a name of its own from Traefik 3.7 on.
    names: ['GatewayHTTPSListenerDetectMisdirectedRequests'],
    needs: ({ refusesMisdirected, traefik }) => refusesMisdirected === true && isFrom(traefik, 7),
  },
  {
    names: ['BackendTLSPolicySANValidation'],
    needs: ({ traefik }) => isFrom(traefik, 8),
  },
];

/** What all of these fleets do, sorted, as `status.supportedFeatures` of a GatewayClass has it; nothing where there is no fleet. */
export function listFeatures(fleets: readonly Fleet[]): readonly string[] {
  if (fleets.length === 0) return [];
  return features
    .filter(({ needs }) => needs === undefined || fleets.every(needs))
    .flatMap(({ names }) => names)
    .toSorted(compareText);
}

function isFrom({ major, minor }: TraefikVersion, least: number): boolean {
  return major > 3 || minor >= least;
}
