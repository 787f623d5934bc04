import type { Finding, MigratedObject, MigrationVerdict } from '../../model/migration.ts';
import { annotationField, type Problem } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem-codes.ts';
import type { AnnotationEffect, Explanation } from '../../model/published.ts';

/** What was so under the other controller as well: nothing that the move brings about. An annotation that nothing needs did nothing there. */
const brokenBefore: ReadonlySet<ProblemCode> = new Set([
  'backend-missing',
  'certificate-expired',
  'certificate-expiring',
  'certificate-not-yet-valid',
  'certificate-invalid',
  'endpoints-mismatched',
  'no-endpoints',
  'nothing-to-route',
  'secret-missing',
  'annotation-unknown',
  'annotation-without-effect',
]);

/**
 * What becomes of one object, by what the pipeline made of it. Holds no rule of its own about any annotation.
 * @param byItself What is different of that which the controller does without being asked, one sentence each.
 */
export function judgeObject(explanation: Explanation, byItself: readonly string[]): MigratedObject {
  const { object, source, routes, problems, annotations } = explanation;
  const byField = new Map(problems.map((problem) => [problem.field, problem]));
  const found = { lost: [] as Finding[], differs: [] as Finding[], notes: [] as Finding[] };
  const told = new Set<Problem>();
  for (const effect of annotations) {
    const problem = byField.get(annotationField(effect.key));
    if (problem !== undefined) told.add(problem);
    const fate = judgeEffect(effect, problem);
    if (fate !== undefined) found[fate].push(toFinding(effect, problem));
  }
  for (const says of byItself) {
    // Who asks for it has been told.
    if (annotations.every(({ differs }) => differs !== says))
      found.differs.push({ what: 'by default', says });
  }
  for (const problem of problems) {
    if (told.has(problem)) continue;
    const { code, severity, field, message, hint } = problem;
    const fate =
      brokenBefore.has(code) || severity === 'info' ? 'notes' : severity === 'error' ? 'lost' : 'differs';
    found[fate].push({ what: field === '' ? code : toShort(field), says: message, hint });
  }
  // One without a router of its own may be used all the same: a canary has a part in the routes of another.
  const isUsed = routes.length > 0 || annotations.some(({ effect }) => effect === 'used');
  return {
    object,
    source,
    verdict: toVerdict(found, isUsed || !object.startsWith('Ingress/')),
    routers: routes.length,
    ...found,
  };
}

type Fate = 'differs' | 'lost' | 'notes';

/** Undefined for one that carries over as it is. */
export function judgeEffect(
  { effect, differs }: AnnotationEffect,
  problem: Problem | undefined,
): Fate | undefined {
  switch (effect) {
    case 'rejected':
    case 'withholds':
      return 'lost';
    case 'used':
      return differs !== undefined || problem !== undefined ? 'differs' : undefined;
    case 'no-effect':
      if (problem === undefined) return undefined;
      if (brokenBefore.has(problem.code)) return 'notes';
      return problem.code === 'annotation-not-supported' ? 'lost' : 'differs';
    case 'written-back':
      return undefined;
  }
}

function toFinding({ key, says, differs }: AnnotationEffect, problem: Problem | undefined): Finding {
  const text = [differs, problem?.message].filter((each) => each !== undefined).join(' ');
  return { what: key, says: text === '' ? says : text, ...(problem && { hint: problem.hint }) };
}

function toVerdict(
  { lost, differs }: Readonly<Record<'differs' | 'lost', readonly Finding[]>>,
  isUsed: boolean,
): MigrationVerdict {
  if (!isUsed) return 'not-routed';
  if (lost.length > 0) return 'loses';
  return differs.length > 0 ? 'differs' : 'same';
}

/** `metadata.annotations[x]` is x. */
function toShort(field: string): string {
  return /^metadata\.annotations\[(.*)\]$/.exec(field)?.[1] ?? field;
}
