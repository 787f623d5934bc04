import * as z from 'zod';
import { askApi, askJson, describeApiError, type ApiTarget } from '../../traefik-api/ask-api.ts';
import { toTargetName } from '../../traefik-api/find-targets.ts';
import { readTraefik } from '../../traefik-api/read-traefik.ts';
import type { TraefikFacts } from '../facts.ts';
import { readStaticText, type StaticFacts } from './read-static.ts';
import { untarFile } from './untar-file.ts';

const overview = z.looseObject({ providers: z.array(z.string()).nullish() });
/** It holds all routers and services as well. */
const mostDump = 64 * 1024 ** 2;

type Read = Omit<TraefikFacts, 'bank' | 'fleet' | 'isFile' | 'name'>;

const nothing: Read = {
  error: null,
  version: null,
  revision: null,
  clockAheadMs: null,
  entryPoints: null,
  provider: null,
  throttleMs: null,
  readinessPath: null,
  faults: [],
};

/** What one Traefik says of itself, its static configuration included as far as its version shows it. Never rejects. */
export async function readTraefikFacts(target: ApiTarget): Promise<Read & { readonly name: string }> {
  const name = toTargetName(target);
  try {
    const seen = await readTraefik(target, null);
    const { date } = await askApi(target, '/api/version');
    const { providers } = overview.parse(await askJson(target, '/api/overview'));
    const config = await readDump(target);
    const { revision, version, entryPoints, faults } = seen;
    return {
      ...nothing,
      name,
      version,
      revision,
      entryPoints,
      faults,
      clockAheadMs: date === undefined ? null : date - Date.now(),
      provider: (providers ?? []).includes('HTTP') ? (config?.provider ?? null) : 'absent',
      throttleMs: config?.throttleMs ?? null,
    };
  } catch (error) {
    return { ...nothing, name, error: describeApiError(error, target.timeoutMs) };
  }
}

/** From 3.3 on its API gives an archive for support, with the static configuration in it. Addresses are hidden there. */
async function readDump(target: ApiTarget): Promise<StaticFacts | undefined> {
  try {
    const { status, body } = await askApi(target, '/api/support-dump', mostDump);
    const text = status === 200 ? untarFile(body, 'static-config.json')?.toString() : undefined;
    const facts = text === undefined ? undefined : readStaticText(text);
    return typeof facts === 'string' ? undefined : facts;
  } catch {
    return undefined;
  }
}

/** What stands in a file. */
export function toFileFacts(name: string, text: string): Read & { readonly name: string } {
  const facts = readStaticText(text);
  return typeof facts === 'string' ? { ...nothing, name, error: facts } : { ...nothing, name, ...facts };
}
