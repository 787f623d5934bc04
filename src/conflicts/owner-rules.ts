import type { Aged } from '../model/object-ref.ts';
import type { IngressSettings } from '../settings/settings.ts';

export type OwnerSettings = Pick<IngressSettings, 'hostOwnership' | 'owners'>;

/** Who may have which hosts by the settings; what they leave open, age decides. */
export class OwnerRules {
  /** Whether only the namespace that routes a host first may route it. */
  readonly isByNamespace: boolean;
  readonly #byPattern: ReadonlyMap<string, ReadonlySet<string>>;

  constructor({ hostOwnership, owners }: OwnerSettings) {
    this.isByNamespace = hostOwnership === 'namespace';
    this.#byPattern = new Map(
      owners.flatMap(({ hosts, namespaces }) => hosts.map((host) => [host, new Set(namespaces)])),
    );
  }

  /**
   * The namespaces to which the settings give a host, a wildcard (`*.` or `**.` and a domain) or the name of a certificate, by the
   * narrowest pattern; undefined when none has it. A pattern `*.example.com` has all below, however deep.
   */
  listOwners(name: string): ReadonlySet<string> | undefined {
    if (this.#byPattern.size === 0) return undefined;
    const exact = this.#byPattern.get(name);
    if (exact !== undefined) return exact;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      // `**.a.test` is below `*.a.test`, and `b.a.test` as well.
      const owners = this.#byPattern.get(`*${name.slice(dot)}`);
      if (owners !== undefined) return owners;
    }
    return undefined;
  }

  /** Whether the settings leave a host to an owner. */
  allows(name: string, { ref }: Aged): boolean {
    return this.listOwners(name)?.has(ref.namespace) ?? true;
  }

  /** A host one label below a wildcard that the settings give to others, by its own name; undefined when there is none. */
  findForeignBelow(wildcard: string, { ref }: Aged): string | undefined {
    const domain = wildcard.slice(1);
    for (const [host, owners] of this.#byPattern) {
      const dot = host.indexOf('.');
      const parent = dot < 0 ? '' : host.slice(dot);
      if (!host.startsWith('*') && parent === domain && !owners.has(ref.namespace)) return host;
    }
    return undefined;
  }
}
