import type { ForeignAnnotations } from '../../model/migration.ts';
import { compareText } from '../../model/object-ref.ts';

/** Who reads annotations with this prefix: other controllers, whose Ingresses these may once have been. */
const controllers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'alb.ingress.kubernetes.io': 'the AWS Load Balancer Controller',
    'appgw.ingress.kubernetes.io': 'the Application Gateway Ingress Controller',
    'cloud.google.com': 'GKE',
    'configuration.konghq.com': 'Kong',
    'haproxy-ingress.github.io': 'HAProxy Ingress',
    'haproxy.org': 'the HAProxy Kubernetes Ingress Controller',
    'ingress.bluemix.net': 'IBM Cloud',
    'ingress.cloud.google.com': 'GKE',
    'ingress.kubernetes.io': 'controllers of the time before 2018, and GKE',
    'konghq.com': 'Kong',
    'networking.gke.io': 'GKE',
    'nginx.com': 'the Ingress controller of F5 NGINX Plus',
    'nginx.org': 'the Ingress controller of F5 NGINX',
    'projectcontour.io': 'Contour',
    'skipper.zalando.org': 'Skipper',
    'zalando.org': 'Skipper',
  }),
);

/** Who reads them whichever controller an Ingress has: these go on working. */
const companions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'acme.cert-manager.io': 'cert-manager',
    'argocd.argoproj.io': 'Argo CD',
    'cert-manager.io': 'cert-manager',
    'external-dns.alpha.kubernetes.io': 'ExternalDNS',
    'forecastle.stakater.com': 'Forecastle',
    'gethomepage.dev': 'Homepage',
    'meta.helm.sh': 'Helm',
  }),
);

/** So many prefixes that nobody knows are listed: tenants can write as many as they like. */
const mostUnknown = 20;

/** Counts annotations that neither Fairlead nor the controller reads, by the prefix of their keys. */
export class ForeignTotals {
  readonly #counts = new Map<string, number>();

  add(keys: readonly string[], isKnown: (key: string) => boolean): void {
    const prefixes = new Set(keys.filter((key) => !isKnown(key)).map(toPrefix));
    for (const prefix of prefixes)
      if (prefix !== '' && (this.#counts.has(prefix) || this.#counts.size < 1_000))
        this.#counts.set(prefix, (this.#counts.get(prefix) ?? 0) + 1);
  }

  toRows(): readonly ForeignAnnotations[] {
    const rows = [...this.#counts].toSorted(([a, x], [b, y]) => y - x || compareText(a, b));
    const known = rows.filter(([prefix]) => describe(prefix) !== undefined);
    const others = rows.filter(([prefix]) => describe(prefix) === undefined).slice(0, mostUnknown);
    return [...known, ...others].map(([prefix, objects]) => ({
      prefix,
      objects,
      says: describe(prefix) ?? 'nobody here knows who reads these',
    }));
  }
}

function describe(prefix: string): string | undefined {
  const companion = companions.get(prefix);
  if (companion !== undefined) return `read by ${companion}, which goes on`;
  const controller = controllers.get(prefix);
  return controller === undefined ? undefined : `read by ${controller}, and by nobody here`;
}

/** What kubectl and Kubernetes write themselves has nothing to say here. */
function toPrefix(key: string): string {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? '' : key.slice(0, slash).toLowerCase();
  return prefix === 'kubectl.kubernetes.io' || prefix === 'kubernetes.io' ? '' : prefix;
}
