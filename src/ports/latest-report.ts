import type { BankStates } from '../model/bank.ts';
import type { LedgerState } from '../model/ports.ts';
import type { Problem } from '../model/problem.ts';
import type { PortReport } from '../model/published.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { listRefused, toPortReport, type ReportTime } from './port-report.ts';

type ReportedFleets = readonly Pick<FleetSettings, 'addresses' | 'name' | 'pools'>[];

interface Made {
  readonly ledger: LedgerState;
  readonly fleets: ReportedFleets;
  readonly banks: string;
  readonly lagMs: number;
  readonly report: PortReport;
  /** Until when it is true, in milliseconds since 1970: then a port has cooled down. */
  readonly until: number;
}

/** The report of the pools, made again only when something in it is another: with 10,000 ports it takes some time. */
export class LatestReport {
  #made: Made | undefined;

  /** As `toPortReport`; the very report of the last call, but for what is refused, while it is the same. */
  read(
    ledger: LedgerState,
    fleets: ReportedFleets,
    problems: readonly Problem[],
    states: BankStates,
    time: ReportTime,
  ): PortReport {
    const banks = JSON.stringify([...states]);
    let made = this.#made;
    const lagMs = time.lag?.ms ?? 0;
    const isSame =
      made?.ledger === ledger && made.fleets === fleets && made.banks === banks && made.lagMs === lagMs;
    if (made === undefined || !isSame || made.until <= time.now) {
      const report = toPortReport(ledger, fleets, [], time, states);
      const ends = report.ports.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]));
      const until = ends.reduce((a, b) => Math.min(a, b), Infinity);
      this.#made = made = { ledger, fleets, banks, lagMs, report, until };
    }
    return { ...made.report, refused: listRefused(problems) };
  }
}
