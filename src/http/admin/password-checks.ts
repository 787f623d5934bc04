import { createHmac, randomBytes } from 'node:crypto';
import { matchesPassword } from '../../lib/password-hash.ts';
import { TokenBucket, type Rate } from '../../lib/token-bucket.ts';

/** `later`: it was not looked at, since too many are; ask again after so many seconds. */
export type PasswordVerdict =
  { readonly kind: 'right' | 'wrong' } | { readonly kind: 'later'; readonly seconds: number };

/** One password that a client gives. */
export interface PasswordCheck {
  readonly password: string;
  /** The PHC string that it has to match. */
  readonly hash: string;
  /** Stands for the client: see `toClientKey`. */
  readonly client: string;
}

export interface PasswordCheckOptions {
  /** How long a password that was right is known; default ten minutes. */
  readonly knownMs?: number;
  /** What one client may have compared. Default: ten at once, then one each ten seconds. */
  readonly perClient?: Rate;
  /** What all together may. Default: twenty at once, then two a second. */
  readonly inAll?: Rate;
  /** Milliseconds of a clock that does not jump. */
  readonly now?: () => number;
}

const mostKnown = 200;
const mostClients = 1_000;
const mostWaiting = 16;

/**
 * Compares passwords with their hashes, which is made to be slow: one at a time, each client and all together only so often, and
 * what was right is known for a while. So whoever guesses costs the program little, and keeps nobody out who is known.
 */
export class PasswordChecks {
  readonly #options: Required<PasswordCheckOptions>;
  /** What is kept of passwords is of no use to anybody else. */
  readonly #key = randomBytes(32);
  /** Until when a password is known. The one known for longest comes first. */
  readonly #known = new Map<string, number>();
  readonly #clients = new Map<string, TokenBucket>();
  readonly #all: TokenBucket;
  /** The same password is compared once, however many requests bring it: a browser sends several at a time. */
  readonly #underWay = new Map<string, Promise<boolean>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PasswordCheckOptions = {}) {
    this.#options = {
      knownMs: 600_000,
      perClient: { burst: 10, perSecond: 0.1 },
      inAll: { burst: 20, perSecond: 2 },
      now: () => performance.now(),
      ...options,
    };
    this.#all = new TokenBucket(this.#options.inAll, this.#options.now());
  }

  async check({ password, hash, client }: PasswordCheck): Promise<PasswordVerdict> {
    const key = createHmac('sha256', this.#key).update(hash).update('\0').update(password).digest('base64');
    if ((this.#known.get(key) ?? -Infinity) > this.#options.now()) return { kind: 'right' };
    let comparison = this.#underWay.get(key);
    if (comparison === undefined) {
      const waitMs = this.#underWay.size >= mostWaiting ? 1_000 : this.#takeTurn(client);
      if (waitMs > 0) return { kind: 'later', seconds: Math.ceil(waitMs / 1_000) };
      comparison = this.#compare(key, password, hash);
    }
    return { kind: (await comparison) ? 'right' : 'wrong' };
  }

  #compare(key: string, password: string, hash: string): Promise<boolean> {
    const comparison = this.#last.then(() => matchesPassword(password, hash));
    this.#last = comparison.catch(() => undefined);
    this.#underWay.set(key, comparison);
    return comparison
      .then((isRight) => {
        if (isRight) this.#remember(key);
        return isRight;
      })
      .finally(() => this.#underWay.delete(key));
  }

  #remember(key: string): void {
    this.#known.delete(key);
    this.#known.set(key, this.#options.now() + this.#options.knownMs);
    dropOldest(this.#known, mostKnown);
  }

  /** How long a client has to wait for its turn; 0: it is now. */
  #takeTurn(client: string): number {
    const now = this.#options.now();
    const bucket = this.#clients.get(client) ?? new TokenBucket(this.#options.perClient, now);
    this.#clients.delete(client);
    this.#clients.set(client, bucket);
    dropOldest(this.#clients, mostClients);
    return bucket.take(now) || this.#all.take(now);
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
