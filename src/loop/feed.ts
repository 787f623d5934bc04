import type { Logger } from 'pino';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';
import type { ShrinkGuard } from '../source/shrink-guard.ts';
import type { Source, SourceState } from '../source/source.ts';

/** A source with what it last said of itself. */
export interface Feed {
  readonly source: Source;
  readonly required: boolean;
  state: SourceState;
  problems: readonly Problem[];
  hasSynced: boolean;
  guard?: ShrinkGuard;
}

export function logState(log: Logger, state: SourceState): void {
  if (state.kind === 'synced') log.info('source is synced');
  else log.warn({ detail: state.detail }, state.kind === 'stale' ? 'source is stale' : 'source is starting');
}

/** A feed that nothing has been heard of yet. */
export function toFeed(source: Source, settings: Settings): Feed {
  return {
    source,
    required: settings.sources.find((each) => each.name === source.name)?.required ?? true,
    state: { kind: 'starting', detail: 'not read yet' },
    problems: [],
    hasSynced: false,
  };
}
