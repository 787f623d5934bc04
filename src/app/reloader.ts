import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import { toProblem, type Problem } from '../model/problem.ts';
import { SettingsError } from '../settings/mistake.ts';
import type { Settings } from '../settings/settings.ts';
import { takeOver } from './take-over.ts';

export interface ReloaderOptions {
  /** What runs now. */
  readonly settings: Settings;
  /** The configuration file; undefined when there is none, and only its other files and the signal count. */
  readonly file: string | undefined;
  /** Reads the configuration again. @throws SettingsError */
  readonly load: () => Settings;
  /** Makes the program run with these settings. */
  readonly apply: (settings: Settings) => void;
  readonly log: Logger;
  /** How often the files are looked at. Default 2 s. */
  readonly everyMs?: number;
}

/**
 * Takes over a changed configuration while the program runs, as far as that is possible: when its file, a TLS file or one with a secret of
 * `admin` has changed, and when asked to. One that cannot be used changes nothing; it is reported, and tried again until it can.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #timer: NodeJS.Timeout;
  #settings: Settings;
  #seen: string;
  #broken = '';
  #pending = '';

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#seen = this.#look();
    // Not by events of the file system: a ConfigMap or Secret is mounted through links that change places.
    this.#timer = setInterval(() => this.#check(), options.everyMs ?? 2_000);
    this.#timer.unref();
  }

  /** A configuration that cannot be used, or one that waits for a restart. */
  get problems(): readonly Problem[] {
    const name = this.#options.file ?? 'environment';
    const subject = { source: '', kind: 'Configuration', namespace: '', name };
    if (this.#broken !== '') {
      const hint = 'Mend it; meanwhile the former one is in use.';
      return [toProblem('configuration-broken', subject, { message: this.#broken, hint })];
    }
    if (this.#pending === '') return [];
    const message = `Changed in the configuration, but not in use yet: ${this.#pending}.`;
    return [toProblem('restart-needed', subject, { message, hint: 'Restart Fairlead.' })];
  }

  /** Reads the configuration now, changed or not, and says what came of it. Never throws. */
  reload(): void {
    this.#seen = this.#look();
    const { load, log } = this.#options;
    try {
      this.#take(load());
    } catch (error) {
      // A configuration that is read wrongly must not end a program that serves.
      const why = error instanceof SettingsError ? error.message.replaceAll('\n', ' | ') : String(error);
      if (why !== this.#broken)
        log.error({ why }, 'the changed configuration cannot be used; the former one stays');
      this.#broken = why;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    if (this.#look() !== this.#seen || this.#broken !== '') this.reload();
  }

  #take(next: Settings): void {
    const { apply, log } = this.#options;
    const { settings, taken, pending } = takeOver(this.#settings, next);
    if (taken.length > 0) apply(settings);
    this.#settings = settings;
    this.#broken = '';
    this.#pending = pending.join(', ');
    log.info({ changed: taken }, 'configuration read again');
    if (pending.length > 0) log.warn({ fields: pending }, 'a restart is needed for changed settings');
  }

  /** Tells by size, time and inode which files these are: a new one, whatever it is called, looks different. */
  #look(): string {
    const { file } = this.#options;
    const { admin, provider } = this.#settings;
    const secrets = [...admin.users, ...admin.tokens].flatMap((each) => each.file ?? []);
    const files = [...(file === undefined ? [] : [file]), ...(provider.tls?.files ?? []), ...secrets];
    return files.map((path) => `${path} ${toSignature(path)}`).join('\n');
  }
}

function toSignature(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
}
