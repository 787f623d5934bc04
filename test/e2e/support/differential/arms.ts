import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { certificates } from '../certificates.ts';
import { Cleanup, makeTempFolder } from '../cleanup.ts';
import { startFairlead, type Fairlead } from '../fairlead.ts';
import { startTraefik, type Traefik } from '../traefik.ts';
import { readStaticConfig } from '../world.ts';
import type { Door } from './answer.ts';

/** Whose provider is the reference. */
export type Dialect = 'traefik' | 'ingress-nginx';
export const dialects: readonly Dialect[] = ['traefik', 'ingress-nginx'];

/** What is set on both sides, beside what each arm has by default. */
export interface ArmOptions {
  /** Of Traefik's own provider, as its static configuration names them. */
  readonly provider?: Readonly<Record<string, unknown>>;
  /** Of `fairlead.yaml`, where it is another section than those that the arm itself sets, or `ingress`. */
  readonly fairlead?: Readonly<Record<string, unknown>>;
}

/** Two Traefiks that are to answer the same: one with its own provider, one that asks Fairlead. */
export interface Arms {
  readonly reference: { readonly traefik: Traefik; readonly door: Door };
  readonly fairlead: { readonly traefik: Traefik; readonly door: Door; readonly server: Fairlead };
  stop(): Promise<void>;
}

const ports = { web: 18_080, websecure: 18_443, ep1: 18_081, ep2: 18_082 } as const;
const controllers = { traefik: 'traefik.io/ingress-controller', 'ingress-nginx': 'k8s.io/ingress-nginx' };
const providers = { traefik: 'kubernetesIngress', 'ingress-nginx': 'kubernetesIngressNGINX' };
/** What both Traefiks have beside the routes: entryPoints that annotations name, and things that they name `@file`. */
const common = { providersThrottleDuration: '20ms' };
const moreEntryPoints = { ep1: {}, ep2: {} };

/** Starts both on the cluster of a kubeconfig. */
export async function startArms(
  kubeconfig: string,
  dialect: Dialect,
  options: ArmOptions = {},
): Promise<Arms> {
  const cleanup = new Cleanup();
  try {
    const folder = makeTempFolder();
    cleanup.add(() => folder.remove());
    const file = join(folder.path, 'common.yml');
    writeFileSync(file, stringify(toCommon()));
    const reference = cleanup.keep(await startReference(kubeconfig, dialect, file, options));
    const server = cleanup.keep(
      await startFairlead({
        cwd: folder.path,
        config: toSettings(kubeconfig, dialect, folder.path, options),
      }),
    );
    const traefik = cleanup.keep(await startBehind(server, folder.path, file));
    return {
      reference: { traefik: reference, door: { ip: '127.0.1.1', ports } },
      fairlead: { traefik, door: { ip: '127.0.1.2', ports }, server },
      stop: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function startReference(
  kubeconfig: string,
  dialect: Dialect,
  file: string,
  options: ArmOptions,
): Promise<Traefik> {
  // As the Helm chart of Traefik has them.
  const chart = { web: { asDefault: true }, websecure: { asDefault: true, http: { tls: {} } } };
  const entrances = { httpEntryPoint: 'web', httpsEntryPoint: 'websecure' };
  const staticConfig = stringify({
    ...common,
    entryPoints: withAddresses('127.0.1.1', { ...chart, ...moreEntryPoints }),
    providers: {
      file: { filename: file },
      [providers[dialect]]: { ...(dialect === 'ingress-nginx' ? entrances : {}), ...options.provider },
    },
  });
  return startTraefik({ staticConfig, env: { KUBECONFIG: kubeconfig } });
}

async function startBehind(server: Fairlead, cwd: string, file: string): Promise<Traefik> {
  const text = await readStaticConfig(server, cwd);
  const bind = '127.0.1.2';
  const addresses = { web: `${bind}:${ports.web}`, websecure: `${bind}:${ports.websecure}` };
  const staticConfig = text
    .replace(
      /^entryPoints:\n/m,
      `entryPoints:\n${stringify(withAddresses(bind, moreEntryPoints)).replaceAll(/^/gm, '  ').trimEnd()}\n`,
    )
    .replace(/^providers:\n/m, `${stringify(common)}providers:\n  file: {filename: ${file}}\n`);
  return startTraefik({ staticConfig, bind, entryPoints: addresses });
}

function withAddresses(bind: string, entryPoints: Readonly<Record<string, object>>): Record<string, object> {
  const addressOf = (name: string): string => `${bind}:${ports[name as keyof typeof ports]}`;
  return Object.fromEntries(
    Object.entries(entryPoints).map(([name, rest]) => [name, { address: addressOf(name), ...rest }]),
  );
}

/** As someone would write it who takes over the Ingresses of that provider. */
function toSettings(
  kubeconfig: string,
  dialect: Dialect,
  folder: string,
  { fairlead = {} }: ArmOptions,
): Record<string, unknown> {
  const { ingress = {}, ...rest } = fairlead;
  const isTraefik = dialect === 'traefik';
  return {
    // The node is that of Traefik's own fixtures.
    sources: [{ name: 'cluster', kubernetes: { kubeconfig }, nodes: ['172.16.4.4'] }],
    ingress: {
      adopt: [{ controller: controllers[dialect], dialect: isTraefik ? 'traefik' : 'nginx' }],
      unclassed: isTraefik ? 'take' : 'ignore',
      references: { rules: [{ namespaces: ['*'], names: ['*@file'] }] },
      ...(ingress as object),
    },
    services: { allowExternalName: !isTraefik },
    fleets: [
      {
        name: 'default',
        entryPoints: { others: Object.keys(moreEntryPoints) },
        ports: { tcp: { range: '20000-20001' }, udp: { range: '20000-20001' } },
      },
    ],
    ledger: { file: join(folder, 'ports.json') },
    // What a fixture leaves behind has to go at once.
    provider: { debounce: '20ms', maxWait: '100ms', shrinkGuard: { mode: 'off' } },
    ...rest,
  };
}

function toCommon(): object {
  const { cert: certFile, key: keyFile } = certificates.wildcardTestCom;
  return {
    http: {
      middlewares: { marked: { headers: { customRequestHeaders: { 'X-Marked': 'by-file' } } } },
      serversTransports: { foobar: { insecureSkipVerify: true } },
    },
    tls: {
      options: { foobar: { minVersion: 'VersionTLS13' } },
      stores: { default: { defaultCertificate: { certFile, keyFile } } },
    },
  };
}
