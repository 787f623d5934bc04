import type { RequestListener } from 'node:http';

/** What a listener serves. */
export interface HttpApp {
  readonly handler: RequestListener;
  /** Called once when the listener stops: ends every answer that would otherwise stay open for long. */
  drain(): void;
}
