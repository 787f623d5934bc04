import { parse } from 'yaml';
import * as z from 'zod';
import { metaOf } from './schema-parts.ts';
import { fileSchema } from './schema.ts';

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Override = NonNullable<z.core.JSONSchemaGeneratorParams['override']>;

/**
 * The JSON Schema (draft 7, which editors know) of `fairlead.yaml`: what may be written, with what each field does, its default and
 * an example. It knows fields, types and choices; what a text has to look like, and what fields make together, `fairlead config check`
 * knows as well.
 */
export function settingsJsonSchema(): JsonSchema {
  const made = z.toJSONSchema(fileSchema, {
    target: 'draft-7',
    io: 'input',
    // A transformation: the override says what may be written.
    unrepresentable: 'any',
    reused: 'inline',
    override: describe,
  });
  // The sources may also come from the environment.
  const { required: _required, examples: _examples, ...rest } = made;
  return { ...rest, title: 'fairlead.yaml', description: 'The configuration of Fairlead.' };
}

function describe({ zodSchema, jsonSchema }: Parameters<Override>[0]): void {
  if (zodSchema instanceof z.ZodPipe && zodSchema.in instanceof z.ZodTransform)
    jsonSchema.type = ['string', 'number'];
  const meta = metaOf(zodSchema);
  if (meta === undefined) return;
  jsonSchema.description = meta.description.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  if (meta.example !== undefined) jsonSchema.examples = [parse(meta.example)];
}
