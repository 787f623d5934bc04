import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Migration } from '../../../src/model/migration.ts';
import { slowness } from '../../support/slowness.ts';
import { runHere, runWithInput, type Outcome } from './run-here.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairlead-migrate-'));
  mkdirSync(join(folder, 'm'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ingressClass?: string;
  readonly path?: string;
  readonly tls?: boolean;
}

function ingress(given: Given = {}): object {
  const { name = 'web', namespace = 'shop', annotations = {}, ingressClass = 'nginx', path = '/foo' } = given;
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const host = `${name}.example.com`;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations },
    spec: {
      ingressClassName: ingressClass,
      ...(given.tls === true && { tls: [{ hosts: [host], secretName: 'none' }] }),
      rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } }],
    },
  };
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { ports: [{ port: 80 }] },
};

function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
}

function write(...objects: readonly object[]): void {
  writeFileSync(join(folder, 'm/all.yaml'), objects.map((object) => stringify(object)).join('---\n'));
}

function migrate(...args: readonly string[]): Promise<Outcome> {
  return runHere(folder, 'migrate', 'm', ...args);
}

async function read(from: string): Promise<Migration> {
  const { out, err } = await migrate('--from', from, '--output', 'json');
  expect(err).toBe('');
  return JSON.parse(out) as Migration;
}

const nginx = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;

describe('what becomes of an Ingress', () => {
  test('is told for each, and summed up', async () => {
    write(
      service,
      ingress({ name: 'same' }),
      ingress({ name: 'differs', annotations: { [nginx('force-ssl-redirect')]: 'true' } }),
      ingress({ name: 'loses', annotations: { [nginx('server-snippet')]: 'return 403;' } }),
      ingress({ name: 'kong', ingressClass: 'kong' }),
    );
    const { totals, objects, annotations, others } = await read('ingress-nginx');
    expect(totals).toMatchObject({ objects: 3, same: 1, differs: 1, loses: 1, 'not-routed': 0 });
    const verdicts = objects.map(({ object, verdict }) => [object, verdict]);
    expect(verdicts).toEqual([
      ['Ingress/shop/differs', 'differs'],
      ['Ingress/shop/loses', 'loses'],
      ['Ingress/shop/same', 'same'],
    ]);
    expect(objects[0]?.differs).toEqual([
      { what: nginx('force-ssl-redirect'), says: expect.stringContaining('ingress-nginx answers 308') },
    ]);
    expect(objects[1]?.lost).toMatchObject([{ what: nginx('server-snippet'), hint: expect.any(String) }]);
    expect(annotations.map(({ key, same, differs, lost }) => [key, same, differs, lost])).toEqual([
      [nginx('server-snippet'), 0, 0, 1],
      [nginx('force-ssl-redirect'), 0, 1, 0],
    ]);
    expect(others).toEqual([{ ingressClass: 'kong', count: 1 }]);
  });

  test('a canary that is used is no loss, though it has no router of its own; one that is alone becomes nothing', async () => {
    const main = ingress({ name: 'main' });
    const canary = {
      ...main,
      metadata: {
        name: 'canary',
        namespace: 'shop',
        annotations: { [nginx('canary')]: 'true', [nginx('canary-weight')]: '20' },
      },
    };
    write(service, main, canary);
    expect((await read('ingress-nginx')).objects).toMatchObject([
      { object: 'Ingress/shop/canary', verdict: 'differs', routers: 0, lost: [] },
      { object: 'Ingress/shop/main', verdict: 'same' },
    ]);
    write(service, canary);
    expect((await read('ingress-nginx')).objects).toMatchObject([{ verdict: 'not-routed' }]);
  });

  test('who loses something is an exit code of 1, who does not of 0', async () => {
    write(service, ingress());
    expect((await migrate('--from', 'ingress-nginx')).status).toBe(0);
    write(service, ingress({ annotations: { [nginx('whitelist-source-range')]: 'nobody' } }));
    expect((await migrate('--from', 'ingress-nginx')).status).toBe(1);
  });

  test('what was broken before is no loss, and pods that are away are none of it', async () => {
    write(ingress({ annotations: { [nginx('no-such-thing')]: 'x' } }));
    const { objects } = await read('ingress-nginx');
    expect(objects).toMatchObject([{ verdict: 'same', lost: [], differs: [] }]);
    expect(objects[0]?.notes.map(({ what }) => what)).toContain(nginx('no-such-thing'));
  });

  test('a host that another Ingress has is lost', async () => {
    const [first, second] = ['a', 'b'].map((namespace, index) => {
      const object = ingress({ namespace }) as { metadata: object };
      const creationTimestamp = `202${index}-01-01T00:00:00Z`;
      return { ...object, metadata: { ...object.metadata, creationTimestamp } };
    });
    write(first ?? {}, second ?? {});
    const { objects } = await read('ingress-nginx');
    expect(objects.map(({ object, lost }) => [object, lost.length])).toEqual([
      ['Ingress/a/web', 0],
      ['Ingress/b/web', 1],
    ]);
  });
});

describe('a redirect to HTTPS', () => {
  test.each([
    [
      'asked for by an annotation',
      { [nginx('ssl-redirect')]: 'true' },
      true,
      'differs',
      nginx('ssl-redirect'),
    ],
    ['that comes with TLS by itself', {}, true, 'differs', 'by default'],
    [
      'without TLS, forced',
      { [nginx('force-ssl-redirect')]: 'true' },
      false,
      'differs',
      nginx('force-ssl-redirect'),
    ],
    ['switched off', { [nginx('ssl-redirect')]: 'false' }, true, 'same', undefined],
    ['that is not forced', { [nginx('force-ssl-redirect')]: 'false' }, false, 'same', undefined],
  ])('%s is what clients see of it', async (_, annotations, tls, verdict, what) => {
    write(service, ingress({ annotations, tls }));
    const { objects } = await read('ingress-nginx');
    expect(objects).toMatchObject([{ verdict, lost: [] }]);
    const says = expect.stringContaining('answered with 301; ingress-nginx answers 308');
    expect(objects[0]?.differs).toEqual(what === undefined ? [] : [{ what, says }]);
    // The Secret of the folder is not there.
    expect(objects[0]?.notes.filter((note) => note.what !== 'spec.tls[0].secretName')).toEqual([]);
  });
});

describe('what belongs to the controller as a whole', () => {
  test('TCP and UDP services are found by their usual names, and read as imports', async () => {
    write(
      service,
      configMap('ingress-nginx', 'tcp-services', { '9000': 'shop/web:80', '9001': 'shop/gone:80' }),
      configMap('ingress-nginx', 'ingress-nginx-udp', { '53': 'shop/web:80' }),
      configMap('shop', 'tcp-services', { '9002': 'not one' }),
    );
    const { ports, portProblems } = await read('ingress-nginx');
    expect(ports).toEqual([{ port: 9000, protocol: 'tcp', service: 'shop/web:80', source: 'm' }]);
    expect(portProblems.map(({ what }) => what)).toEqual([
      'ConfigMap/ingress-nginx/ingress-nginx-udp data[53]',
      'ConfigMap/ingress-nginx/tcp-services data[9001]',
    ]);
    expect((await read('traefik')).ports).toEqual([]);
  });

  test('its ConfigMap is read key by key, and no other', async () => {
    const data = { 'use-forwarded-headers': 'true', 'server-tokens': 'false', mine: '1', constructor: '2' };
    write(
      configMap('ingress-nginx', 'ingress-nginx-controller', data),
      configMap('shop', 'app-config', { 'use-forwarded-headers': 'true' }),
    );
    const { settings } = await read('ingress-nginx');
    expect(settings.map(({ key, fate }) => [key, fate])).toEqual([
      ['constructor', 'unknown'],
      ['mine', 'unknown'],
      ['server-tokens', 'same'],
      ['use-forwarded-headers', 'set'],
    ]);
  });

  test('annotations of others are counted by their prefix, with whose they are', async () => {
    const annotations = { 'haproxy.org/timeout': '3', 'cert-manager.io/issuer': 'x', 'constructor/x': 'y' };
    write(service, ingress({ annotations }));
    const { foreign } = await read('ingress-nginx');
    expect(foreign.map(({ prefix, objects }) => [prefix, objects])).toEqual([
      ['cert-manager.io', 1],
      ['haproxy.org', 1],
      ['constructor', 1],
    ]);
    expect(foreign[0]?.says).toContain('goes on');
  });
});

describe('a cluster of Traefik', () => {
  test('Services with its annotations are told as well', async () => {
    const annotations = { 'traefik.ingress.kubernetes.io/service.passhostheader': 'false' };
    const own = { ...service, metadata: { ...service.metadata, annotations } };
    write(own, ingress({ ingressClass: 'traefik' }), ingress({ name: 'x', ingressClass: 'nginx' }));
    const { objects, others, unseen } = await read('traefik');
    expect(objects.map(({ object }) => object)).toEqual(['Ingress/shop/web', 'Service/shop/web']);
    expect(others).toEqual([{ ingressClass: 'nginx', count: 1 }]);
    expect(unseen.join()).toContain('providers.kubernetesIngress');
  });
});

function leadingTo(name: string, object: object): object {
  return JSON.parse(
    JSON.stringify(object).replace('"service":{"name":"web"', `"service":{"name":"${name}"`),
  ) as object;
}

/** What it would do, in a word, for how many, and for instance. */
function toRows({ improvements }: Migration): readonly unknown[] {
  return improvements.map(({ says, objects, example: { object, now, otherwise } }) => [
    says.split(/[ ,:]/).slice(1, 5).join(' '),
    objects,
    object,
    now,
    otherwise,
  ]);
}

describe('what the class fairlead would do otherwise', () => {
  const secured = {
    ...service,
    metadata: { name: 'secured', namespace: 'shop' },
    spec: { ports: [{ port: 80, appProtocol: 'https' }] },
  };

  test('is told of the Ingresses of ingress-nginx', async () => {
    write(
      service,
      secured,
      ingress({ name: 'plain' }),
      ingress({ name: 'tls', tls: true }),
      leadingTo('secured', ingress({ name: 'secured', tls: true })),
    );
    expect(toRows(await read('ingress-nginx'))).toEqual([
      [
        'do nothing without being',
        3,
        'Ingress/shop/plain',
        expect.stringMatching(/^default-retries of Host/),
        'nothing',
      ],
      [
        'reach servers as their',
        3,
        'Ingress/shop/plain',
        expect.stringMatching(/^http:\/\/192\.0\.2\.1:80 with .*"readTimeout":"60s"/),
        'http://192.0.2.1:80',
      ],
      ['be served over HTTPS', 1, 'Ingress/shop/plain', '1 router', 'not at all'],
    ]);
  });

  test('is told of those of Traefik', async () => {
    const entryPoints = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' };
    write(
      service,
      ingress({ name: 'a', ingressClass: 'traefik' }),
      ingress({ name: 'b', ingressClass: 'traefik', path: '/', tls: true }),
      ingress({ name: 'c', ingressClass: 'traefik', annotations: entryPoints, path: '/' }),
    );
    expect(toRows(await read('traefik'))).toEqual([
      [
        'match other requests ',
        1,
        'Ingress/shop/a',
        'Host("a.example.com") && PathPrefix("/foo")',
        'Host("a.example.com") && (Path("/foo") || PathPrefix("/foo/"))',
      ],
      ['be tried in the', 3, 'Ingress/shop/a', expect.any(String), expect.any(String)],
      ['be served over HTTPS', 1, 'Ingress/shop/a', '1 router', 'not at all'],
    ]);
  });

  test.each(['ingress-nginx', 'traefik'])('is in all forms of the report of %s', async (from) => {
    write(service, ingress({ ingressClass: from === 'traefik' ? 'traefik' : 'nginx' }));
    const [first] = (await read(from)).improvements;
    const text = (await migrate('--from', from)).out;
    const markdown = (await migrate('--from', from, '--output', 'markdown')).out;
    expect(text).toContain('What the class fairlead would do otherwise\n');
    expect(markdown).toContain('## What the class fairlead would do otherwise\n\n| what |');
    for (const out of [text, markdown.replaceAll('\\', '')]) {
      expect(out).toContain(first?.says);
      expect(out).toContain(first?.example.now);
    }
  });

  test('is nothing where both would do the same', async () => {
    const annotations = { [nginx('ssl-redirect')]: 'false' };
    write(service, ingress({ ingressClass: 'fairlead', annotations }));
    expect((await read('ingress-nginx')).improvements).toEqual([]);
    expect((await migrate('--from', 'ingress-nginx')).out).not.toContain('would do otherwise');
  });
});

describe('the report', () => {
  const hostile = 'a\u001B[31m|<img src=x onerror=alert(1)>[x](http://evil.example) `code`';

  test('holds no markup and no control characters of tenants', async () => {
    write(service, ingress({ annotations: { [nginx('whitelist-source-range')]: hostile } }));
    const text = (await migrate('--from', 'ingress-nginx')).out;
    expect(text).not.toContain('\u001B');
    const markdown = (await migrate('--from', 'ingress-nginx', '--output', 'markdown')).out;
    expect(markdown).toContain('\\<img');
    expect(markdown).not.toMatch(/[^\\]<img|[^\\]\[x\]|\u001B/);
    for (const line of markdown.split('\n').filter((each) => each.startsWith('| ')))
      expect(line.replaceAll('\\|', '').split('|').length).toBeLessThanOrEqual(7);
  });

  test('comes from standard input, and needs to know where from', async () => {
    const input = stringify(ingress());
    const { out, status } = await runWithInput(input, folder, 'migrate', '-', '--from', 'ingress-nginx');
    expect([status, out.split('\n')[0]]).toEqual([
      0,
      'Of 1 objects of ingress-nginx 1 carry over as they are, 0 differ, 0 lose something, and 0 become nothing.',
    ]);
    const { err } = await migrate();
    expect(err).toContain('--from ingress-nginx or --from traefik');
  });

  test('changes nothing', async () => {
    write(service, ingress());
    const before = readFileSync(join(folder, 'm/all.yaml'), 'utf8');
    await migrate('--from', 'ingress-nginx');
    expect(readdirSync(folder)).toEqual(['m']);
    expect(readFileSync(join(folder, 'm/all.yaml'), 'utf8')).toBe(before);
  });

  test(
    'of 10,000 Ingresses takes seconds, and is no longer than a person can read',
    { timeout: 300_000 },
    async () => {
      const annotations = { [nginx('server-snippet')]: 'return 403;', [nginx('force-ssl-redirect')]: 'true' };
      const many = Array.from({ length: 10_000 }, (_, index) =>
        JSON.stringify(ingress({ name: `web-${index}`, namespace: `team-${index % 100}`, annotations })),
      );
      for (let part = 0; part < 10; part++)
        writeFileSync(
          join(folder, `m/${part}.yaml`),
          many.slice(part * 1_000, (part + 1) * 1_000).join('\n---\n'),
        );
      const started = performance.now();
      const { out } = await migrate('--from', 'ingress-nginx');
      expect(performance.now() - started).toBeLessThan(30_000 * slowness());
      expect(out).toContain('Of 10,000 objects');
      expect(out).toContain('all of them: --output json');
      expect(out.length).toBeLessThan(200_000);
    },
  );
});
