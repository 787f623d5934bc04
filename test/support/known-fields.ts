import * as client from '@kubernetes/client-node';
import * as z from 'zod';

const attributes = z.array(z.object({ baseName: z.string(), type: z.string() }));
const models = new Map<string, unknown>(Object.entries(client));
const record = z.record(z.string(), z.unknown());

/**
 * The fields of an object that Kubernetes does not know, as paths, by the model of its kind in the published client: `V1Deployment` for
 * instance. For kinds that the API server of the tests has not.
 */
export function unknownFields(value: unknown, name: string, path = ''): string[] {
  const listed = /^Array<(.+)>$/.exec(name)?.[1];
  if (listed !== undefined)
    return z
      .array(z.unknown())
      .parse(value)
      .flatMap((item, index) => unknownFields(item, listed, `${path}[${index}]`));
  const mapped = /^\{ \[key: string\]: (.+); \}$/.exec(name)?.[1];
  if (mapped !== undefined)
    return Object.entries(record.parse(value)).flatMap(([key, item]) =>
      unknownFields(item, mapped, `${path}.${key}`),
    );
  const known = fieldsOf(name);
  // A text, a number, a truth: nothing is below it.
  if (known === undefined) return typeof value === 'object' ? [`${path} is no ${name}`] : [];
  return Object.entries(record.parse(value)).flatMap(([key, item]) => {
    const type = known.get(key);
    return type === undefined ? [`${path}.${key}`] : unknownFields(item, type, `${path}.${key}`);
  });
}

function fieldsOf(name: string): ReadonlyMap<string, string> | undefined {
  const model = models.get(name);
  if (typeof model !== 'function' || !('getAttributeTypeMap' in model)) return undefined;
  const read = z
    .custom<() => unknown>((given) => typeof given === 'function')
    .parse(model.getAttributeTypeMap);
  return new Map(attributes.parse(read.call(model)).map(({ baseName, type }) => [baseName, type]));
}
