import type { HostMatch } from '../../routes/match.ts';
import { toHostText } from '../../routes/match.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { knowsWildcardHosts } from '../../traefik/versions.ts';
import { toOwnOptions } from '../tls-options.ts';
import type { Binding, ResolvedListener } from './resolved.ts';

/** What Traefik has by default. */
const defaults = { alpnProtocols: ['h2', 'http/1.1', 'acme-tls/1'] };

/** Those that are served over HTTPS beside another one of their Gateway on the same port, in fleets that tell them apart. */
export class ListenersApart {
  readonly #fleets: ReadonlyMap<string, FleetSettings>;
  /** How many there are by port. */
  readonly #counts = new Map<number, number>();

  constructor(listeners: readonly ResolvedListener[], fleets: readonly FleetSettings[]) {
    const telling = fleets.filter(({ refusesMisdirected }) => refusesMisdirected === true);
    this.#fleets = new Map(telling.map((fleet) => [fleet.name, fleet]));
    for (const { bindings, listener } of listeners)
      if (bindings.some(isHttps)) this.#counts.set(listener.port, (this.#counts.get(listener.port) ?? 0) + 1);
  }

  /**
   * The listener with what tells its connections from those of the others: TLS options that differ in their names alone, since Traefik answers
   * 421 where a request comes on a connection with other options than those of its host. That of any host has the default ones.
   */
  mark(each: ResolvedListener): ResolvedListener {
    if (!this.#isBeside(each)) return each;
    return { ...each, bindings: each.bindings.map((binding) => this.#markBinding(each.host, binding)) };
  }

  #isBeside({ listener: { port } }: ResolvedListener): boolean {
    return this.#fleets.size > 0 && (this.#counts.get(port) ?? 0) > 1;
  }

  #markBinding(host: HostMatch, binding: Binding): Binding {
    const fleet = this.#fleets.get(binding.fleet);
    if (fleet === undefined || !isHttps(binding)) return binding;
    // All that none of the others is for: requests for it that come on their connections are refused as well.
    if (host.kind === 'any') return { ...binding, answersRest: true };
    const { place } = binding;
    // TLSRoutes may be below a wildcard; of those that share another entryPoint nobody keeps account.
    const isNamed = host.kind === 'exact' || (place.shared === 'https' && knowsWildcardHosts(fleet.traefik));
    if (!isNamed) return binding;
    const apart = toOwnOptions(defaults, '~listener', toHostText(host));
    return { ...binding, tls: { ...binding.tls, apart } };
  }
}

function isHttps(binding: Binding): binding is Extract<Binding, { readonly kind: 'http' }> {
  return binding.kind === 'http' && binding.place.isTls;
}
