import type { EdgeBank } from './edge-answer.ts';

/** A bank that an answer leaves out is ended only when all answers of this time did. */
export const lingerMs = 30_000;
/** A changed configuration counts when all answers of this time had it. */
export const settleMs = 5_000;

interface WantedBank {
  readonly bank: EdgeBank;
  readonly fingerprint: string;
  /** Since when this configuration is asked for. */
  readonly since: number;
  /** Since when no answer has the bank. */
  readonly goneSince?: number;
}

/**
 * What a host is to run, by the answers of several replicas: one that lags behind, or is still of the former configuration, must not
 * end what another one has just asked for. What is new is started at once.
 */
export class WantedBanks {
  #banks: ReadonlyMap<number, WantedBank> = new Map();

  /** @param now In milliseconds of a clock that does not jump. */
  take(banks: readonly EdgeBank[], toFingerprint: (bank: EdgeBank) => string, now: number): void {
    const next = new Map<number, WantedBank>();
    for (const [number, known] of this.#banks) next.set(number, { goneSince: now, ...known });
    for (const bank of banks) {
      const known = this.#banks.get(bank.bank);
      const fingerprint = toFingerprint(bank);
      const since = known === undefined ? -Infinity : known.fingerprint === fingerprint ? known.since : now;
      next.set(bank.bank, { bank, fingerprint, since });
    }
    this.#banks = next;
  }

  get(bank: number): EdgeBank | undefined {
    return this.#banks.get(bank)?.bank;
  }

  /**
   * The fingerprint of each bank to be run, and when to look again. Of a bank whose configuration has just changed it is that of
   * what runs.
   * @param running The fingerprint of the youngest Traefik of a bank.
   */
  at(
    now: number,
    running: (bank: number) => string | undefined,
  ): { readonly fingerprints: ReadonlyMap<number, string>; readonly lookAgainInMs: number } {
    const fingerprints = new Map<number, string>();
    let lookAgainInMs = Infinity;
    for (const [bank, { fingerprint, since, goneSince }] of this.#banks) {
      const [lingers, settles] = [(goneSince ?? Infinity) + lingerMs - now, since + settleMs - now];
      if (lingers <= 0) continue;
      fingerprints.set(bank, settles > 0 ? (running(bank) ?? fingerprint) : fingerprint);
      for (const ms of [lingers, settles]) if (ms > 0) lookAgainInMs = Math.min(lookAgainInMs, ms);
    }
    return { fingerprints, lookAgainInMs };
  }
}
