import { toObjectPath } from '../../model/object-ref.ts';
import type { Rule } from '../finding.ts';

const codes = new Set(['certificate-expired', 'certificate-expiring', 'certificate-not-yet-valid']);

/** So many are reported one by one. */
const mostTold = 20;

export const certificateExpiring: Rule = {
  code: 'certificate-expiring',
  finds:
    'A certificate that is served has expired, is not valid yet, or expires within `certificates.warnBefore`.',
  mend: 'Renew it: `kubectl describe certificate` where cert-manager makes it.',
  needs: 'objects',
  check: ({ problems }) => {
    const found = problems.filter(({ code }) => codes.has(code));
    return [
      ...found.slice(0, mostTold).map(({ subject, message, hint }) => ({
        where: toObjectPath(subject),
        message,
        mend: hint,
      })),
      ...(found.length > mostTold
        ? [
            {
              where: 'further objects',
              message: `${found.length - mostTold} more certificates have expired or are about to`,
              mend: 'fairlead check lists them all',
            },
          ]
        : []),
    ];
  },
};
