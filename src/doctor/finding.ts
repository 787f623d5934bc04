import type { Facts } from './facts.ts';

/** One thing that is wrong with a set-up. */
export interface Finding {
  /** Stable: that of the rule. */
  readonly code: string;
  /** One sentence: what is wrong, and who suffers. */
  readonly message: string;
  /** The Traefik, file, cluster, fleet or object that has it. */
  readonly where: string;
  /** The command that mends it, or the change to make. */
  readonly mend: string;
}

/** What a rule says; it has its code by itself. */
export type Found = Omit<Finding, 'code'>;

/** One thing that can be wrong. Pure: it judges what was gathered. */
export interface Rule {
  readonly code: string;
  /** For the documentation: what it finds, and why that hurts. One sentence. */
  readonly finds: string;
  /** For the documentation: how to mend it. */
  readonly mend: string;
  /** What it needs to look at, for the documentation. */
  readonly needs: string;
  readonly check: (facts: Facts) => readonly Found[];
}
