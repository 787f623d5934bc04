import { annotationCodes } from './annotation-codes.ts';
import { ingressCodes } from './ingress-codes.ts';
import { fileCodes } from './file-codes.ts';
import { gatewayCodes } from './gateway-codes.ts';
import { healthCodes } from './health-codes.ts';
import { importCodes } from './import-codes.ts';
import { moveCodes } from './move-codes.ts';
import { portCodes } from './port-codes.ts';
import { tooMuchCodes } from './too-much-codes.ts';
import { traefikCodes } from './traefik-codes.ts';

/** `error`: something asked for does not work. `warning`: it works, but not as written. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

interface CodeDescription {
  readonly severity: Severity;
  /** One sentence for the documentation: what it means and what Fairlead does meanwhile. */
  readonly means: string;
}

/**
 * Every problem code there is. Codes are stable: users write alerts on them. `docs/problems.md` is generated from this table.
 * Sorted by name.
 */
export const problemCodes = {
  'access-limit-unusable': {
    severity: 'error',
    means:
      'An annotation that limits access is malformed or cannot be applied. The route answers 503, so it is not open.',
  },
  'address-forbidden': {
    severity: 'error',
    means: 'An endpoint names an address that no tenant may publish. That endpoint is left out.',
  },
  ...annotationCodes,
  'backend-missing': {
    severity: 'error',
    means: 'The Service or the port that a route points to does not exist. The route answers 503.',
  },
  'backend-unsupported': {
    severity: 'error',
    means: 'The backend is of a kind that cannot be routed to. The route answers 503.',
  },
  'bank-unpolled': {
    severity: 'warning',
    means:
      'Ports of an open bank are held, but on one or all hosts no Traefik polls it. Clients are refused there. The bank stays open.',
  },
  'bank-wanted': {
    severity: 'info',
    means:
      'A bank should be open: few ports are free in the open ones, or a port of it is held or requested. Start Traefiks that listen on its ports.',
  },
  'certificate-conflict': {
    severity: 'warning',
    means:
      'A certificate has a name that its namespace does not own, or an older object has one for the same names. It is not served; see [tls.md](tls.md).',
  },
  'certificate-expired': {
    severity: 'warning',
    means: 'A certificate has expired. It is still served, but clients refuse it.',
  },
  'certificate-expiring': {
    severity: 'warning',
    means: 'A certificate expires within `certificates.warnBefore`.',
  },
  'certificate-invalid': {
    severity: 'error',
    means:
      'A TLS Secret is missing, or holds no certificate and key that Traefik can use. The hosts are served with the default certificate of Traefik.',
  },
  'certificate-not-yet-valid': {
    severity: 'warning',
    means: 'A certificate is not valid yet. It is still served, but clients refuse it.',
  },
  'certificate-withheld': {
    severity: 'warning',
    means:
      'Private keys are only sent to an authenticated Traefik, or over loopback, and this provider listener has neither. The hosts are served with the default certificate of Traefik.',
  },
  'configuration-broken': {
    severity: 'error',
    means: 'The configuration has changed and cannot be used. The old one stays in use.',
  },
  'endpoint-hostname-shared': {
    severity: 'warning',
    means:
      'A Service asks for a port for each endpoint, and several endpoints have the same hostname. Its port leads to any of them.',
  },
  'endpoint-unnamed': {
    severity: 'warning',
    means:
      'A Service asks for a port for each of its endpoints, and some have no hostname that can name a port. They get none.',
  },
  'endpoints-mismatched': {
    severity: 'warning',
    means:
      'The endpoints of the Service do not fit its port: the name, the protocol or the address family differs. Until they do, its routes answer 503, and connections to its pool ports are closed.',
  },
  ...fileCodes,
  'fleet-address-missing': {
    severity: 'warning',
    means:
      'An address of a fleet cannot be looked up. Until it can, the addresses on Ingresses and Services stay as they are.',
  },
  'fleet-routes-exceeded': {
    severity: 'error',
    means: 'A fleet has more routes than `limits.fleet.routes`. Those of the older objects are served.',
  },
  ...gatewayCodes,
  ...healthCodes,
  'host-invalid': {
    severity: 'error',
    means: 'A host name is invalid. Its rule is left out.',
  },
  'host-not-owned': {
    severity: 'error',
    means:
      'Another namespace has the host: by `ingress.owners`, or, with `ingress.hostOwnership: namespace`, as the first that routed it. The route is left out.',
  },
  ...importCodes,
  ...ingressCodes,
  'internal-error': {
    severity: 'error',
    means: 'A defect of Fairlead. Only the object concerned is left out; please report it.',
  },
  'kind-misspelt': {
    severity: 'warning',
    means:
      'An object has the name of a kind that Fairlead reads, but in a spelling or under an API version that Kubernetes does not have. It is ignored.',
  },
  'last-known-good-served': {
    severity: 'warning',
    means:
      'A source has not answered since the start, and its last known objects are served (`lastKnownGood`). Later changes are not.',
  },
  'ledger-unavailable': {
    severity: 'error',
    means:
      'The ledger of the pool ports cannot be read or written. Held ports are still served; new ones have to wait.',
  },
  'limit-near': {
    severity: 'warning',
    means:
      'An object, a namespace or a fleet has reached four fifths of a limit. For a namespace its youngest object has the problem.',
  },
  ...moveCodes,
  'namespace-routes-exceeded': {
    severity: 'error',
    means:
      'A namespace has more routes of a fleet than `limits.namespace.routes`. Those of the older objects are served.',
  },
  'no-endpoints': {
    severity: 'info',
    means:
      'No endpoint of the Service can take traffic. Until one can, its routes answer 503, and connections to its pool ports are closed.',
  },
  'nothing-to-route': {
    severity: 'warning',
    means:
      'An Ingress has neither a path nor a default backend, or is adopted for entryPoints that a fleet does not have. Nothing is routed.',
  },
  'object-duplicate': {
    severity: 'error',
    means: 'The same object is in two places of one source. The first one, by file name and line, is used.',
  },
  'object-malformed': {
    severity: 'error',
    means:
      'A field of the object has the wrong type. The last good state of the object is kept, or the field is left out.',
  },
  'path-invalid': {
    severity: 'error',
    means: 'A path cannot match any request. That path is left out.',
  },
  'path-literal': {
    severity: 'warning',
    means: 'A path has a star, which is not a pattern in Kubernetes: it matches only itself.',
  },
  ...portCodes,
  'protocol-unsupported': {
    severity: 'error',
    means: 'Traefik carries TCP and UDP only. The port is left out.',
  },
  'restart-needed': {
    severity: 'warning',
    means: 'Settings have changed that only take effect at the next start.',
  },
  'route-conflict': {
    severity: 'error',
    means:
      'An older object has the same host and path, or routes the host by SNI where this one does by HTTP, or the other way round. Its route is served, and this one is left out.',
  },
  'secret-missing': {
    severity: 'warning',
    means:
      'A folder lacks a Secret that a route names. The hosts are served with the default certificate of Traefik.',
  },
  'source-absent': {
    severity: 'warning',
    means:
      'The ledger has ports of a source that is not configured. They are kept until the source is configured again, or is listed in `ledger.retiredSources`.',
  },
  'source-empty': { severity: 'warning', means: 'A folder holds no Kubernetes object at all.' },
  'source-shrunk': {
    severity: 'warning',
    means:
      'A source lost most of its routes at once. `provider.shrinkGuard` says whether they are served for a while longer, in case this is a mistake.',
  },
  'source-unreadable': {
    severity: 'error',
    means:
      'A source, or one kind of its objects, cannot be read. Its last good state is served. For a custom resource that could not be read since the start this is nothing, or what `lastKnownGood` has.',
  },
  'syntax-error': {
    severity: 'error',
    means:
      'A file is not valid YAML or JSON, or beyond the limits for manifests. The last good objects of that file are kept.',
  },
  'tls-host-unmatched': {
    severity: 'warning',
    means:
      'An Ingress asks for TLS for a host that is in none of its rules. The hosts of its rules get no TLS by this.',
  },
  ...tooMuchCodes,
  ...traefikCodes,
  'write-back-refused': {
    severity: 'error',
    means:
      'The role of Fairlead lacks a right, so ports, addresses or Events are not written to the cluster. Routes are not affected.',
  },
} as const satisfies Record<string, CodeDescription>;

export type ProblemCode = keyof typeof problemCodes;
