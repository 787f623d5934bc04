import { noneFailing, type FailingEndpoints } from '../model/health.ts';

/** Where all replicas read which endpoints fail, so that all serve the same bytes. The leader writes it. */
export interface HealthBoard {
  /** Where it is, for messages. */
  readonly location: string;
  /**
   * Reads it, and from then on calls `changed` after each change, also after its own. Resolves once it has been read, or could not be;
   * then that is tried again.
   */
  start(changed: (failing: FailingEndpoints) => void): Promise<void>;
  /** Rejects when it cannot be written now, or somebody else has written since it was read. */
  write(failing: FailingEndpoints): Promise<void>;
  stop(): Promise<void>;
}

/** A board for the only replica there is. What it says is forgotten at the end: a dead endpoint is found dead again. */
export function createMemoryBoard(): HealthBoard {
  let tell: ((failing: FailingEndpoints) => void) | undefined;
  return {
    location: 'memory',
    start: (changed) => {
      tell = changed;
      changed(noneFailing);
      return Promise.resolve();
    },
    write: (failing) => {
      tell?.(failing);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
