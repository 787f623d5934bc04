import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBytesProvider, type BytesProvider } from '../golden/support/bytes-provider.ts';
import { toDocument } from '../golden/support/document.ts';
import { readCases } from '../golden/support/golden-case.ts';
import { mark } from '../golden/support/marker.ts';
import { replay, toSets } from '../golden/support/replay.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { requirePrivateNetwork } from './support/local-address.ts';
import { toPartErrors, toRouterErrors } from './support/raw-data.ts';
import { startTraefik, type Traefik } from './support/traefik.ts';

/** One document of one case, as the golden test holds it to `expected.json`, with a router by which it is known. */
const documents = readCases().flatMap(({ name, settings, objects, ledger, disabled }, index) => {
  const { pipeline } = replay(settings, [toSets(objects)], ledger);
  return settings.fleets.map(({ name: fleet }) => {
    const marker = mark(pipeline, fleet, `${index}-${fleet}`);
    return { name: `${name} (${fleet})`, body: pipeline.toBody(fleet), marker, disabled };
  });
});

/** What stands behind the names `…@file` in the documents: anything will do, since no request is sent. */
function toFileProvider(): object {
  return {
    http: {
      middlewares: toEntries('middlewares', { compress: {} }),
      serversTransports: toEntries('serversTransport', { insecureSkipVerify: true }),
    },
    tls: { options: toEntries('options', { minVersion: 'VersionTLS12' }) },
  };
}

/** The same value under each name that a field has of it, by itself or in a list. */
function toEntries(field: string, value: object): object {
  const fields = new RegExp(`"${field}":(?:\\[[^\\]]*\\]|"[^"]*")`, 'g');
  const texts = documents.flatMap(({ body }) => [...body.toString().matchAll(fields)]).map(([text]) => text);
  const names = texts.flatMap((text) => [...text.matchAll(/"([^"@]+)@file"/g)]).map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** Every entryPoint that a document names. Nothing connects to them, so any port will do. */
function toEntryPoints(): Readonly<Record<string, object>> {
  const names = documents.flatMap(({ body }) => {
    const { http, tcp, udp } = toDocument(body.toString());
    return [
      ...Object.values(http.routers),
      ...Object.values(tcp.routers),
      ...Object.values(udp.routers),
    ].flatMap(({ entryPoints }) => (Array.isArray(entryPoints) ? entryPoints.map(String) : []));
  });
  return Object.fromEntries(
    [...new Set(names)].map((name, index) => [name, { address: toAddress(name, index) }]),
  );
}

function toAddress(name: string, index: number): string {
  return `127.0.0.1:${10_000 + index}${/^(imported-)?udp/.test(name) ? '/udp' : ''}`;
}

const cleanup = new Cleanup();
let provider: BytesProvider;
let traefik: Traefik;

beforeAll(async () => {
  requirePrivateNetwork();
  provider = cleanup.keep(await startBytesProvider());
  const folder = makeTempFolder();
  cleanup.add(() => folder.remove());
  const filename = join(folder.path, 'file.yml');
  writeFileSync(filename, JSON.stringify(toFileProvider()));
  const acme = { email: 'a@example.com', storage: 'acme.json', tlsChallenge: {} };
  const staticConfig = JSON.stringify({
    providers: { ...provider.providers, file: { filename } },
    entryPoints: toEntryPoints(),
    certificatesResolvers: { letsencrypt: { acme } },
  });
  traefik = cleanup.keep(await startTraefik({ staticConfig }));
});
afterAll(() => cleanup.run());

describe('a real Traefik', () => {
  it.each(documents)('takes $name, and enables every router of it', async ({ body, marker, disabled }) => {
    provider.serve(body);
    const data = await traefik.waitFor(({ routers }) => marker in routers);
    const broken = [...toRouterErrors(data), ...toPartErrors(data)];
    const names = disabled.map((key) => `${key}@http`);
    expect(broken.filter(({ name }) => !names.includes(name))).toEqual([]);
    expect(names.filter((each) => !broken.some(({ name }) => name === each))).toEqual([]);

    const { http, tcp, udp } = toDocument(body.toString());
    const sent = [http.routers, tcp.routers, udp.routers].flatMap((map) => Object.keys(map));
    const there = [data.routers, data.tcpRouters, data.udpRouters].flatMap((map) => Object.keys(map));
    expect(there.filter((name) => name.endsWith('@http')).sort()).toEqual(
      sent.map((key) => `${key}@http`).sort(),
    );
  });
});
