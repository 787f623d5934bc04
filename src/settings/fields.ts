import * as z from 'zod';
import { metaOf, type FieldMeta } from './schema-parts.ts';
import { fileSchema } from './schema.ts';

/** What a field holds, before its text is read into something else. */
export type FieldKind = 'object' | 'list' | 'text' | 'number' | 'boolean' | 'choice';

/** One field of the configuration file, found by walking the schema. */
export interface Field {
  /** From the root; the items of a list have the name `#`. */
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly meta: FieldMeta;
  readonly nullable: boolean;
  /** It has no default and must be written. */
  readonly mandatory: boolean;
  /** As a user would write it; undefined when there is none. */
  readonly standard: unknown;
  /** The values of a choice. */
  readonly choices: readonly string[];
  /** The fields of an object, or the item of a list. */
  readonly children: readonly Field[];
}

/** The name that the items of a list have in a field's path. */
export const listItem = '#';

interface Unwrapped {
  readonly core: z.core.$ZodType;
  readonly meta: FieldMeta | undefined;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly standard: unknown;
}

/** Takes off the wrappers that zod puts around a schema for defaults, null and transformations. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  const meta = metaOf(schema);
  const within = (inner: z.core.$ZodType, extra: Partial<Unwrapped>): Unwrapped => {
    const rest = unwrap(inner);
    return { ...rest, ...extra, meta: meta ?? rest.meta };
  };
  if (schema instanceof z.ZodPrefault) return within(schema.unwrap(), { standard: schema.def.defaultValue });
  if (schema instanceof z.ZodNullable) return within(schema.unwrap(), { nullable: true });
  if (schema instanceof z.ZodOptional) return within(schema.unwrap(), { optional: true });
  // A preprocessing step stands before the schema that counts, a transformation behind it.
  if (schema instanceof z.ZodPipe)
    return within(schema.in instanceof z.ZodTransform ? schema.out : schema.in, {});
  return { core: schema, meta, nullable: false, optional: false, standard: undefined };
}

function toField(path: readonly string[], schema: z.core.$ZodType): Field {
  const { core, meta, nullable, optional, standard } = unwrap(schema);
  return {
    path,
    kind: toKind(core),
    meta: meta ?? { description: '' },
    nullable,
    mandatory: !optional && standard === undefined && path.at(-1) !== listItem,
    standard,
    choices: core instanceof z.ZodEnum ? core.options.map(String) : [],
    children: toChildren(path, core),
  };
}

function toKind(core: z.core.$ZodType): FieldKind {
  if (core instanceof z.ZodObject || core instanceof z.ZodRecord) return 'object';
  if (core instanceof z.ZodArray) return 'list';
  if (core instanceof z.ZodNumber) return 'number';
  if (core instanceof z.ZodBoolean) return 'boolean';
  return core instanceof z.ZodEnum ? 'choice' : 'text';
}

function toChildren(path: readonly string[], core: z.core.$ZodType): readonly Field[] {
  if (core instanceof z.ZodArray) return [toField([...path, listItem], core.element)];
  if (!(core instanceof z.ZodObject)) return [];
  return Object.entries<z.core.$ZodType>(core.shape).map(([name, inner]) => toField([...path, name], inner));
}

/** The file as a whole; its children are the sections. */
export const rootField: Field = toField([], fileSchema);

/** Every field below one, in the order of the schema, parents first. */
export function* eachField(field: Field = rootField): Generator<Field> {
  for (const child of field.children) {
    yield child;
    yield* eachField(child);
  }
}

/** The field that a path in a file leads to. */
export function findField(path: readonly PropertyKey[]): Field | undefined {
  let field: Field | undefined = rootField;
  for (const step of path) {
    field = field?.children.find(
      ({ path: own }) => own.at(-1) === (typeof step === 'number' ? listItem : step),
    );
  }
  return field;
}
