import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { httpEcho, tcpGreeter } from './support/backends.ts';
import { certificates, type CertificatePair } from './support/certificates.ts';
import { Cleanup } from './support/cleanup.ts';
import { tcpConnect, type TcpOptions } from './support/client.ts';
import { ask } from './support/edge-client.ts';
import { toCertificateSecret, toManifests } from './support/manifests.ts';
import { findPostgres, query, startPostgres } from './support/postgres.ts';
import { startWorld, type World } from './support/world.ts';

// Real TLS clients through a real Traefik: whose certificate they see, and which backend answers.

const cleanup = new Cleanup();
let world: World;

interface Database {
  readonly namespace: string;
  readonly name: string;
  readonly sni: string;
  readonly address: string;
  readonly more?: Readonly<Record<string, string>>;
}

const toDatabase = ({ namespace, name, sni, address, more = {} }: Database): string =>
  toManifests({
    namespace,
    name,
    annotations: { 'fairlead.dev/sni': sni, ...more },
    ports: [{ name: 'db', port: 5432 }],
    addresses: [address],
  });

function toIngress(namespace: string, name: string, host: string, hasTls: boolean): string {
  const backend = { service: { name: 'web', port: { number: 8080 } } };
  return stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { namespace, name },
    spec: {
      ingressClassName: 'fairlead',
      ...(hasTls && { tls: [{ hosts: [host] }] }),
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  });
}

/** Speaks TLS itself. */
const [secureAddress, plainAddress, postgresAddress] = ['10.244.2.1', '10.244.2.2', '10.244.2.3'];
const web = { name: 'web', ports: [{ name: 'http', port: 8080 }], addresses: ['10.244.1.1'] };

beforeAll(async () => {
  world = cleanup.keep(
    await startWorld({
      backends: [
        () => httpEcho('10.244.1.1', 8080),
        () => tcpGreeter(secureAddress, 5432, { tls: certificates.unrelated, greeting: 'secure\n' }),
        () => tcpGreeter(plainAddress, 5432, { greeting: 'plain\n' }),
      ],
    }),
  );
  world.write('tls.yaml', toCertificateSecret('shop', 'own-tls', certificates.wildcardTestCom));
  world.write('web.yaml', toManifests({ namespace: 'shop', ...web }, { namespace: 'apps', ...web }));
  world.write(
    'ingresses.yaml',
    [
      toIngress('shop', 'web', 'web.test.com', true),
      toIngress('shop', 'younger', 'sql.test.com', false),
      toIngress('apps', 'wildcard', '*.apps.example.com', true),
      toIngress('apps', 'secured', 'web.dbs.example.com', true),
      toIngress('apps', 'plain', 'plain.dbs.example.com', false),
    ].join('---\n'),
  );
  world.write(
    'databases.yaml',
    [
      toDatabase({ namespace: 'shop', name: 'passed', sni: 'db.test.com', address: secureAddress }),
      toDatabase({
        namespace: 'shop',
        name: 'ended',
        sni: 'sql.test.com',
        address: plainAddress,
        more: { 'fairlead.dev/tls': 'own-tls' },
      }),
      toDatabase({
        namespace: 'shop',
        name: 'limited',
        sni: 'limited.test.com',
        address: secureAddress,
        more: { 'fairlead.dev/allow-cidrs': '10.9.9.9/32' },
      }),
      toDatabase({ namespace: 'dbs', name: 'all', sni: '*.dbs.example.com', address: secureAddress }),
    ].join('---\n'),
  );
  world.write(
    'below.yaml',
    toDatabase({ namespace: 'dbs', name: 'one', sni: 'db.apps.example.com', address: secureAddress }),
  );
  const last = 'apps_plain_ingress_plain.dbs.example.com_~guard@http';
  await world.traefik.waitFor(
    ({ tcpRouters }) => last in tcpRouters && 'dbs_one_sni_db.apps.example.com@http' in tcpRouters,
  );
});
afterAll(() => cleanup.run());

/** Whose certificate is shown to who asks for a host, and the first line of whoever answers. */
async function greet(sni: string, options: TcpOptions = {}): Promise<readonly (string | undefined)[]> {
  const connection = await tcpConnect('127.0.0.1', 443, { sni, ...options });
  try {
    return [connection.certificate?.fingerprint256, await connection.readLine()];
  } finally {
    await connection.stop();
  }
}

const fingerprint = ({ cert }: CertificatePair): string => new X509Certificate(cert).fingerprint256;
const passed = [fingerprint(certificates.unrelated), 'secure'];

it('passes connections through, so that the client sees the certificate of the backend', async () => {
  expect(await greet('db.test.com')).toEqual(passed);
  expect(await greet('DB.Test.com')).toEqual(passed);
  expect(await world.traefik.routerErrors()).toEqual([]);
});

it('ends the TLS where fairlead.dev/tls asks for it, with the certificate of the Secret', async () => {
  expect(await greet('sql.test.com')).toEqual([fingerprint(certificates.wildcardTestCom), 'plain']);
});

it('leaves plain HTTP of its namespace beside it, as the challenges of ACME need it', async () => {
  expect((await ask('sql.test.com')).status).toBe(200);
});

it('holds access limits', async () => {
  await expect(greet('limited.test.com')).rejects.toThrow();
  expect(await greet('limited.test.com', { from: '10.9.9.9' })).toEqual(passed);
});

it('leaves HTTPS of other hosts alone', async () => {
  expect((await ask('web.test.com', { tls: true })).status).toBe(200);
  expect((await ask('nobody.test.com', { tls: true })).status).toBe(404);
});

it('takes a host below an HTTPS wildcard out of it, for as long as it is there', async () => {
  expect((await ask('web.apps.example.com', { tls: true })).status).toBe(200);
  expect(await greet('db.apps.example.com')).toEqual(passed);
  const text = toDatabase({ namespace: 'dbs', name: 'one', sni: 'x.example.net', address: secureAddress });
  world.write('below.yaml', text);
  await world.traefik.waitFor(({ tcpRouters }) => 'dbs_one_sni_x.example.net@http' in tcpRouters);
  expect((await ask('db.apps.example.com', { tls: true })).status).toBe(200);
  expect((await ask('web.apps.example.com', { tls: true })).status).toBe(200);
});

it('does not give a wildcard the connections of an HTTP host below it', async () => {
  expect(await greet('any.dbs.example.com')).toEqual(passed);
  expect((await ask('web.dbs.example.com', { tls: true })).status).toBe(200);
  expect((await ask('plain.dbs.example.com')).status).toBe(200);
  await expect(greet('plain.dbs.example.com')).rejects.toThrow();
});

/** How psql connects to a host, and whose certificate it takes. */
function to(host: string, certificate: string, port = 443): string {
  const { pathname } = new URL(`fixtures/${certificate}.crt`, import.meta.url);
  return `host=${host} hostaddr=127.0.0.1 port=${port} sslmode=verify-full sslrootcert=${pathname}`;
}

const programs = findPostgres('PostgreSQL by SNI');

describe.skipIf(programs === undefined)('PostgreSQL, whose clients begin with STARTTLS', () => {
  const isSecured = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';

  beforeAll(async () => {
    if (programs === undefined) return;
    cleanup.keep(await startPostgres(programs, postgresAddress, certificates.bbsTestCom));
    const address = postgresAddress;
    world.write(
      'postgres.yaml',
      [
        toDatabase({ namespace: 'shop', name: 'pg', sni: 'bbs.test.com', address }),
        toDatabase({
          namespace: 'shop',
          name: 'pg-shared',
          sni: 'bbs.test.com',
          address,
          more: { 'fairlead.dev/sni-port': 'databases' },
        }),
        toDatabase({
          namespace: 'shop',
          name: 'pg-ended',
          sni: 'pg.test.com',
          address,
          more: { 'fairlead.dev/tls': 'own-tls' },
        }),
        toDatabase({
          namespace: 'zz',
          name: 'pg-all',
          sni: '*.test.com',
          address,
          more: { 'fairlead.dev/tls': 'true' },
        }),
      ].join('---\n'),
    );
    await world.traefik.waitFor(
      ({ tcpRouters }) => 'shop_web_ingress_web.test.com_~guard@http' in tcpRouters,
    );
  });

  it('passed through, reaches the TLS of the server', () => {
    expect(query(to('bbs.test.com', 'bbs-test-com'), isSecured)).toEqual({ ok: true, text: 't' });
  });

  it('reaches the server on a port that Services share, too', async () => {
    const name = 'shop_pg-shared_sni_bbs.test.com@http';
    const { tcpRouters } = await world.waitFor((data) => name in data.tcpRouters);
    const port = Number(tcpRouters[name]?.entryPoints?.[0]?.replace('tcp-', ''));
    expect(query(to('bbs.test.com', 'bbs-test-com', port), isSecured)).toEqual({ ok: true, text: 't' });
    expect(query(to('pg.test.com', 'bbs-test-com', port), 'select 1')).toMatchObject({ ok: false });
  });

  it('ended by Traefik, reaches the server in the clear', () => {
    expect(query(to('pg.test.com', 'wildcard-test-com'), isSecured)).toEqual({ ok: true, text: 'f' });
  });

  it('is not let to a wildcard by the name of an HTTP host', () => {
    expect(query(to('other.test.com', 'wildcard-test-com'), 'select 1')).toEqual({ ok: true, text: '1' });
    expect(query(to('web.test.com', 'wildcard-test-com'), 'select 1')).toMatchObject({ ok: false });
  });
});
