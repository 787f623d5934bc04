import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { readIdentity } from '../lib/process-identity.ts';
import { writeDurably } from '../lib/write-durably.ts';
import { toYaml } from '../traefik/static/yaml.ts';
import { processConfig, type ProcessConfig } from './edge-answer.ts';
import { toFileName, type FoundProcess } from './find-processes.ts';
import { wantsPlugin, type PluginFiles } from '../traefik/static/local-plugins.ts';
import { placePlugin } from './place-plugin.ts';
import { findFreePort } from '../lib/free-port.ts';
import { hasRoutes } from './has-routes.ts';
import { OutputFollower, readLength } from './output-follower.ts';
import type { PlannedProcess } from './plan-edge.ts';
import { isShared, toApiAddress, toEndMs, toFingerprint } from './process-config.ts';
import { adoptProcess, startProcess, type ProcessEnd, type RunningProcess } from './traefik-process.ts';

export interface BankProcessOptions {
  /** Where its files are. */
  readonly folder: string;
  /** The program. */
  readonly traefik: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The files of the plugin, for configurations that want it. A Traefik that has it is started in `folder`, where they are put. */
  readonly pluginFiles: PluginFiles;
  /** Called for each line that it writes. */
  readonly onLine: (process: BankProcess, line: string) => void;
}

const readOutputMs = 500;
/** A Traefik beside another one that has no routes after this time only swallows connections. */
const lateMs = 15_000;
/** How much longer than its configuration says a Traefik may take to end. */
const patienceMs = 20_000;

/** The Traefik of a bank that runs, with its files `bank-N.ID.yml` (which holds the token) and `.log`. */
export class BankProcess {
  readonly bank: number;
  readonly id: string;
  readonly config: ProcessConfig;
  readonly fingerprint: string;
  /** Resolves when it is gone, all that it wrote was passed on, and its files are removed. */
  readonly ended: Promise<ProcessEnd>;
  readonly #running: RunningProcess;
  readonly #output: OutputFollower;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #killTimer: NodeJS.Timeout | undefined;
  #state: 'starting' | 'serving' | 'ending' = 'starting';

  private constructor(
    { bank, id }: Pick<FoundProcess, 'bank' | 'id'>,
    config: ProcessConfig,
    running: RunningProcess,
    from: number,
    options: BankProcessOptions,
  ) {
    this.bank = bank;
    this.id = id;
    this.config = config;
    this.fingerprint = toFingerprint(config);
    this.#running = running;
    const files = path.join(options.folder, toFileName(bank, id));
    this.#output = new OutputFollower(`${files}.log`, from, (line) => options.onLine(this, line));
    this.#timer = setInterval(() => void this.#output.read().catch(() => undefined), readOutputMs);
    this.ended = running.ended.then((end) => this.#finish(end, files));
  }

  /** @param toConfig The configuration with this address for its API. @throws The error of the system. */
  static async start(
    bank: number,
    toConfig: (api: string) => ProcessConfig,
    options: BankProcessOptions,
  ): Promise<BankProcess> {
    const id = randomBytes(4).toString('hex');
    const config = toConfig(`127.0.0.1:${await findFreePort()}`);
    const files = path.join(options.folder, toFileName(bank, id));
    await writeDurably(`${files}.yml`, Buffer.from(toYaml(config)));
    const args = [`--configFile=${files}.yml`];
    const hasPlugin = wantsPlugin(config['experimental']);
    try {
      if (hasPlugin) await placePlugin(options.folder, options.pluginFiles);
      const place = hasPlugin ? { cwd: options.folder } : {};
      const running = await startProcess(options.traefik, args, `${files}.log`, {
        env: options.env,
        ...place,
      });
      return new BankProcess({ bank, id }, config, running, 0, options);
    } catch (error) {
      await removeFiles(files);
      throw error;
    }
  }

  /** One that an earlier run has left. What it has written until now stays in its file. */
  static async adopt(found: FoundProcess, options: BankProcessOptions): Promise<BankProcess> {
    const files = path.join(options.folder, toFileName(found.bank, found.id));
    const running = await adoptProcess(await readIdentity(found.pid));
    const length = await readLength(`${files}.log`);
    return new BankProcess(found, await readConfig(`${files}.yml`), running, length, options);
  }

  get pid(): number {
    return this.#running.pid;
  }

  get state(): PlannedProcess['state'] {
    const isLate = performance.now() - this.#startedAt > lateMs;
    return this.#state === 'starting' && isLate ? 'late' : this.#state;
  }

  get shared(): boolean {
    return isShared(this.config);
  }

  /** Looks whether it has its routes. */
  async look(): Promise<void> {
    if (this.#state !== 'starting') return;
    const isServing = await hasRoutes(toApiAddress(this.config));
    if (isServing && this.#state === 'starting') this.#state = 'serving';
  }

  /** Tells it to end: its connections may finish. One that takes far longer than it was given is killed. */
  end(): void {
    if (this.#state === 'ending') return;
    this.#state = 'ending';
    this.#running.signal('SIGTERM');
    this.#killTimer = setTimeout(() => this.kill(), toEndMs(this.config) + patienceMs);
  }

  /** Ends it at once, with its connections. */
  kill(): void {
    this.#state = 'ending';
    this.#running.signal('SIGKILL');
  }

  async #finish(end: ProcessEnd, files: string): Promise<ProcessEnd> {
    clearInterval(this.#timer);
    clearTimeout(this.#killTimer);
    await this.#output.read().catch(() => undefined);
    await removeFiles(files);
    return end;
  }
}

/** Removes the files of a process that is gone. */
export async function removeFiles(files: string): Promise<void> {
  for (const end of ['.yml', '.log']) await rm(`${files}${end}`, { force: true }).catch(() => undefined);
}

/** One without any entryPoint when the file cannot be read: it is replaced by nothing, and ended as any other. */
async function readConfig(file: string): Promise<ProcessConfig> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const config = processConfig.safeParse(parse(text));
  return config.success ? config.data : { entryPoints: {}, providers: {} };
}
