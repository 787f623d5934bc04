import * as z from 'zod';
import type { RouterFault, TraefikSeen, TraefikState } from '../model/traefik-state.ts';
import { countNames, listNames, toNameRuns } from './name-runs.ts';

/** A report is not longer, in bytes. */
export const mostReportBytes = 256 * 1024;
/** All names in one report: both protocols of all ports, and as many in faults. */
const mostNames = 280_000;

const line = z.string().regex(/^[\x20-\x7e]{0,300}$/);
const number = z.int().min(0).max(65_535);
const names = z.array(z.union([z.string().max(300), z.tuple([z.string().max(300), number, number])]));
const fault = z.object({
  protocol: z.enum(['http', 'tcp', 'udp']),
  router: z.string().max(1_100),
  status: z.enum(['disabled', 'warning']),
  entryPoints: names,
  errors: z.array(line).max(3),
});
const seen = z.object({
  version: line,
  startedAt: line,
  revision: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/)
    .nullable(),
  entryPoints: names,
  faults: z.array(fault),
});
const report = z.object({
  traefiks: z
    .array(z.object({ bank: number, seen: seen.nullable(), error: line.nullable() }))
    .max(1_000)
    .refine((rows) => new Set(rows.map(({ bank }) => bank)).size === rows.length),
});
type Report = z.infer<typeof report>;

/** What the Traefik of one bank of a host says. */
export interface EdgeTraefik extends Pick<TraefikState, 'error' | 'seen'> {
  readonly bank: number;
}

/** So many faults of each Traefik are reported; fewer where they are too long. */
const faultCounts = [200, 50, 10, 0] as const;

/** The JSON of a report of at most `mostReportBytes`. Of entryPoints it has the names alone. */
export function toEdgeReport(traefiks: readonly EdgeTraefik[]): string {
  let text = '';
  for (const most of faultCounts) {
    text = JSON.stringify({ traefiks: traefiks.map((each) => ({ ...each, seen: pack(each.seen, most) })) });
    if (Buffer.byteLength(text) <= mostReportBytes) break;
  }
  return text;
}

function pack(traefik: TraefikSeen | null, mostFaults: number) {
  if (traefik === null) return null;
  const faults = traefik.faults
    .slice(0, mostFaults)
    .map((each) => ({ ...each, entryPoints: toNameRuns(each.entryPoints) }));
  return { ...traefik, entryPoints: toNameRuns(traefik.entryPoints.map(({ name }) => name)), faults };
}

/** What a report says; undefined for anything else, and for one that stands for more names than there can be. */
export function readEdgeReport(body: unknown): readonly EdgeTraefik[] | undefined {
  const parsed = report.safeParse(body);
  if (!parsed.success || countAllNames(parsed.data) > mostNames) return undefined;
  return parsed.data.traefiks.map(({ seen: said, ...row }) => ({
    ...row,
    seen: said === null ? null : { ...said, ...unpack(said) },
  }));
}

function unpack(said: z.infer<typeof seen>): Pick<TraefikSeen, 'entryPoints' | 'faults'> {
  const entryPoints = listNames(said.entryPoints).map((name) => ({ name, address: '', asDefault: false }));
  const faults = said.faults.map((each): RouterFault => ({
    ...each,
    entryPoints: listNames(each.entryPoints),
  }));
  return { entryPoints, faults };
}

function countAllNames({ traefiks }: Report): number {
  const lists = traefiks.flatMap(({ seen: said }) =>
    said === null ? [] : [said.entryPoints, ...said.faults.map(({ entryPoints }) => entryPoints)],
  );
  return lists.reduce((sum, list) => sum + countNames(list), 0);
}
