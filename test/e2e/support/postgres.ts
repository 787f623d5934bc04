import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificatePair } from './certificates.ts';
import { startChild } from './child.ts';
import { Cleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { requireLocalAddress } from './local-address.ts';

/** The programs of a PostgreSQL, and who runs the server: it refuses to be root. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * The newest PostgreSQL that is installed; undefined when there is none, which it says and names what is skipped.
 * @throws Error instead when FAIRLEAD_E2E is `required`.
 */
export function findPostgres(skipped: string): PostgresPrograms | undefined {
  const found = findPrograms();
  if (typeof found !== 'string') return found;
  if (process.env['FAIRLEAD_E2E'] === 'required') throw new Error(`FAIRLEAD_E2E=required, and ${found}`);
  console.log(`!!  SKIPPED: ${skipped}: ${found}`);
  return undefined;
}

const installed = '/usr/lib/postgresql';

function findPrograms(): PostgresPrograms | string {
  let versions: readonly string[] = [];
  try {
    versions = readdirSync(installed).toSorted((a, b) => Number(b) - Number(a));
  } catch {
    // Not installed.
  }
  const folder = versions
    .map((version) => join(installed, version, 'bin'))
    .find((bin) => spawnSync(join(bin, 'postgres'), ['--version']).status === 0);
  if (folder === undefined || spawnSync('psql', ['--version']).status !== 0)
    return 'no PostgreSQL (packages postgresql and postgresql-client)';
  if (process.getuid?.() !== 0) return { folder, user: undefined };
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout),
  );
  const user = { uid: uid ?? 0, gid: gid ?? 0 };
  return spawnSync('true', user).status === 0 && user.uid > 0
    ? { folder, user }
    : 'PostgreSQL cannot be started as another user than root';
}

export interface Postgres extends AsyncDisposable {
  stop(): Promise<void>;
}

/** Starts an empty PostgreSQL that trusts everybody, with TLS by the certificate for who asks for it. */
export async function startPostgres(
  { folder, user }: PostgresPrograms,
  address: string,
  tls: CertificatePair,
): Promise<Postgres> {
  requireLocalAddress(address);
  const cleanup = new Cleanup();
  try {
    // Not below the folder of the tests, which only root may enter.
    const root = mkdtempSync('/tmp/fairlead-postgres-');
    cleanup.add(() => rmSync(root, { recursive: true, force: true }));
    for (const [name, text] of [
      ['server.crt', tls.cert],
      ['server.key', tls.key],
    ] as const) {
      writeFileSync(join(root, name), text);
      chmodSync(join(root, name), 0o600);
      if (user !== undefined) chownSync(join(root, name), user.uid, user.gid);
    }
    if (user !== undefined) chownSync(root, user.uid, user.gid);
    const data = join(root, 'data');
    const made = spawnSync(
      join(folder, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C'],
      { ...user, cwd: root, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb ended with ${made.status}: ${made.stderr}`);
    writeFileSync(join(data, 'pg_hba.conf'), 'host all all 0.0.0.0/0 trust\n');
    const settings = {
      listen_addresses: address,
      unix_socket_directories: root,
      ssl: 'on',
      ssl_cert_file: join(root, 'server.crt'),
      ssl_key_file: join(root, 'server.key'),
      fsync: 'off',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = cleanup.keep(
      await startChild(join(folder, 'postgres'), ['-D', data, ...args], { cwd: root, ...user }),
    );
    await eventually('PostgreSQL did not start', 30_000, () => answers(folder, address), server.ended).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${server.logs()}`, { cause: error });
      },
    );
    return { stop: () => cleanup.run(), [Symbol.asyncDispose]: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

function answers(folder: string, address: string): boolean {
  return spawnSync(join(folder, 'pg_isready'), ['-h', address, '-t', '1']).status === 0;
}

/** What psql prints for a query, or the last line of what it says is wrong. `conninfo` is the connection beside user and database. */
export function query(conninfo: string, sql: string): { readonly ok: boolean; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(
    'psql',
    ['-X', '-A', '-t', '-c', sql, `user=postgres dbname=postgres connect_timeout=10 ${conninfo}`],
    { encoding: 'utf8', timeout: 30_000 },
  );
  return status === 0
    ? { ok: true, text: stdout.trim() }
    : { ok: false, text: stderr.trim().split('\n').at(-1) ?? '' };
}
