import { bySeniority, compareText, type ObjectKey } from '../model/object-ref.ts';
import type { HostTlsOptions } from '../routes/tls-options.ts';
import type { TlsUse } from './choose-options.ts';
import { Crowd } from './crowd.ts';

/** Who serves a host on one entryPoint over TLS, and who of them by which options. */
interface Place {
  readonly serving: Crowd;
  readonly byKey: Map<string, { readonly options: HostTlsOptions; readonly users: Crowd }>;
}

/**
 * The options that tell the connections for one host from those of other listeners, by entryPoint. Kept up to date object by object: a host
 * of a listener may have thousands of routes.
 */
export class ApartOptions {
  readonly #places = new Map<string, Place>();

  /** Takes over the uses of an object in place of its former ones. */
  replace(unit: ObjectKey, former: readonly TlsUse[], next: readonly TlsUse[]): void {
    for (const use of former) this.#remove(unit, use);
    for (const use of next) this.#add(unit, use);
  }

  /** Those of the object that was the first to serve the host there; undefined when it has none. */
  find(place: string): HostTlsOptions | undefined {
    const { serving, byKey } = this.#places.get(place) ?? {};
    const first = serving?.eldest;
    if (first === undefined || byKey === undefined) return undefined;
    return [...byKey.values()]
      .filter(({ users: { eldest } }) => eldest !== undefined && bySeniority(eldest, first) === 0)
      .map(({ options }) => options)
      .sort((a, b) => compareText(a.key, b.key))[0];
  }

  /** Different whenever `find` says something else of any entryPoint; empty where there are none. */
  toText(): string {
    const chosen = [...this.#places.keys()].sort(compareText).map((place) => [place, this.find(place)?.key]);
    return chosen.some(([, key]) => key !== undefined) ? JSON.stringify(chosen) : '';
  }

  #add(unit: ObjectKey, { place: name, owner, apart }: TlsUse): void {
    const place = this.#places.get(name) ?? { serving: new Crowd(), byKey: new Map() };
    this.#places.set(name, place);
    place.serving.set(unit, owner);
    if (apart === undefined) return;
    const entry = place.byKey.get(apart.key) ?? { options: apart, users: new Crowd() };
    place.byKey.set(apart.key, entry);
    entry.users.set(unit, owner);
  }

  #remove(unit: ObjectKey, { place: name, apart }: TlsUse): void {
    const place = this.#places.get(name);
    place?.serving.delete(unit);
    const users = apart && place?.byKey.get(apart.key)?.users;
    users?.delete(unit);
    if (apart !== undefined && users?.tenants === 0) place?.byKey.delete(apart.key);
    if (place?.serving.tenants === 0) this.#places.delete(name);
  }
}
