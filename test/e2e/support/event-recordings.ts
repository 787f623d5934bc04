import { pino } from 'pino';
import { toProblem, type Problem } from '../../../src/model/problem.ts';
import type { ProblemCode } from '../../../src/model/problem-codes.ts';
import { KubeClient } from '../../../src/kubernetes/kube-client.ts';
import type { EventLimits } from '../../../src/write-back/events/cluster-events.ts';
import { EventRecorder } from '../../../src/write-back/events/event-recorder.ts';
import { planWarnings } from '../../../src/write-back/events/plan-warnings.ts';
import { startApiServer, type ApiServer } from './apiserver.ts';
import { Cleanup } from './cleanup.ts';
import { EventBoard } from './event-board.ts';

const root = '/apis/events.k8s.io/v1/namespaces';
export const events = `${root}/default/events`;
const log = pino({ level: 'silent' });

/** About a Service of the namespace `default`. */
export function toProblemOf(name: string, message: string, code: ProblemCode = 'pool-exhausted'): Problem {
  const subject = { source: 'prod', kind: 'Service', namespace: 'default', name };
  return toProblem(code, subject, { message, hint: 'Mend it.' });
}

/** Two that are one after the other on the same object, and one on another; with what an `EventBoard` says of them. */
export const empty = toProblemOf('db', 'the pool is empty');
export const emptyLine = 'Warning PoolExhausted db: The pool is empty. Mend it.';
export const full = toProblemOf('db', 'the pool is full');
export const fullLine = 'Warning PoolExhausted db: The pool is full. Mend it.';
export const other = toProblemOf('web', 'it is wrong', 'annotation-invalid');
export const otherLine = 'Warning AnnotationInvalid web: It is wrong. Mend it.';

/** A recorder of the source `prod`. */
export interface Recording {
  leading: boolean;
  readonly recorder: EventRecorder;
  /** These are the problems now, and there is no notice. */
  readonly record: (...problems: readonly Problem[]) => void;
  readonly stop: () => Promise<void>;
}

export interface RecordingOptions {
  readonly limits?: Partial<EventLimits>;
  readonly lease?: string;
  readonly namespaces?: readonly string[];
}

/** An API server, and recorders that write to it. */
export class EventRecordings {
  readonly server: ApiServer;
  readonly client: KubeClient;
  readonly board: EventBoard;
  #cleanup = new Cleanup();

  private constructor(server: ApiServer) {
    this.server = server;
    this.client = new KubeClient({ kubeconfig: server.kubeconfig, context: null });
    this.board = new EventBoard(server, this.client);
  }

  static async open(program: string): Promise<EventRecordings> {
    return new EventRecordings(await startApiServer(program));
  }

  /** Starts a recorder that leads. */
  start({ limits, lease = 'fairlead', namespaces = [] }: RecordingOptions = {}): Recording {
    const kubernetes = { kubeconfig: this.server.kubeconfig, context: null, namespaces };
    const recorder = new EventRecorder({
      settings: {
        leaderElection: { lease: { namespace: 'fairlead-system', name: lease } },
        sources: [{ name: 'prod', required: true, kubernetes }],
      },
      clients: new Map([['prod', this.client]]),
      rights: new Map(),
      isLeader: () => recording.leading,
      log,
      limits: { settleMs: 50, changeMs: 500, ...limits },
    });
    const recording: Recording = {
      leading: true,
      recorder,
      record: (...problems) => {
        recorder.record(
          planWarnings(problems, () => undefined),
          [],
          new Set(['prod']),
        );
      },
      stop: () => recorder.stop(),
    };
    return this.#cleanup.keep(recording);
  }

  /** Ends all recorders and faults, and clears the board. */
  async reset(): Promise<void> {
    await this.server.rig('reset');
    await this.#cleanup.run();
    for (const namespace of ['default', 'kube-system'])
      await this.client.delete(`${root}/${namespace}/events`);
    await this.board.forget();
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.server.stop();
  }
}
