import type { Step } from '../place.ts';

/** Something that somebody should look at. */
export interface Notice {
  readonly severity: 'error' | 'warning';
  /** What is to be typed stands in backticks. */
  readonly text: string;
  readonly to?: Step;
}
