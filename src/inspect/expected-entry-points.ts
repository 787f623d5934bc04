import { listBanks } from '../model/bank.ts';
import type { PoolProtocol, Port } from '../model/port.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { listListenerEntryPoints } from '../traefik/static/listener-entry-points.ts';
import { listPoolEntryPoints } from '../traefik/static/pool-entry-points.ts';

/** The entryPoints that the Traefiks of a fleet have to have. */
export interface ExpectedEntryPoints {
  /** By bank. */
  readonly banks: readonly ReadonlySet<string>[];
  /** The bank whose Traefik listens there; 0 for those of HTTP, and for any other name. */
  bankOf(entryPoint: string): number;
  /** The one of a pool port; undefined when no pool has it. */
  nameOf(protocol: PoolProtocol, port: Port): string | undefined;
  /** The bank of a Traefik that has these. */
  findBank(entryPoints: readonly string[]): number;
}

/** Works them out once: ten thousand ports are as many names. Numbers of imports are not among them. */
export function toExpectedEntryPoints(fleet: FleetSettings): ExpectedEntryPoints {
  const { http, https, ready } = fleet.entryPoints;
  const banks = listBanks(fleet).map((bank) => listPoolEntryPoints({ ...fleet, imported: [] }, bank));
  const bankByName = new Map(banks.flatMap((list, bank) => list.map(({ name }) => [name, bank] as const)));
  const nameByPort = new Map(
    banks.flat().map(({ name, protocol, port }) => [`${protocol} ${port}`, name] as const),
  );
  const listeners = listListenerEntryPoints(fleet).map(({ name }) => name);
  const own = (bank: number): readonly string[] => [
    ...(bank === 0 ? [http, https, ...listeners] : []),
    ...(ready === undefined ? [] : [ready]),
  ];
  return {
    banks: banks.map((list, bank) => new Set([...own(bank), ...list.map(({ name }) => name)])),
    nameOf: (protocol, port) => nameByPort.get(`${protocol} ${port}`),
    bankOf: (name) => bankByName.get(name) ?? 0,
    findBank: (names) => {
      if (banks.length === 1 || names.includes(http)) return 0;
      const counts = new Map<number, number>();
      for (const name of names) {
        const bank = bankByName.get(name);
        if (bank !== undefined) counts.set(bank, (counts.get(bank) ?? 0) + 1);
      }
      const [most] = [...counts].toSorted(([a, x], [b, y]) => y - x || a - b);
      return most?.[0] ?? 0;
    },
  };
}
