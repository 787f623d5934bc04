import type { z } from 'zod';

/** A schema's finding as `field says what is wrong`. Of a union it names the branch for objects. */
export function toIssueText(issue: z.core.$ZodIssue | undefined, within: readonly PropertyKey[]): string {
  if (issue === undefined) return 'is invalid';
  const path = [...within, ...issue.path];
  if (issue.code === 'invalid_union') return toIssueText(issue.errors.at(-1)?.[0], path);
  const field = toFieldPath(path);
  return field === '' ? toFinding(issue) : `${field} ${toFinding(issue)}`;
}

function toFinding(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has no field ${issue.keys.join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined && issue.message.endsWith('undefined')
        ? 'is missing'
        : `is no ${issue.expected}`;
    case 'invalid_value':
      return `is none of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `is below ${String(issue.minimum)}`
        : issue.message;
    case 'too_big':
      return `is above ${String(issue.maximum)}`;
    case 'invalid_key':
      return `has a key that ${issue.issues[0]?.message ?? 'is invalid'}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
      break;
  }
  return issue.message;
}

function toFieldPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    text += typeof key === 'number' ? `[${key}]` : text === '' ? String(key) : `.${String(key)}`;
  }
  return text;
}
