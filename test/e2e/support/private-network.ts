import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { makeTempFolder } from './cleanup.ts';
import { PRIVATE_NETWORK_VARIABLE } from './local-address.ts';

/** Names that resolve inside the private network. */
const HOSTS = `127.0.0.1 localhost
::1 localhost
10.9.0.1 fairlead.test.com
10.9.0.2 edge.example.com
10.0.100.1 thrift-c-app.thrift-demo.svc.cluster.local thrift-c-app.thrift-demo.svc
`;

// As process 1 of its own process namespace the shell takes everything with it when it ends: nothing that a
// failed test has started can outlive the run.
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child'];

// A `local` default route makes every address one of this machine's own, so that a server can be bound to
// the very address that a manifest names. IPv6 may be switched off.
const SET_UP = `set -e
mount --bind "$1" /etc/hosts
shift
# Process numbers are those of the new namespace.
mount -t proc proc /proc 2>/dev/null || true
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
ip -6 route add local ::/0 dev lo 2>/dev/null || true
"$@" || exit $?
exit 0`;

/** Something that is not there, and how to get it. */
export interface Missing {
  readonly what: string;
  readonly remedy: string;
}

function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The Traefik that TRAEFIK_BIN names, else the one on PATH. */
export function findTraefik(): string | Missing {
  const remedy =
    'Get it from https://github.com/traefik/traefik/releases; put it on PATH or set TRAEFIK_BIN.';
  const named = process.env['TRAEFIK_BIN'];
  if (named !== undefined && named !== '') {
    return isExecutable(named) ? named : { what: `TRAEFIK_BIN names no program: ${named}`, remedy };
  }
  return findOnPath('traefik') ?? { what: 'no traefik on PATH', remedy };
}

/** How to make a private network here, or what keeps it from being made. */
export type PrivateNetwork =
  | { readonly kind: 'available'; readonly flags: readonly string[] }
  | { readonly kind: 'unavailable'; readonly missing: readonly Missing[] };

/** Tries it: makes one and leaves it again. */
export function probePrivateNetwork(): PrivateNetwork {
  const missing = findMissingTools();
  if (missing.length > 0) return { kind: 'unavailable', missing };
  const asUser = ['--user', '--map-root-user', ...NAMESPACES];
  const attempts = process.getuid?.() === 0 ? [NAMESPACES, asUser] : [asUser];
  const folder = makeTempFolder();
  const hosts = writeHosts(folder.path);
  const errors: string[] = [];
  try {
    for (const flags of attempts) {
      const { status, stderr } = spawnSync('unshare', toCommand(flags, hosts, ['true']), {
        encoding: 'utf8',
      });
      if (status === 0) return { kind: 'available', flags };
      errors.push(stderr.trim());
    }
  } finally {
    folder.remove();
  }
  const remedy = 'Run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone, AppArmor).';
  return { kind: 'unavailable', missing: [{ what: `no private network: ${errors.join('; ')}`, remedy }] };
}

function findMissingTools(): readonly Missing[] {
  const packages = { unshare: 'util-linux', mount: 'mount', ip: 'iproute2' };
  return Object.entries(packages)
    .filter(([tool]) => findOnPath(tool) === undefined)
    .map(([tool, name]) => ({ what: `no ${tool} on PATH`, remedy: `Install the package ${name}.` }));
}

/**
 * Runs a program inside a new private network and resolves with its exit status when it and all that it started are
 * gone. `flags` come from `probePrivateNetwork`. Its output goes to `write`, or without one to this terminal.
 */
export async function runInPrivateNetwork(
  flags: readonly string[],
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
  write?: (text: string) => void,
): Promise<number> {
  const folder = makeTempFolder();
  const child = spawn('unshare', toCommand(flags, writeHosts(folder.path), command), {
    stdio: write === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // What a worker leaves that is ended too fast to clean up goes with our own folder.
    env: { ...process.env, ...env, TMPDIR: folder.path, [PRIVATE_NETWORK_VARIABLE]: '1' },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => write?.(text));
  }
  const terminated = (): void => void child.kill('SIGKILL');
  process.on('SIGINT', ignoreSignal).on('SIGTERM', terminated).on('SIGHUP', terminated);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    process.off('SIGINT', ignoreSignal).off('SIGTERM', terminated).off('SIGHUP', terminated);
    folder.remove();
  }
}

// The terminal sends its interrupt to the program inside as well, which ends in its own way.
function ignoreSignal(): void {}

function toCommand(flags: readonly string[], hosts: string, command: readonly string[]): string[] {
  return [...flags, 'sh', '-c', SET_UP, 'sh', hosts, ...command];
}

function writeHosts(folder: string): string {
  const path = join(folder, 'hosts');
  writeFileSync(path, HOSTS);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
