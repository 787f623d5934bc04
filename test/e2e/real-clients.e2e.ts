import { execFile, execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findPort } from './support/admin-data.ts';
import { certificates } from './support/certificates.ts';
import { startChild } from './support/child.ts';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { toManifests, type ServiceManifest, type ServicePort } from './support/manifests.ts';
import { findPrograms, findUser, makeFolderFor, type User } from './support/programs.ts';
import { startWorld, type World } from './support/world.ts';

// Each server runs as a user of its own, on an address of the private network; its real client comes through a pool port of a real
// Traefik.

const mariadb = findPrograms('MariaDB behind a pool port', ['mariadbd', 'mariadb-install-db', 'mariadb']);
const postgres = findPrograms('PostgreSQL behind a pool port', ['initdb', 'postgres', 'psql']);
const redis = findPrograms('Redis behind a pool port', ['redis-server', 'redis-cli']);
const dns = findPrograms('a DNS server behind a pool port', ['dnsmasq', 'dig']);

const cleanup = new Cleanup();
let world: World;

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      config: {
        fleets: [
          { name: 'default', ports: { tcp: { range: '20000-20019' }, udp: { range: '20000-20019' } } },
        ],
      },
      texts: {
        'servers.yaml': toManifests(
          toExposed('mariadb', '10.244.1.1', { name: 'mysql', port: 3306 }),
          toExposed('postgres', '10.244.1.2', { name: 'postgres', port: 5432 }),
          toExposed('redis', '10.244.1.3', { name: 'redis', port: 6379 }),
          toExposed(
            'dns',
            '10.244.1.4',
            { name: 'dns', port: 5353, protocol: 'UDP' },
            { name: 'dns-tcp', port: 5353 },
          ),
        ),
      },
    }),
  );
  await world.waitFor(({ tcpRouters }) => 'real_redis_6379@http' in tcpRouters);
});
afterAll(() => cleanup.run());

function toExposed(name: string, address: string, ...ports: readonly ServicePort[]): ServiceManifest {
  const annotations = { 'fairlead.dev/expose': 'true' };
  return { namespace: 'real', name, annotations, ports, addresses: [address] };
}

/** What a client prints, once it gets an answer: its server may still be starting. */
async function run(program: string, ...args: readonly string[]): Promise<string> {
  return eventually(`${program} gets an answer`, 20_000, async () => {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 5_000 });
    return stdout.trim() === '' ? undefined : stdout.trim();
  });
}

/** Starts a server in a folder of its own. */
async function serve(
  user: User,
  program: string,
  toArgs: (folder: string) => readonly string[],
): Promise<void> {
  const folder = cleanup.keep(makeFolderFor(user));
  const args = toArgs(folder.path);
  cleanup.keep(await startChild(program, args, { cwd: folder.path, ...user, env: { TMPDIR: folder.path } }));
}

describe.skipIf(mariadb === undefined)('MariaDB, which speaks first', () => {
  it('answers its client', async () => {
    const programs = mariadb ?? expect.fail();
    const user = findUser('mysql');
    await serve(user, programs.mariadbd, (folder) => {
      const data = `--datadir=${folder}/data`;
      const install = ['--no-defaults', data, '--skip-test-db', '--auth-root-authentication-method=normal'];
      const env = { ...process.env, TMPDIR: folder };
      execFileSync(programs['mariadb-install-db'], install, { cwd: folder, env, ...user, stdio: 'pipe' });
      return [
        '--no-defaults',
        data,
        '--bind-address=10.244.1.1',
        '--port=3306',
        `--socket=${folder}/socket`,
        `--pid-file=${folder}/pid`,
        '--skip-grant-tables',
        '--skip-name-resolve',
        '--innodb-buffer-pool-size=16M',
      ];
    });
    const port = await findPort(world, 'Service/real/mariadb', 3306);
    const args = ['--no-defaults', '--protocol=tcp', '--host=127.0.0.1', `--port=${port}`, '--user=root'];
    expect(await run(programs.mariadb, ...args, '-BNe', 'select 40 + 2')).toBe('42');
  });
});

describe.skipIf(postgres === undefined)('PostgreSQL, which asks for TLS in its own protocol', () => {
  it('answers its client in the clear and over TLS', async () => {
    const programs = postgres ?? expect.fail();
    const user = findUser('postgres');
    await serve(user, programs.postgres, (folder) => {
      const data = join(folder, 'data');
      execFileSync(programs.initdb, ['-D', data, '-A', 'trust', '-U', 'postgres', '-N'], {
        cwd: folder,
        ...user,
        stdio: 'ignore',
      });
      const { cert, key } = certificates.wildcardTestCom;
      for (const [name, text] of [
        ['server.crt', cert],
        ['server.key', key],
        ['pg_hba.conf', 'host all all all trust\n'],
      ] as const) {
        const path = join(data, name);
        writeFileSync(path, text, { mode: 0o600 });
        chownSync(path, user.uid, user.gid);
      }
      const settings = [
        'listen_addresses=10.244.1.2',
        'port=5432',
        'ssl=on',
        `unix_socket_directories=${folder}`,
      ];
      return ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
    });
    const port = await findPort(world, 'Service/real/postgres', 5432);
    const ask = (sslmode: string): Promise<string> =>
      run(
        programs.psql,
        `host=127.0.0.1 port=${port} user=postgres sslmode=${sslmode} connect_timeout=4`,
        '-Atc',
        'select 40 + 2, ssl from pg_stat_ssl where pid = pg_backend_pid()',
      );
    expect(await ask('disable')).toBe('42|f');
    expect(await ask('require')).toBe('42|t');
  });
});

describe.skipIf(redis === undefined)('Redis', () => {
  it('answers its client', async () => {
    const programs = redis ?? expect.fail();
    await serve(findUser('redis'), programs['redis-server'], (folder) => [
      '--bind',
      '10.244.1.3',
      '--port',
      '6379',
      '--protected-mode',
      'no',
      '--save',
      '',
      '--dir',
      folder,
    ]);
    const port = await findPort(world, 'Service/real/redis', 6379);
    const args = ['-h', '127.0.0.1', '-p', String(port)];
    expect(await run(programs['redis-cli'], ...args, 'SET', 'answer', '42')).toBe('OK');
    expect(await run(programs['redis-cli'], ...args, 'GET', 'answer')).toBe('42');
  });
});

describe.skipIf(dns === undefined)('a DNS server on one number', () => {
  it('answers its client over UDP and over TCP', async () => {
    const programs = dns ?? expect.fail();
    await serve(findUser('nobody'), programs.dnsmasq, (folder) => [
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--no-resolv',
      '--no-hosts',
      '--bind-interfaces',
      '--listen-address=10.244.1.4',
      '--port=5353',
      '--address=/orders.test/192.0.2.10',
      `--pid-file=${folder}/pid`,
    ]);
    const port = await findPort(world, 'Service/real/dns', 5353);
    const args = ['@127.0.0.1', '-p', String(port), 'orders.test', '+short', '+tries=1', '+time=2'];
    expect(await run(programs.dig, ...args)).toBe('192.0.2.10');
    expect(await run(programs.dig, ...args, '+tcp')).toBe('192.0.2.10');
  });
});
