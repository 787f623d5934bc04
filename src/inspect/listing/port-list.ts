import { toBank, type BankStates } from '../../model/bank.ts';
import type { Page, PoolMap, PoolName, PortStory, Query, Sight } from '../../model/listing.ts';
import { isPort } from '../../model/port.ts';
import { isGatewayHolder, type PortClaim } from '../../model/ports.ts';
import { toObjectPath } from '../../model/object-ref.ts';
import type { FormerPortRow, PortReport, PortRow } from '../../model/published.ts';
import type { FleetSettings } from '../../settings/settings.ts';
import { filterInSlices, toPage } from './find-page.ts';
import { toPoolMap } from './port-map.ts';
import { hasWords, toWords } from './words.ts';

export interface PortListOptions {
  readonly report: () => PortReport;
  readonly fleets: () => readonly Pick<FleetSettings, 'name' | 'pools'>[];
  readonly banks: () => BankStates;
  readonly claims: () => readonly PortClaim[];
}

/** The ports of the pools, to be looked through. */
export class PortList {
  readonly #options: PortListOptions;
  readonly #texts = new WeakMap<PortRow, string>();

  constructor(options: PortListOptions) {
    this.#options = options;
  }

  async find(query: Query): Promise<Page<PortRow>> {
    const words = toWords(query.text);
    const sees = toView(query.sight);
    const found = await filterInSlices(
      this.#options.report().ports,
      (row) => sees(row) && (words.length === 0 || hasWords(this.#toText(row), words)),
    );
    return toPage(found, query);
  }

  /** Undefined when there is no such pool. */
  map(name: PoolName, sight: Sight): PoolMap | undefined {
    const { fleets, banks, report } = this.#options;
    return toPoolMap(name, fleets(), banks(), report().ports, toView(sight));
  }

  /** Undefined when the pool has no such port. */
  story(name: PoolName, port: number, sight: Sight): PortStory | undefined {
    const map = this.map(name, sight);
    const state = map?.states[port - map.range.from];
    if (!isPort(port) || map === undefined || state === undefined) return undefined;
    const sees = toView(sight);
    const isThis = (row: FormerPortRow | PortRow): boolean =>
      row.port === port && row.fleet === name.fleet && row.protocols.includes(name.protocol) && sees(row);
    const { ports, history } = this.#options.report();
    const rows = ports.filter(isThis);
    const holders = new Set(rows.flatMap(({ state: each, holder }) => (each === 'cooling' ? [] : [holder])));
    const pool = this.#options
      .fleets()
      .find((fleet) => fleet.name === name.fleet)
      ?.pools.find((each) => each.name === name.pool);
    const wanted = this.#options
      .claims()
      .filter(({ requested, fleet, protocols, holder }) => {
        const asks = requested === port && fleet === name.fleet && protocols.includes(name.protocol);
        return asks && sees({ holder: toObjectPath(holder) });
      })
      .map(({ holder }) => toObjectPath(holder));
    return {
      port,
      state,
      bank: pool === undefined ? 0 : toBank(pool, port),
      rows,
      history: history.filter(isThis).toReversed(),
      wantedBy: [...new Set(wanted)].filter((holder) => !holders.has(holder)),
    };
  }

  #toText(row: PortRow): string {
    let text = this.#texts.get(row);
    if (text === undefined) {
      const [kind = '', namespace = ''] = row.holder.split('/');
      const words = [`port:${row.port}`, `ns:${namespace}`, row.holder, row.state, `pool:${row.pool}`];
      const others = [`fleet:${row.fleet}`, ...row.protocols, row.endpoint ?? '', ...row.addresses];
      const target = isGatewayHolder({ kind })
        ? `listener:${row.listener ?? ''}`
        : `service-port:${row.servicePort}`;
      text = [...words, ...others, target].join(' ').toLowerCase();
      this.#texts.set(row, text);
    }
    return text;
  }
}

/** A holder is written as `Service/namespace/name`. */
function toView({ sees }: Sight): (row: Pick<PortRow, 'holder'>) => boolean {
  return ({ holder }) => sees(holder.split('/')[1] ?? '');
}
