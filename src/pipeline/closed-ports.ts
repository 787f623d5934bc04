import { findBank, listBanks } from '../model/bank.ts';
import { parseObjectKey, type ObjectKey } from '../model/object-ref.ts';
import type { RoutedPort } from '../render/closed-ports.ts';
import type { Fragment } from '../render/fragment.ts';
import { renderClosedPorts, type RenderContexts } from '../render/render-unit.ts';

/** What closes the ports of one bank. */
interface Closing {
  readonly fleet: string;
  readonly bank: number;
  readonly fragments: readonly Fragment[];
}

/** The kinds of objects that lead on ports which others hold. */
const leading: ReadonlySet<string> = new Set(['TCPRoute', 'TLSRoute', 'UDPRoute']);

/** Which ports have a router, and what closes the others: made again for the banks in which one was given or given back. */
export class ClosedPorts {
  readonly #contexts: RenderContexts;
  /** The pool ports that each object has routers for. */
  readonly #routed = new Map<ObjectKey, readonly RoutedPort[]>();
  #led: ReadonlyMap<ObjectKey, readonly RoutedPort[]> = new Map();
  /** The numbers that imports give, or gave. */
  #imported: readonly RoutedPort[] = [];
  /** The banks of each fleet whose other ports are to be closed again. */
  readonly #due: ReadonlyMap<string, Set<number>>;

  constructor(contexts: RenderContexts) {
    this.#contexts = contexts;
    this.#due = new Map([...contexts].map(([name, { fleet }]) => [name, new Set(listBanks(fleet))]));
  }

  /** Puts the ports that an object has routers for in place of its former ones. */
  replace(unit: ObjectKey, routed: readonly RoutedPort[]): void {
    const former = this.#routed.get(unit) ?? [];
    if (former.length + routed.length === 0 || JSON.stringify(former) === JSON.stringify(routed)) return;
    this.#note([...former, ...routed]);
    if (routed.length > 0) this.#routed.set(unit, routed);
    else this.#routed.delete(unit);
    if (!leading.has(parseObjectKey(unit).kind)) return;
    const led = new Map(this.#led);
    if (routed.length > 0) led.set(unit, routed);
    else led.delete(unit);
    this.#led = led;
  }

  /** The ports that routes of the Gateway API lead on, which their listeners hold. The very map of the last call while it is the same. */
  get led(): ReadonlyMap<ObjectKey, readonly RoutedPort[]> {
    return this.#led;
  }

  /** Takes over the numbers of imports: the very list of the last call while they are the same. */
  import(imported: readonly RoutedPort[]): void {
    if (imported === this.#imported) return;
    this.#note([...this.#imported, ...imported]);
    this.#imported = imported;
  }

  /** What has to be rendered again. Costs as much as there are ports in a bank, and only when one of them is given or given back. */
  takeDue(): readonly Closing[] {
    if ([...this.#due.values()].every(({ size }) => size === 0)) return [];
    const routed = [...this.#routed.values()].flat();
    return [...this.#due].flatMap(([fleet, banks]) => {
      const context = this.#contexts.get(fleet);
      const due = [...banks];
      banks.clear();
      return due.flatMap((bank) =>
        context === undefined
          ? []
          : { fleet, bank, fragments: renderClosedPorts(context, bank, routed, this.#imported) },
      );
    });
  }

  #note(ports: readonly RoutedPort[]): void {
    for (const { fleet, protocol, port } of ports) {
      const configured = this.#contexts.get(fleet)?.fleet;
      if (configured !== undefined) this.#due.get(fleet)?.add(findBank(configured, protocol, port));
    }
  }
}
