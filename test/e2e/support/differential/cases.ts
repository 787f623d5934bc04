import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../../../support/api-server.ts';
import { makeCertificate } from '../../../support/certificates/make-certificate.ts';
import type { Dialect } from './arms.ts';
import { toBackend, toDocuments, toObjects } from './objects.ts';
import type { Probe } from './probe.ts';
import { listHosts, listPlaces } from './standard-probes.ts';

const echo = z.strictObject({
  path: z.string().optional(),
  first: z.number().optional(),
  status: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  delayMs: z.number().optional(),
});
const probeSchema = z.strictObject({
  host: z.string().optional(),
  path: z.string().optional(),
  entrance: z.enum(['web', 'websecure', 'ep1', 'ep2']).optional(),
  tls: z.boolean().optional(),
  sni: z.string().optional(),
  method: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  bodyBytes: z.number().optional(),
  from: z.string().optional(),
  echo: z.array(echo).optional(),
  times: z.number().optional(),
  together: z.boolean().optional(),
  keepCookies: z.boolean().optional(),
  certificate: z.enum(['edge-client', 'unrelated']).optional(),
  /** What has to come back through Fairlead, by aspect; each a regular expression for the whole of it. */
  fairlead: z.record(z.string(), z.string()).optional(),
});
const headSchema = z.strictObject({
  title: z.string(),
  /** Services with one port, 80, and the addresses of their endpoints, where port 8080 answers. */
  backends: z.record(z.string(), z.array(z.string())).default({}),
  /** TLS Secrets with certificates of their own: for which names, in which namespace, and under which number, in hexadecimal. */
  certificates: z
    .record(
      z.string(),
      z.strictObject({
        names: z.array(z.string()),
        namespace: z.string().optional(),
        serial: z.string().regex(/^[0-7][0-9a-f]([0-9a-f]{2})*$/),
      }),
    )
    .default({}),
  /** Asked beside each host with each path of the Ingresses, at both entryPoints. */
  probes: z.array(probeSchema).default([]),
  /** Texts that `explain` of an object has to say. */
  explain: z.record(z.string().regex(/^[a-z]+\/[^/]+\/[^/]+$/), z.array(z.string())).default({}),
  /** After all others, without them: for what has no host, or is there once in a cluster. */
  alone: z.boolean().default(false),
  /** It is known to fail. Once it does not, this line has to go. */
  pending: z.boolean().default(false),
});

/** A probe, and what is to come back through Fairlead beside that both are to be the same. */
export interface CaseProbe {
  readonly probe: Probe;
  readonly fairlead: Readonly<Record<string, string>>;
}

/** One file of `test/e2e/differential/cases`. */
export interface Case extends Pick<z.output<typeof headSchema>, 'alone' | 'explain' | 'pending' | 'title'> {
  /** The name of the file, without ending; also its namespace, and its host with `.test`. */
  readonly name: string;
  readonly objects: readonly Manifest[];
  readonly probes: readonly CaseProbe[];
}

const folder = new URL('../../differential/cases/', import.meta.url);

/** All of a dialect, by name. @throws Error for what could get in the way of other cases. */
export function readCases(dialect: Dialect): readonly Case[] {
  const here = new URL(`${dialect}/`, folder);
  const files = readdirSync(here).filter((file) => file.endsWith('.yaml'));
  return files
    .toSorted()
    .map((file) => toCase(basename(file, '.yaml'), readFileSync(new URL(file, here), 'utf8')));
}

function toCase(name: string, text: string): Case {
  const [first, ...documents] = toDocuments(text);
  const { backends, certificates, probes, ...head } = headSchema.parse(first, { reportInput: true });
  const own = toObjects(documents, name);
  const objects = [
    ...Object.entries(backends).flatMap(([key, list]) => toBackend(name, key, list)),
    ...Object.entries(certificates).map(([key, one]) =>
      toTlsSecret({ name: key, namespace: one.namespace ?? name }, one),
    ),
    ...own,
  ];
  const host = `${name}.test`;
  if (!head.alone) requireOwnPlaces(host, own);
  const asked = probes.map(({ fairlead = {}, ...probe }) => ({
    probe: { host, ...(withoutUndefined(probe) as Omit<Probe, 'host'>) },
    fairlead,
  }));
  const plain = own
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap((ingress) => listPlaces(ingress))
    .map((probe) => ({ probe, fairlead: {} }));
  return { ...head, name, objects, probes: [...plain, ...asked] };
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

function requireOwnPlaces(host: string, objects: readonly Manifest[]): void {
  for (const ingress of objects.filter(({ kind }) => kind === 'Ingress')) {
    const hosts = listHosts(ingress);
    const foreign = hosts.find((each) => each !== host && !each.endsWith(`.${host}`));
    if (hosts.length === 0 || foreign !== undefined)
      throw new Error(
        `${host}: give its hosts names that end in it, or let it run alone (${foreign ?? 'no host'})`,
      );
  }
}

function toTlsSecret(
  metadata: Manifest['metadata'],
  { names, serial }: { readonly names: readonly string[]; readonly serial: string },
): Manifest {
  const { cert, key } = makeCertificate({ dns: names, serial });
  const stringData = { 'tls.crt': cert, 'tls.key': key };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', stringData };
}
