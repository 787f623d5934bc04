import type { RuleOrder } from '../routes/intent.ts';
import type { HostMatch, PathMatch } from '../routes/match.ts';

/** The bits that are left for the order of the routes of one host; see `bits` in `priority.ts`. */
export const orderBits = { path: 13, beyond: 15, tie: 14 } as const;

/** What stands around a path in the rule of a prefix, which most rules are. */
const aroundPath = 'PathPrefix("")'.length;

/**
 * The order of a route among those of its host as Traefik has it: by the number that it asks for, else by the length of its rule. On the
 * scale on which the routes of the specifications are ordered by the length of their path: a prefix stands where it would stand among
 * those. Numbers far beyond any path (and below none) keep their order, as far as they differ by 0.2 %.
 */
export function toTraefikOrder(host: HostMatch, path: PathMatch, { length, asked }: RuleOrder): number {
  const number = (asked ?? length) - toHostLength(host) - aroundPath;
  const most = 2 ** orderBits.path - 1;
  const middle = 2 ** (orderBits.beyond - 1);
  const main = Math.max(0, Math.min(number, most));
  const beyond =
    number > most ? squeeze(number - most, 2 * middle) : number <= 0 ? middle - squeeze(-number, middle) : 0;
  // What asks for one number goes on by the length of the path. Traefik leaves it to chance.
  const isExact = path.type === 'Exact';
  const tie = asked === undefined ? (isExact ? 2 : 0) : 2 * path.value.length + Number(isExact);
  return (main * 2 ** orderBits.beyond + beyond) * 2 ** orderBits.tie + Math.min(tie, 2 ** orderBits.tie - 1);
}

/** The length of `Host("…") && `. */
function toHostLength(host: HostMatch): number {
  const around = 'Host("") && '.length;
  switch (host.kind) {
    case 'any':
      return 0;
    case 'exact':
      return around + host.name.length;
    case 'wildcard':
      return around + host.suffix.length + 2;
  }
}

/** A number from 0 on as one below `size`, in the same order: itself in the lower half, its logarithm in the upper. */
function squeeze(number: number, size: number): number {
  const half = size / 2;
  if (number < half) return number;
  const steps = Math.log2(number / half) / Math.log2(2 ** 54 / half);
  return Math.min(size - 1, half + Math.floor(steps * half));
}
