import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { BackOff } from '../lib/back-off.ts';
import { SerialWorker } from '../lib/serial-worker.ts';
import { BankProcess, removeFiles, type BankProcessOptions } from './bank-process.ts';
import { describeChange } from './describe-change.ts';
import type { EdgeBank } from './edge-answer.ts';
import { findProcesses, parseFileName, toFileName } from './find-processes.ts';
import { findStartFailure, toOutputLine } from './output-line.ts';
import { planEdge, type EdgeAction } from './plan-edge.ts';
import { toEndMs, toFingerprint, toProcessConfig, type HostOptions } from './process-config.ts';
import { WantedBanks } from './wanted-banks.ts';
import type { ProcessEnd } from './traefik-process.ts';

export interface EdgeOptions extends Pick<BankProcessOptions, 'env' | 'folder' | 'pluginFiles' | 'traefik'> {
  /** Whether a Traefik whose configuration has changed is replaced. */
  readonly replace: boolean;
  readonly log: Logger;
}

const backOffSettings = { firstMs: 200, mostMs: 30_000, healthyMs: 60_000 };

/** What is known of a bank beside its processes. */
interface BankState {
  readonly backOff: BackOff;
  /** Nothing is started before. */
  notBefore: number;
  /** Why its Traefik could not start, as was said since it last had its routes. */
  readonly failures: Set<string>;
  /** What a Traefik of it has written last, without its numbers. */
  lastLine: string;
}

/** The Traefiks of this host: one for each bank that is wanted, each looked after by itself. */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #worker = new SerialWorker(() => this.#reconcile());
  readonly #banks = new Map<number, BankState>();
  /** What was reported to be kept, by the id of the process. */
  readonly #kept = new Map<string, string>();
  /** The oldest first. */
  #processes: readonly BankProcess[] = [];
  #host: HostOptions | undefined;
  readonly #wanted = new WantedBanks();
  #stopping = false;

  constructor(options: EdgeOptions) {
    this.#options = options;
  }

  /** How many Traefiks run. */
  get running(): number {
    return this.#processes.length;
  }

  /** The fleet; undefined before the first answer. */
  get fleet(): string | undefined {
    return this.#host?.fleet;
  }

  /** The Traefik of each bank that its connections go to: of two the younger, as soon as it has its routes. */
  get current(): readonly BankProcess[] {
    const lasting = this.#processes.filter(({ state }) => state !== 'ending');
    const banks = [...new Set(lasting.map(({ bank }) => bank))];
    return banks.flatMap((bank) => {
      const processes = lasting.filter((each) => each.bank === bank);
      return processes.findLast(({ state }) => state === 'serving') ?? processes[0] ?? [];
    });
  }

  /** Takes over what an earlier run has left, so that none of its connections is dropped, and tidies up after what is gone. */
  async adopt(): Promise<void> {
    const { folder, log } = this.#options;
    const found = await findProcesses(folder);
    for (const each of found) {
      const process = await BankProcess.adopt(each, this.#toProcessOptions());
      const output = path.join(folder, `${toFileName(each.bank, each.id)}.log`);
      log.info({ bank: each.bank, pid: each.pid, output }, 'Traefik taken over from an earlier run');
      this.#keep(process);
    }
    for (const name of await readdir(folder)) {
      const file = parseFileName(name, path.extname(name));
      if (file === undefined || found.some(({ id }) => id === file.id)) continue;
      await removeFiles(path.join(folder, toFileName(file.bank, file.id)));
    }
  }

  /** From now on these banks are wanted, with these options. */
  update(banks: readonly EdgeBank[], host: HostOptions): void {
    this.#host = host;
    this.#wanted.take(banks, (bank) => toFingerprint(toProcessConfig(bank, host, '')), performance.now());
    this.#request();
  }

  /** Tells all to end, and resolves when they have: their connections may finish. Nothing is started any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#worker.stop();
    const withinMs = Math.max(0, ...this.#processes.map(({ config }) => toEndMs(config)));
    const { length } = this.#processes;
    this.#options.log.info(
      { traefiks: length, withinMs },
      'Traefiks are ending, open connections may finish',
    );
    for (const process of this.#processes) process.end();
    await Promise.all(this.#processes.map(({ ended }) => ended));
  }

  /** Ends all at once, with their connections. */
  kill(): void {
    for (const process of this.#processes) process.kill();
  }

  #request(): void {
    this.#worker
      .request()
      .catch((error: unknown) =>
        this.#options.log.error({ err: error }, 'Traefiks could not be looked after'),
      );
  }

  async #reconcile(): Promise<void> {
    // Before the first answer nothing is known to be unwanted.
    if (this.#host === undefined) return;
    await Promise.all(this.#processes.map((process) => process.look()));
    for (const { bank, state } of this.#processes) {
      if (state === 'serving') this.#serves(this.#toState(bank));
    }
    const { fingerprints, lookAgainInMs } = this.#wanted.at(
      performance.now(),
      (bank) => this.#processes.findLast((each) => each.bank === bank)?.fingerprint,
    );
    this.#worker.requestWithin(lookAgainInMs);
    for (const action of planEdge(fingerprints, this.#processes, this.#options.replace)) {
      if (this.#stopping) return;
      await this.#carryOut(action);
    }
    if (this.#processes.some(({ state }) => state === 'starting')) this.#worker.requestWithin(100);
    else if (this.#processes.some(({ state }) => state === 'late')) this.#worker.requestWithin(2_000);
  }

  #serves(state: BankState): void {
    state.backOff.healthy(performance.now());
    state.failures.clear();
  }

  async #carryOut(action: EdgeAction): Promise<void> {
    const { log } = this.#options;
    if (action.kind === 'start' || action.kind === 'start-beside') return this.#start(action.bank);
    const process = this.#processes.find(({ id }) => id === action.id);
    if (process === undefined) return;
    const about = { bank: process.bank, pid: process.pid };
    switch (action.kind) {
      case 'end':
        log.info({ ...about, why: action.why }, 'Traefik is ending, open connections may finish');
        return process.end();
      case 'give-up':
        log.error(about, 'the new Traefik got no routes; it is given up, and the former one goes on');
        this.#delay(process.bank);
        return process.kill();
      case 'keep':
        return this.#reportKept(process, action.why);
    }
  }

  async #start(bank: number): Promise<void> {
    const { log } = this.#options;
    const [wanted, host] = [this.#wanted.get(bank), this.#host];
    const waitMs = this.#toState(bank).notBefore - performance.now();
    if (wanted === undefined || host === undefined) return;
    if (waitMs > 0) return this.#worker.requestWithin(waitMs);
    try {
      const process = await BankProcess.start(
        bank,
        (api) => toProcessConfig(wanted, host, api),
        this.#toProcessOptions(),
      );
      const { pid, config } = process;
      log.info({ bank, pid, entryPoints: Object.keys(config.entryPoints).length }, 'Traefik started');
      this.#keep(process);
    } catch (error) {
      const inMs = this.#delay(bank);
      log.error({ bank, err: error, inMs }, 'Traefik cannot be started');
    }
  }

  #keep(process: BankProcess): void {
    this.#processes = [...this.#processes, process];
    void process.ended.then((end) => this.#ended(process, end));
  }

  #ended(process: BankProcess, end: ProcessEnd): void {
    const { log } = this.#options;
    const { bank, pid, state } = process;
    this.#processes = this.#processes.filter((each) => each !== process);
    this.#kept.delete(process.id);
    if (state === 'ending') log.info({ bank, pid, end }, 'Traefik has ended');
    else if (!this.#stopping) {
      const inMs = Math.round(this.#delay(bank));
      log.warn({ bank, pid, end, inMs }, 'Traefik ended by itself, another one is started');
    }
    this.#request();
  }

  /** Starts nothing for a bank for a while, and returns how long. */
  #delay(bank: number): number {
    const state = this.#toState(bank);
    const now = performance.now();
    const waitMs = state.backOff.next(now);
    state.notBefore = now + waitMs;
    this.#worker.requestWithin(waitMs);
    return waitMs;
  }

  #reportKept(process: BankProcess, why: 'not-asked' | 'not-shared'): void {
    const { bank, pid, id, config } = process;
    const [wanted, host] = [this.#wanted.get(bank), this.#host];
    if (wanted === undefined || host === undefined) return;
    const next = toProcessConfig(wanted, host, '');
    const fingerprint = toFingerprint(next);
    if (this.#kept.get(id) === fingerprint) return;
    this.#kept.set(id, fingerprint);
    const change = describeChange(config, next);
    const mend =
      why === 'not-asked'
        ? 'restart fairlead edge when its connections may end, or run it with --replace'
        : 'it was started without --replace, so nothing can listen beside it: restart fairlead edge when its connections may end';
    this.#options.log.warn(
      { bank, pid, change, mend },
      'the static configuration has changed, the Traefik that runs keeps the former one',
    );
  }

  #toState(bank: number): BankState {
    const known = this.#banks.get(bank);
    if (known !== undefined) return known;
    const state = {
      backOff: new BackOff(backOffSettings),
      notBefore: 0,
      failures: new Set<string>(),
      lastLine: '',
    };
    this.#banks.set(bank, state);
    return state;
  }

  #toProcessOptions(): BankProcessOptions {
    return { ...this.#options, onLine: (process, line) => this.#takeLine(process, line) };
  }

  #takeLine({ bank, pid }: BankProcess, line: string): void {
    const { log } = this.#options;
    const { level, text } = toOutputLine(line);
    const failure = findStartFailure(text, bank);
    const state = this.#toState(bank);
    if (failure === undefined) {
      // What goes wrong again and again, such as the poll of a server that is away, differs in its numbers only.
      const shape = text.replaceAll(/\d+/g, '0');
      const isKnown = shape === state.lastLine;
      state.lastLine = shape;
      log[isKnown ? 'debug' : level]({ bank, pid, line: text }, 'Traefik says');
      return;
    }
    // Of a bank that is opened again while its last Traefik still listens.
    const hasFormer = this.#processes.some((each) => each.bank === bank && each.state === 'ending');
    const isKnown = hasFormer || state.failures.has(failure);
    log[isKnown ? 'debug' : 'error']({ bank, pid, failure }, 'Traefik could not start');
    if (!hasFormer) state.failures.add(failure);
  }
}
