import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { eventually } from './eventually.ts';
import type { Fairlead } from './fairlead.ts';
import { startTraefik, type Traefik } from './traefik.ts';
import { readStaticConfig } from './world.ts';

const reportSchema = z.object({
  banks: z.array(
    z.object({ bank: z.number(), state: z.enum(['open', 'wanted', 'closing', 'closed']), held: z.number() }),
  ),
  ports: z.array(z.object({ port: z.number(), state: z.string(), holder: z.string() })),
});
const problemsSchema = z.array(z.object({ code: z.string(), message: z.string() }));

export type BankState = z.infer<typeof reportSchema>['banks'][number]['state'];

/** What `/api/ports` says of banks and their ports. */
export interface BankReport {
  readonly states: readonly BankState[];
  /** The pool port of each holder, such as `Service/shop/db`. */
  readonly held: ReadonlyMap<string, number>;
}

export async function readBanks({ adminUrl }: Pick<Fairlead, 'adminUrl'>): Promise<BankReport> {
  const { banks, ports } = reportSchema.parse(await (await fetch(`${adminUrl}/api/ports`)).json());
  return {
    states: banks.map(({ state }) => state),
    held: new Map(ports.flatMap(({ state, holder, port }) => (state === 'held' ? [[holder, port]] : []))),
  };
}

/** The messages of the problems of one code. */
export async function readProblems(
  { adminUrl }: Pick<Fairlead, 'adminUrl'>,
  code: string,
): Promise<readonly string[]> {
  const problems = problemsSchema.parse(await (await fetch(`${adminUrl}/api/problems`)).json());
  return problems.flatMap((problem) => (problem.code === code ? problem.message : []));
}

/** Resolves with the milliseconds that it took until a bank had this state. */
export async function untilBank(
  fairlead: Pick<Fairlead, 'adminUrl'>,
  bank: number,
  state: BankState,
  ms = 30_000,
): Promise<number> {
  const began = performance.now();
  await eventually(
    `bank ${bank} is ${state}`,
    ms,
    async () => (await readBanks(fairlead)).states[bank] === state,
  );
  return performance.now() - began;
}

export interface BankOptions {
  readonly fairlead: Pick<Fairlead, 'configArgs' | 'listen'>;
  /** Where the configuration of Fairlead is. */
  readonly cwd: string;
  readonly bank: number;
  /** The IP address of the host; default 127.0.0.1. */
  readonly bind?: string;
  /** What the host calls itself, as `fairlead edge` does. */
  readonly host?: string;
}

const staticSchema = z.looseObject({
  providers: z.looseObject({ http: z.looseObject({ headers: z.record(z.string(), z.string()).optional() }) }),
});

/** Starts the Traefik of one bank on what `fairlead traefik --bank N` prints. */
export async function startBank({ fairlead, cwd, bank, bind, host }: BankOptions): Promise<Traefik> {
  const text = await readStaticConfig(fairlead, cwd, undefined, bank);
  const config = staticSchema.parse(parse(text));
  const { http } = config.providers;
  if (host !== undefined) http.headers = { ...http.headers, 'X-Fairlead-Host': host };
  return startTraefik({ staticConfig: stringify(config), ...(bind !== undefined && { bind }) });
}
