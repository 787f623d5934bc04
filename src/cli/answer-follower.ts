import type { Logger } from 'pino';
import type { Edge } from '../edge/edge.ts';
import type { EdgeAnswer } from '../edge/edge-answer.ts';
import { readLastAnswer, writeLastAnswer } from '../edge/last-answer.ts';
import { findUnknownEntryPoints } from '../edge/lay-over.ts';
import { toFileErrorText } from '../lib/error-text.ts';
import type { EdgeArguments } from './edge-options.ts';

/** Makes a host run what the last answer says, with the token of now. */
export class AnswerFollower {
  readonly #given: EdgeArguments;
  readonly #traefiks: Edge;
  readonly #log: Logger;
  #answer: EdgeAnswer | undefined;
  #isNews = false;
  #token: string | undefined;
  #unknown = '';

  constructor(given: EdgeArguments, traefiks: Edge, log: Logger) {
    this.#given = given;
    this.#traefiks = traefiks;
    this.#log = log;
  }

  /** Begins with the answer that an earlier run has kept, if there is one. */
  async start(): Promise<void> {
    const { folder, fleet } = this.#given;
    this.#answer = await readLastAnswer(folder, fleet);
    if (this.#answer === undefined) return;
    this.#isNews = true;
    this.#log.warn({ folder }, 'Fairlead is away, starting with its last answer');
  }

  /** There is a new answer. Never rejects. */
  async answered(answer: EdgeAnswer): Promise<void> {
    const { folder, more } = this.#given;
    this.#answer = answer;
    this.#isNews = true;
    await writeLastAnswer(folder, answer).catch((error: unknown) =>
      this.#log.warn({ folder, why: toFileErrorText(error) }, 'the answer cannot be kept for the next start'),
    );
    const unknown = findUnknownEntryPoints(more, answer.banks).join(', ');
    if (unknown !== '' && unknown !== this.#unknown)
      this.#log.warn({ entryPoints: unknown }, '--static names entryPoints that no bank has');
    this.#unknown = unknown;
  }

  /** The server was asked: the token may be another one, and there may be a new answer. Never rejects. */
  async asked(): Promise<void> {
    const token = await this.#given.readToken().catch(() => this.#token);
    if (this.#answer === undefined || (!this.#isNews && token === this.#token)) return;
    this.#isNews = false;
    this.#token = token;
    const { fleet, holdMs, banks } = this.#answer;
    this.#traefiks.update(banks, { ...this.#given, fleet, holdMs, token, shared: this.#given.replace });
  }
}
