import { matchesGlob } from '../../lib/glob.ts';
import { NetworkSet } from '../../lib/network-set.ts';
import type { ServiceSettings } from '../../settings/settings.ts';

/** Which names a namespace may route to, by ExternalName or as endpoints. */
export interface NameRights {
  /** False: none at all. */
  readonly isOpen: boolean;
  /** Names, and `*.` with the end of names; undefined: all that are not always refused. */
  readonly allowed: readonly string[] | undefined;
  /** The field that says so. */
  readonly field: string;
}

/** What a namespace may write by hand: addresses and names that Kubernetes did not find by itself. */
export interface ExternalRights {
  /** False: nothing at all. */
  readonly isOpen: boolean;
  readonly allowedCIDRs: readonly string[];
  readonly networks: NetworkSet;
  /** The field that says which networks. */
  readonly field: string;
  readonly names: NameRights;
}

type Policy = Pick<ServiceSettings, 'allowExternalName' | 'externalEndpoints' | 'externalNames'>;

const section = 'services.externalEndpoints';

/** What each namespace may write by hand, worked out of the settings once. */
export class ExternalPolicy {
  readonly #rules: readonly { readonly namespaces: readonly string[]; readonly rights: ExternalRights }[];
  readonly #namespaces: readonly string[];
  readonly #rest: ExternalRights;

  constructor({ allowExternalName, externalEndpoints, externalNames }: Policy) {
    const { allowedCIDRs, namespaces, rules } = externalEndpoints;
    const names: NameRights = {
      isOpen: allowExternalName,
      allowed: externalNames.allowed.length === 0 ? undefined : externalNames.allowed,
      field: allowExternalName ? 'services.externalNames.allowed' : 'services.allowExternalName',
    };
    this.#namespaces = namespaces;
    this.#rest = {
      isOpen: true,
      allowedCIDRs,
      networks: new NetworkSet(allowedCIDRs),
      field: `${section}.allowedCIDRs`,
      names,
    };
    this.#rules = rules.map((rule, index) => {
      const at = `${section}.rules[${index}]`;
      const own = { isOpen: true, allowed: rule.names ?? undefined, field: `${at}.names` };
      return {
        namespaces: rule.namespaces,
        rights: {
          isOpen: true,
          allowedCIDRs: rule.allowedCIDRs,
          networks: new NetworkSet(rule.allowedCIDRs),
          field: `${at}.allowedCIDRs`,
          names: rule.names === null ? names : own,
        },
      };
    });
  }

  /** By the first rule that fits the namespace; without one as it is said for all. */
  of(namespace: string): ExternalRights {
    const rule = this.#rules.find((each) =>
      each.namespaces.some((pattern) => matchesGlob(pattern, namespace)),
    );
    if (rule !== undefined) return rule.rights;
    const isOpen = this.#namespaces.length === 0 || this.#namespaces.includes(namespace);
    return isOpen ? this.#rest : { ...this.#rest, isOpen, field: `${section}.namespaces` };
  }
}
