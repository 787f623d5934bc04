import { RepeatGate, type EventLimits } from './event-limits.ts';
import type { EventNote } from './plan-events.ts';

/** What is told once. */
export interface News {
  readonly note: EventNote;
  /** Of the object at the time when it was told: another one may get its name while it waits. */
  readonly uid: string | undefined;
}

/** News that waits until it may be told. The same of the same object is taken only once in a while, and only so much of it. */
export class NewsQueue {
  readonly #most: number;
  readonly #told: RepeatGate;
  #waiting: readonly News[] = [];

  constructor({ mostNews, repeatMs }: Pick<EventLimits, 'mostNews' | 'repeatMs'>) {
    this.#most = mostNews;
    this.#told = new RepeatGate(repeatMs);
  }

  get waiting(): readonly News[] {
    return this.#waiting;
  }

  /** Returns whether it was taken. */
  add(news: News, now: number): boolean {
    const { kind, namespace, name } = news.note.about;
    const key = `${kind}/${namespace}/${name}|${news.uid}|${news.note.note}`;
    if (this.#waiting.length >= this.#most || this.#told.wait(key, now) > 0) return false;
    this.#told.pass(key, now);
    this.#waiting = [...this.#waiting, news];
    return true;
  }

  remove(news: News): void {
    this.#waiting = this.#waiting.filter((each) => each !== news);
  }

  /** It could not be told yet. */
  putBack(news: News): void {
    this.#waiting = [news, ...this.#waiting];
  }

  clear(): void {
    this.#waiting = [];
  }
}
