import type { Rule } from '../finding.ts';

export const ledgerShared: Rule = {
  code: 'ledger-shared',
  finds:
    'Fairleads with different Leases write one ledger: both lead, and each takes back what the other gives out.',
  mend: 'Give each installation a `ledger.configMap` of its own, or the same `leaderElection.lease`.',
  needs: 'clusters, with the right to list Leases in the whole cluster',
  check: ({ clusters }) =>
    clusters.flatMap(({ source, leases }) => {
      const byLedger = new Map<string, string[]>();
      for (const { ledger, lease } of leases) byLedger.set(ledger, [...(byLedger.get(ledger) ?? []), lease]);
      return [...byLedger].flatMap(([ledger, names]) =>
        names.length < 2
          ? []
          : [
              {
                where: `source ${source}, ConfigMap ${ledger}`,
                message: `Fairleads with the Leases ${names.join(' and ')} write the same ledger`,
                mend: 'give one of them another ledger.configMap, or both the same leaderElection.lease, and restart them',
              },
            ],
      );
    }),
};
