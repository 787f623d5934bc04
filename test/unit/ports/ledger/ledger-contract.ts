import { describe, expect, it } from 'vitest';

import { emptyLedger } from '../../../../src/model/ports.ts';
import type { Ledger } from '../../../../src/ports/ledger/ledger.ts';
import { toState } from '../allocation/notation.ts';

/** Two openings of one empty ledger, as of two processes, where the ledger allows that; the second one may only read. */
export interface LedgerPair {
  readonly ledger: Ledger;
  readonly other?: Ledger;
}

const one = toState(['100 tcp a:80 held@1']);
const two = toState(['100 tcp a:80 held@1', '101 tcp+udp b:53 cooling@2']);

/** What every ledger holds to, wherever it stores its document. */
export function ledgerContract(makeLedger: () => Promise<LedgerPair>): void {
  describe('as every ledger', () => {
    it('is empty at first', async () => {
      const { ledger } = await makeLedger();
      expect((await ledger.read()).state).toEqual(emptyLedger);
      await ledger.close();
    });

    it('reads what was committed, also from elsewhere', async () => {
      const { ledger, other } = await makeLedger();
      const { version } = await ledger.read();
      const result = await ledger.commit(version, two);
      expect(result).toMatchObject({ kind: 'committed', snapshot: { state: two } });
      expect(await ledger.read()).toEqual(result.kind === 'committed' && result.snapshot);
      expect(await (other ?? ledger).read()).toEqual(await ledger.read());
      await ledger.close();
    });

    it('gives each document another version', async () => {
      const { ledger } = await makeLedger();
      const versions = [(await ledger.read()).version];
      for (const state of [one, two, emptyLedger]) {
        const result = await ledger.commit(versions.at(-1) ?? '', state);
        if (result.kind === 'committed') versions.push(result.snapshot.version);
      }
      expect(new Set(versions).size).toBe(4);
      await ledger.close();
    });

    it('refuses a commit on a version that is gone, and changes nothing', async () => {
      const { ledger } = await makeLedger();
      const { version } = await ledger.read();
      await ledger.commit(version, one);
      expect(await ledger.commit(version, two)).toEqual({ kind: 'conflict' });
      expect((await ledger.read()).state).toEqual(one);
      await ledger.close();
    });

    it('lets one of many commits on the same version win', async () => {
      const { ledger } = await makeLedger();
      const { version } = await ledger.read();
      const results = await Promise.all([one, two, one, two].map((state) => ledger.commit(version, state)));
      expect(results.map(({ kind }) => kind).sort()).toEqual([
        'committed',
        'conflict',
        'conflict',
        'conflict',
      ]);
      await ledger.close();
    });

    it('accepts a commit that changes nothing', async () => {
      const { ledger } = await makeLedger();
      const first = await ledger.commit((await ledger.read()).version, one);
      const version = first.kind === 'committed' ? first.snapshot.version : '';
      expect(await ledger.commit(version, one)).toMatchObject({ kind: 'committed' });
      await ledger.close();
    });
  });
}
