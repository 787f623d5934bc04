import type { Logger } from 'pino';
import type { HealthBoard } from '../health/board.ts';
import type { Problem } from '../model/problem.ts';
import type { LeaderElection } from '../kubernetes/leader-election.ts';
import type { Observer } from '../model/observer.ts';
import type { PollBoard } from '../ports/banks/poll-board.ts';
import type { Settings } from '../settings/settings.ts';
import type { GuardBoard } from '../source/shrink/guard-board.ts';
import type { Source } from '../source/source.ts';
import type { WriteBack } from '../write-back/write-back.ts';
import type { SharedLedger } from './port-keeper.ts';

export interface ControlPlaneOptions {
  readonly settings: Settings;
  readonly sources: readonly Source[];
  readonly ledger: SharedLedger;
  /** Absent: nobody else has to know which endpoints fail. */
  readonly healthBoard?: HealthBoard | undefined;
  /** Absent: nobody else has to know what is held back. */
  readonly guardBoard?: GuardBoard | undefined;
  readonly log: Logger;
  /** Absent: this is the only replica, and nothing is written to any cluster. */
  readonly cluster?: LeaderTasks | undefined;
  /** Problems of the program itself, to be shown with those of objects. */
  readonly besides?: () => readonly Problem[];
  readonly observer?: Pick<Observer, 'conflicted' | 'ledgerFailed' | 'rebuilt'>;
}

/** What a replica that reads clusters does besides serving. */
export interface LeaderTasks {
  readonly leader: Pick<LeaderElection, 'isLeader' | 'onChange' | 'start' | 'stop'>;
  readonly writeBack: Pick<WriteBack, 'lead' | 'onProblems' | 'problems' | 'stop' | 'update'>;
  /** Absent: no fleet has more than one bank, or the ledger is of this replica alone. */
  readonly board?: PollBoard | undefined;
}
