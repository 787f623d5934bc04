import type { Logger } from 'pino';
import type { KindCondition } from './condition.ts';
import type { Failure } from './failure.ts';

type Trouble = Pick<Failure, 'common' | 'detail' | 'hint'>;
const fine: Trouble = { detail: '', hint: '' };

/** What a reflector tells about itself. */
export class KindStatus {
  readonly #log: Logger;
  readonly #changed: () => void;
  #condition: KindCondition;
  #hasLogged = false;

  /** `changed` is called after each change of the condition. */
  constructor(subject: Pick<KindCondition, 'kind' | 'namespace'>, log: Logger, changed: () => void) {
    const since = new Date().toISOString();
    this.#condition = {
      ...subject,
      state: 'listing',
      synced: false,
      unread: false,
      since,
      detail: '',
      hint: '',
    };
    this.#log = log;
    this.#changed = changed;
  }

  get condition(): KindCondition {
    return this.#condition;
  }

  /** Goes into a state. Trouble is logged when it begins, when it becomes another, and when it ends; what all kinds have in common is left to the source. */
  become(state: KindCondition['state'], { detail, hint, common = false }: Trouble = fine): void {
    const former = this.#condition;
    if (former.state === state && former.detail === detail) return;
    const since = former.state === state ? former.since : new Date().toISOString();
    this.#condition = { ...former, state, since, detail, hint };
    if (detail !== former.detail) this.#write(detail, common);
    this.#changed();
  }

  #write(detail: string, common: boolean): void {
    const { kind, namespace } = this.#condition;
    if (detail !== '' && !common) {
      this.#hasLogged = true;
      this.#log.warn({ kind, namespace, detail }, 'kind cannot be followed');
    } else if (detail === '' && this.#hasLogged) {
      this.#hasLogged = false;
      this.#log.info({ kind, namespace }, 'kind is followed again');
    }
  }

  /** It may not be read, and need not be. */
  doWithout(): void {
    if (this.#condition.unread) return;
    this.#condition = { ...this.#condition, unread: true };
    this.#changed();
  }

  /** Everything has been delivered. */
  listed(): void {
    this.#condition = { ...this.#condition, synced: true, unread: false };
    this.#changed();
  }
}
