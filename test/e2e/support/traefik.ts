import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { startChild, type Child } from './child.ts';
import { Cleanup, makeTempFolder } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { findFreePort } from './local-address.ts';
import { findTraefik } from './private-network.ts';
import { toRawData, toRouterErrors, type RawData, type RawDataError } from './raw-data.ts';

export interface TraefikOptions {
  /** A static configuration as YAML text, or as command line arguments. */
  readonly staticConfig: string | readonly string[];
  /** Other addresses for some entryPoints of a YAML text, as `{web: '127.0.0.1:18080'}`; of its API it is `traefik`. */
  readonly entryPoints?: Readonly<Record<string, string>>;
  /**
   * The IP address for entryPoints that name none. Default 127.0.0.1: one on all addresses would take the
   * ports of backends, and of another Traefik, as well.
   */
  readonly bind?: string;
  /** How long it may take to end before it is killed; default 100 ms. */
  readonly patienceMs?: number;
  /** Default INFO, unless the static configuration has one. */
  readonly logLevel?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A running Traefik. */
export interface Traefik {
  readonly pid: number;
  /** `http://127.0.0.1:port` of its API. */
  readonly apiUrl: string;
  logs(): string;
  rawdata(): Promise<RawData>;
  /** The routers that are not plainly enabled, now. */
  routerErrors(): Promise<readonly RawDataError[]>;
  /** Resolves with the first state that satisfies the predicate; rejects after `ms` (default 15 s) with the end of the log. */
  waitFor(predicate: (data: RawData) => boolean, ms?: number): Promise<RawData>;
  stop(): Promise<void>;
}

const START_MS = 15_000;
// It waits three seconds for idle UDP sessions, which no test needs.
const STOP_MS = 100;
const LOG_TAIL = 4_000;

const staticSchema = z.looseObject({
  api: z.looseObject({}).nullish(),
  global: z.looseObject({}).nullish(),
  log: z.looseObject({}).nullish(),
  entryPoints: z.record(z.string(), z.looseObject({ address: z.string().optional() }).nullable()).nullish(),
});

/** Starts a Traefik with an API beside what is configured; resolves when the API answers, rejects with its log when it does not. */
export async function startTraefik(options: TraefikOptions): Promise<Traefik> {
  const binary = findTraefik();
  if (typeof binary !== 'string') throw new Error(`${binary.what}. ${binary.remedy}`);
  const cleanup = new Cleanup();
  try {
    const apiAddress = options.entryPoints?.['traefik'] ?? `127.0.0.1:${await findFreePort()}`;
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    // That of the configuration can be had by one Traefik only.
    const ready = { ready: `127.0.0.1:${await findFreePort()}` };
    const entryPoints = { ...ready, ...options.entryPoints };
    const args = writeStaticConfig({ ...options, entryPoints }, apiAddress, folder.path);
    const child = cleanup.keep(
      await startChild(binary, args, {
        cwd: folder.path,
        patienceMs: options.patienceMs ?? STOP_MS,
        env: options.env ?? {},
      }),
    );
    const traefik = toTraefik(child, `http://${apiAddress}`, cleanup);
    await eventually('Traefik did not start', START_MS, () => traefik.rawdata(), child.ended).catch(
      (error) => {
        throw new Error(`${String(error)}\n${tail(child.logs())}`, { cause: error });
      },
    );
    return traefik;
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function toTraefik(child: Child, apiUrl: string, cleanup: Cleanup): Traefik {
  const rawdata = async (): Promise<RawData> => {
    const response = await fetch(`${apiUrl}/api/rawdata`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`/api/rawdata answered ${response.status}`);
    return toRawData(await response.json());
  };
  return {
    pid: child.pid,
    apiUrl,
    logs: child.logs,
    rawdata,
    routerErrors: async () => toRouterErrors(await rawdata()),
    async waitFor(predicate, ms = START_MS) {
      let last: RawData | undefined;
      const attempt = async (): Promise<RawData | undefined> => {
        last = await rawdata();
        return predicate(last) ? last : undefined;
      };
      try {
        return await eventually('Traefik did not get there', ms, attempt, child.ended);
      } catch (error) {
        throw new Error(`${String(error)}\n${JSON.stringify(last, null, 1)}\n${tail(child.logs())}`, {
          cause: error,
        });
      }
    },
    stop: () => cleanup.run(),
  };
}

function writeStaticConfig(options: TraefikOptions, apiAddress: string, folder: string): readonly string[] {
  const { staticConfig, entryPoints = {}, bind = '127.0.0.1', logLevel = 'INFO' } = options;
  if (typeof staticConfig !== 'string') {
    return [
      '--api.insecure=true',
      `--entryPoints.traefik.address=${apiAddress}`,
      `--log.level=${logLevel}`,
      '--log.noColor=true',
      ...staticConfig.map((text) =>
        text
          .replace(/^(--entrypoints\..+\.address=)(?=:)/i, `$1${bind}`)
          .replace(/^(--entrypoints\.ready\.address=).*/i, `$1${entryPoints['ready']}`),
      ),
    ];
  }
  const config = staticSchema.parse(parse(staticConfig) ?? {});
  const merged: NonNullable<typeof config.entryPoints> = {};
  for (const [name, entryPoint] of Object.entries(config.entryPoints ?? {})) {
    const address = entryPoints[name] ?? entryPoint?.address;
    const bound = address?.startsWith(':') === true ? `${bind}${address}` : address;
    merged[name] = { ...entryPoint, ...(bound === undefined ? {} : { address: bound }) };
  }
  const path = join(folder, 'traefik.yml');
  const text = stringify({
    ...config,
    global: { checkNewVersion: false, sendAnonymousUsage: false, ...config.global },
    log: { level: logLevel, noColor: true, ...config.log },
    api: { ...config.api, insecure: true },
    entryPoints: { ...merged, traefik: { ...merged['traefik'], address: apiAddress } },
  });
  writeFileSync(path, text);
  return [`--configFile=${path}`];
}

function tail(log: string): string {
  return log.slice(-LOG_TAIL);
}
