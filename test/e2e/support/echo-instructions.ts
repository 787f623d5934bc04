import { z } from 'zod';

const schema = z.array(
  z.strictObject({
    /** A regular expression that the path, with its query, has to match. Default any. */
    path: z.string().optional(),
    /** Only the first so many requests of one id. */
    first: z.number().optional(),
    status: z.number().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    delayMs: z.number().optional(),
  }),
);

/** What a request asks of an echo server, as JSON in its header `x-echo`: the first entry that fits it counts. */
export type EchoInstructions = z.input<typeof schema>;
export type EchoInstruction = EchoInstructions[number];

/** The entry that fits the request number `attempt` (from 1) of its id. */
export function findInstruction(
  header: string | string[] | undefined,
  path: string,
  attempt: number,
): EchoInstruction | undefined {
  if (typeof header !== 'string') return undefined;
  const all = schema.safeParse(JSON.parse(header)).data ?? [];
  return all.find((each) => new RegExp(each.path ?? '').test(path) && attempt <= (each.first ?? Infinity));
}
