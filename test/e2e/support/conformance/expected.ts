import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../fairlead.ts';
import { allProfiles } from './report.ts';
import type { SuiteTest } from './suite-log.ts';

const reasons = z.record(z.string(), z.string().min(1));
const schema = z.strictObject({
  least: z.strictObject({ withPlugin: z.int(), withoutPlugin: z.int() }),
  notRun: reasons,
  failed: reasons,
});

export type Expected = z.infer<typeof schema>;

/** What is known not to pass, each with its reason. */
export function readExpected(): Expected {
  const path = join(projectRoot, 'test/e2e/fixtures/conformance-expected.yaml');
  return schema.parse(parse(readFileSync(path, 'utf8')));
}

/** The flags of a whole run. */
export function toFlags({ notRun }: Expected): readonly string[] {
  const names = Object.keys(notRun);
  // Some would run side by side, with Gateways that have the same hosts at addresses of their own: a fleet is one address.
  const flags = [...allProfiles, '-test.parallel', '1'];
  return names.length === 0 ? flags : [...flags, '-skip-tests', names.join(',')];
}

/** Where a run and what is expected of it differ, a line each. */
export function compare({ failed }: Expected, tests: readonly SuiteTest[]): readonly string[] {
  const unexpected = tests.flatMap(({ name, outcome, why }) => {
    const isExpected = Object.hasOwn(failed, name);
    if (outcome === 'failed' && !isExpected) return `${name} failed: ${why}`;
    return outcome !== 'failed' && isExpected ? `${name} ${outcome}, and is expected to fail` : [];
  });
  const names = new Set(tests.map(({ name }) => name));
  const missing = Object.keys(failed).filter((name) => !names.has(name));
  return [...unexpected, ...missing.map((name) => `${name} is expected to fail, and there is no such test`)];
}
