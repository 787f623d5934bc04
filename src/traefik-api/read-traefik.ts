import * as z from 'zod';
import type { RouterFault, SeenEntryPoint, TraefikSeen } from '../model/traefik-state.ts';
import { readRevision, revisionMark } from '../traefik/revision-mark.ts';
import { askApi, askJson, toJson, UnusableAnswer, type ApiTarget } from './ask-api.ts';

/** So many routers that are not served as asked are read of each protocol and status. */
const mostFaults = 200;
const perPage = { faults: 100, entryPoints: 1_000 };
/** More than 65,535 ports on both protocols. */
const mostPages = 140;

const version = z.looseObject({ Version: z.string().max(100), startDate: z.string().max(100).default('') });
const entryPoints = z.array(
  z.looseObject({ name: z.string(), address: z.string(), asDefault: z.boolean().default(false) }),
);
const routerCounts = z.looseObject({
  routers: z.looseObject({ warnings: z.number(), errors: z.number() }),
});
const overview = z.looseObject({ http: routerCounts, tcp: routerCounts, udp: routerCounts });
const routers = z.array(
  z.looseObject({
    name: z.string(),
    provider: z.string(),
    entryPoints: z.array(z.string()).nullish(),
    error: z.array(z.string()).nullish(),
  }),
);

/**
 * What a Traefik says of itself: four small questions; its entryPoints only after it was started again, and routers only where it says that
 * some are not well.
 * @param known What it said before.
 * @throws UnusableAnswer, and the errors of the connection.
 */
export async function readTraefik(target: ApiTarget, known: TraefikSeen | null): Promise<TraefikSeen> {
  const { Version, startDate } = parse(version, await askJson(target, '/api/version'));
  const isSame = startDate !== '' && known?.startedAt === startDate;
  return {
    version: Version,
    startedAt: startDate,
    revision: await readAppliedRevision(target),
    entryPoints: isSame ? known.entryPoints : await readEntryPoints(target),
    faults: await readFaults(target),
  };
}

/** The revision of the answer that it has applied last, as in `TraefikSeen`: one small question. @throws as `readTraefik`. */
export async function readAppliedRevision(target: ApiTarget): Promise<string | null> {
  const mark = await askJson(target, `/api/http/middlewares/${revisionMark}@http`);
  return readRevision(mark) ?? null;
}

/** All of them, in the order of their names. @throws as `readTraefik`. */
export async function readEntryPoints(target: ApiTarget): Promise<readonly SeenEntryPoint[]> {
  const found = await readPages(target, '/api/entrypoints?', entryPoints, perPage.entryPoints, Infinity);
  return found.map(({ name, address, asDefault }) => ({ name, address, asDefault }));
}

async function readFaults(target: ApiTarget): Promise<readonly RouterFault[]> {
  const counts = parse(overview, await askJson(target, '/api/overview'));
  const faults: RouterFault[] = [];
  for (const protocol of ['http', 'tcp', 'udp'] as const) {
    const { errors, warnings } = counts[protocol].routers;
    if (errors > 0) faults.push(...(await readFaultsOf(target, protocol, 'disabled')));
    if (warnings > 0) faults.push(...(await readFaultsOf(target, protocol, 'warning')));
  }
  return faults;
}

async function readFaultsOf(
  target: ApiTarget,
  protocol: RouterFault['protocol'],
  status: RouterFault['status'],
): Promise<readonly RouterFault[]> {
  const path = `/api/${protocol}/routers?status=${status}&search=%40http&`;
  const found = await readPages(target, path, routers, perPage.faults, mostFaults);
  return found
    .filter(({ provider }) => provider === 'http')
    .map(({ name, entryPoints: names, error }) => ({
      protocol,
      router: name.replace(/@http$/, ''),
      status,
      entryPoints: names ?? [],
      errors: (error ?? []).slice(0, 3).map(toLine),
    }));
}

/** Traefik quotes what a tenant wrote. */
function toLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 300);
}

async function readPages<T>(
  target: ApiTarget,
  path: string,
  schema: z.ZodType<readonly T[]>,
  size: number,
  most: number,
): Promise<readonly T[]> {
  const found: T[] = [];
  let page: number | undefined = 1;
  while (page !== undefined && page <= mostPages && found.length < most) {
    const answer = await askApi(target, `${path}per_page=${size}&page=${page}`);
    found.push(...parse(schema, toJson(answer)));
    page = answer.nextPage;
  }
  return found.slice(0, most);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UnusableAnswer('its answer is not that of a Traefik');
  return parsed.data;
}
