import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Dialect } from './arms.ts';
import type { Divergence } from './compare.ts';

const pattern = z.string().transform((text) => new RegExp(`^(?:${text})$`, 's'));
const schema = z.array(
  z.strictObject({
    /** Names it in reports, and is the anchor of its section in docs/differences.md. */
    id: z.string().regex(/^[a-z0-9-]+$/),
    /** What differs, in one line. */
    title: z.string(),
    /** Why. */
    reason: z.string(),
    /** `safer`: what the original does is unsafe. `better`: what it does helps nobody. `limit`: the HTTP provider cannot carry it. */
    group: z.enum(['safer', 'better', 'limit']),
    dialects: z.array(z.enum(['traefik', 'ingress-nginx'])).min(1),
    /** What it shows as: regular expressions for the whole of the aspect and of the two values. */
    shows: z
      .array(
        z.strictObject({
          aspect: pattern,
          reference: pattern.default(/^.*$/s),
          fairlead: pattern.default(/^.*$/s),
          /** For the line of the probe; default any. */
          probe: pattern.default(/^.*$/s),
        }),
      )
      .min(1),
    /** Cases of the suite that show it; each has to, or the test fails. */
    cases: z.array(z.string()).default([]),
    /** The original leaves it to chance, so that a case may or may not show it. */
    chance: z.boolean().default(false),
    /** Fixtures of the provider, by the names of their files without ending, that may show it as well; `*` stands for all. */
    fixtures: z.array(z.string()).default([]),
  }),
);

/** A deliberate difference. */
export type DeclaredDifference = z.output<typeof schema>[number];

const file = new URL('../../differential/differences.yaml', import.meta.url);

/** All that are declared, in the order of the file. @throws ZodError for a mistake in it. */
export function readDeclared(): readonly DeclaredDifference[] {
  return schema.parse(parse(readFileSync(file, 'utf8')) ?? []);
}

/** Where a difference was seen. */
export interface Sighting {
  readonly dialect: Dialect;
  readonly from: 'cases' | 'fixtures';
  /** The name of the file, without ending. */
  readonly name: string;
  /** The line of the probe. */
  readonly probe: string;
}

/** The declared differences that a divergence is one of. */
export function findDeclared(
  declared: readonly DeclaredDifference[],
  { dialect, from, name, probe }: Sighting,
  { aspect, reference, fairlead }: Divergence,
): readonly DeclaredDifference[] {
  return declared.filter(
    (each) =>
      each.dialects.includes(dialect) &&
      each[from].some((allowed) => allowed === '*' || allowed === name) &&
      each.shows.some(
        (shown) =>
          shown.aspect.test(aspect) &&
          shown.reference.test(reference) &&
          shown.fairlead.test(fairlead) &&
          shown.probe.test(probe),
      ),
  );
}
