import * as z from 'zod';
import type { FailingEndpoints } from '../model/health.ts';
import { compareText, toObjectKey, type ObjectKey } from '../model/object-ref.ts';

const documentSchema = z.object({
  version: z.literal(1),
  failing: z.array(
    z.object({
      source: z.string(),
      namespace: z.string(),
      name: z.string(),
      addresses: z.array(z.string()).min(1),
    }),
  ),
});

/** The same endpoints give the same text. */
export function formatBoard(failing: FailingEndpoints): string {
  const rows = [...failing]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, addresses]) => ({ ...toRef(key), addresses }));
  return `${JSON.stringify({ version: 1, failing: rows }, null, 1)}\n`;
}

/** Undefined for a text that is none of ours. */
export function parseBoard(text: string): FailingEndpoints | undefined {
  try {
    const { failing } = documentSchema.parse(JSON.parse(text));
    return new Map(
      failing.map(({ addresses, ...ref }) => [
        toObjectKey({ ...ref, kind: 'Service' }),
        addresses.toSorted(),
      ]),
    );
  } catch {
    return undefined;
  }
}

function toRef(key: ObjectKey): {
  readonly source: string;
  readonly namespace: string;
  readonly name: string;
} {
  const [source = '', path = ''] = key.split('|');
  const [, namespace = '', name = ''] = path.split('/');
  return { source, namespace, name };
}
