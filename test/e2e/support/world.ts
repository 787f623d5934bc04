import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Backend } from './backend.ts';
import { Cleanup, makeTempFolder } from './cleanup.ts';
import {
  projectRoot,
  runFairlead,
  startFairlead,
  type Fairlead,
  type FairleadOptions,
  type ListenOn,
} from './fairlead.ts';
import { requirePrivateNetwork } from './local-address.ts';
import type { RawData } from './raw-data.ts';
import { startTraefik, type Traefik } from './traefik.ts';

export interface WorldOptions {
  /** Files and folders of manifests, from the root of the project; the files are copied into one folder. */
  readonly manifests?: readonly string[];
  /**
   * Without any configuration, in a folder with a copy of the project's examples: what `npm start` runs. Then neither
   * `manifests` nor `config` counts.
   */
  readonly examples?: boolean;
  /** What `fairlead.yaml` says beside the listeners, the source (that folder) and the ledger; may replace the last two. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Manifests by the names of their files, which are there from the start. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Started first: `() => httpEcho('10.244.1.17', 8080)`. */
  readonly backends?: readonly (() => Promise<Backend>)[];
  /** The IP address of each Traefik; default one on 127.0.0.1. */
  readonly edges?: readonly string[];
  /** The fleet of the Traefiks; default the first. */
  readonly fleet?: string;
  /** Other addresses for some entryPoints, as `{web: '127.0.0.1:18080'}`. */
  readonly entryPoints?: Readonly<Record<string, string>>;
  /** Where Fairlead listens; default free ports of 127.0.0.1. */
  readonly listen?: ListenOn;
}

/** Backends, a Fairlead that serves a folder of manifests, and the Traefiks that poll it. */
export interface World extends AsyncDisposable {
  /** The working directory of Fairlead: the folder of manifests, the configuration and the ledger are in it. */
  readonly root: string;
  /** The folder of the manifests; the directory source watches it. */
  readonly folder: string;
  /** The Fairlead of now: another one after `restartFairlead`. */
  readonly fairlead: Fairlead;
  /** One for each edge. */
  readonly traefiks: readonly Traefik[];
  /** The first edge. */
  readonly traefik: Traefik;
  /** Writes a manifest, as a user would. */
  write(name: string, text: string): void;
  remove(name: string): void;
  /**
   * Stops Fairlead (`stop`, default) or kills it (`crash`) and starts it again on the same folder, ledger and ports;
   * with `changes` to its configuration from then on.
   */
  restartFairlead(how?: 'stop' | 'crash', changes?: Readonly<Record<string, unknown>>): Promise<void>;
  /** The GET of a path of the admin listener, as JSON. */
  admin(path: string): Promise<unknown>;
  /** Waits on every edge; resolves with the state of the first. */
  waitFor(predicate: (data: RawData) => boolean, ms?: number): Promise<RawData>;
  /** What else is to be stopped with the world. Returns its argument. */
  keep<T extends { stop(): Promise<void> }>(thing: T): T;
  /** Stops everything and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a world; when a part does not start, what has been started is stopped again. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  requirePrivateNetwork();
  return startWorldHere(options);
}

/** The same without a private network: every address must then be one of this machine. */
export async function startWorldHere(options: WorldOptions): Promise<World> {
  const cleanup = new Cleanup();
  try {
    return await assemble(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function assemble(options: WorldOptions, cleanup: Cleanup): Promise<World> {
  const {
    manifests = [],
    texts = {},
    config = {},
    backends = [],
    edges = ['127.0.0.1'],
    fleet,
    examples,
  } = options;
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  const folder = join(temp.path, examples === true ? 'examples' : 'manifests');
  mkdirSync(folder);
  if (examples === true) copyManifests(join(projectRoot, 'examples'), folder);
  for (const path of manifests) copyManifests(resolve(projectRoot, path), folder);
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  for (const start of backends) cleanup.keep(await start());
  let settings: Readonly<Record<string, unknown>> = {
    sources: [{ name: 'manifests', directory: { path: folder, watch: true } }],
    ledger: { file: join(temp.path, 'ports.json') },
    ...config,
  };
  const toOptions = (): FairleadOptions =>
    examples === true ? { cwd: temp.path } : { cwd: temp.path, config: settings };
  const { listen } = options;
  let fairlead = await startFairlead({ ...toOptions(), ...(listen !== undefined && { listen }) });
  cleanup.add(() => fairlead.stop());
  const staticConfig = await readStaticConfig(fairlead, temp.path, fleet);
  const traefiks: Traefik[] = [];
  for (const bind of edges) {
    const { entryPoints = {} } = options;
    traefiks.push(cleanup.keep(await startTraefik({ staticConfig, bind, entryPoints })));
  }
  const [traefik] = traefiks;
  if (traefik === undefined) throw new Error('a world needs an edge');
  const stop = (): Promise<void> => cleanup.run();
  return {
    root: temp.path,
    folder,
    get fairlead() {
      return fairlead;
    },
    traefiks,
    traefik,
    write: (name, text) => writeFileSync(join(folder, name), text),
    remove: (name) => rmSync(join(folder, name)),
    async restartFairlead(how = 'stop', changes = {}) {
      await fairlead[how]();
      settings = { ...settings, ...changes };
      fairlead = await startFairlead({ ...toOptions(), listen: fairlead.listen });
    },
    async admin(path) {
      const response = await fetch(`${fairlead.adminUrl}${path}`);
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return response.json();
    },
    async waitFor(predicate, ms) {
      const states = await Promise.all(traefiks.map((edge) => edge.waitFor(predicate, ms)));
      return states[0] ?? traefik.rawdata();
    },
    keep: (thing) => cleanup.keep(thing),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** What `fairlead traefik` prints for a bank of a running Fairlead, with the same configuration. */
export async function readStaticConfig(
  fairlead: Pick<Fairlead, 'configArgs' | 'listen'>,
  cwd: string,
  fleet?: string,
  bank = 0,
): Promise<string> {
  const fleetArgs = fleet === undefined ? [] : ['--fleet', fleet];
  const bankArgs = bank === 0 ? [] : ['--bank', String(bank)];
  const { status, stdout, stderr } = await runFairlead(
    ['traefik', ...fairlead.configArgs, ...fleetArgs, ...bankArgs, '--format', 'yaml'],
    { cwd, env: { FAIRLEAD_LISTEN_PROVIDER: fairlead.listen.provider } },
  );
  if (status !== 0) throw new Error(`fairlead traefik ended with ${status}:\n${stderr}`);
  return stdout;
}

function copyManifests(from: string, folder: string): void {
  const to = statSync(from).isDirectory() ? folder : join(folder, basename(from));
  cpSync(from, to, { recursive: true });
}
