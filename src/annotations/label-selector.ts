import type { LabelSelector } from '../model/gateway-specs.ts';

type Expression = LabelSelector['matchExpressions'][number];

/** A key with or without a prefix, and a value. Looked at only in texts of bounded length. */
const key = String.raw`(?:[a-z0-9][-a-z0-9.]{0,252}/)?[A-Za-z0-9][-A-Za-z0-9_.]{0,62}`;
const value = String.raw`[-A-Za-z0-9_.]{0,63}`;

const equality = new RegExp(String.raw`^(${key})\s*(==|=|!=)\s*(${value})$`);
const membership = new RegExp(String.raw`^(${key})\s+(in|notin)\s*\(([^()]*)\)$`);
const existence = new RegExp(String.raw`^(!?)\s*(${key})$`);
const oneValue = new RegExp(`^${value}$`);

/**
 * A selector as `kubectl -l` takes it: `team=a,tier in (data, cache),!old`. Undefined for any other text, the empty one among them,
 * which would choose everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const expressions = splitOutside(text).map((each) => parseExpression(each.trim()));
  const matchExpressions = expressions.flatMap((each) => each ?? []);
  return matchExpressions.length === expressions.length ? { matchLabels: {}, matchExpressions } : undefined;
}

/** At the commas that are in no parentheses. */
function splitOutside(text: string): readonly string[] {
  const items: string[] = [''];
  let isInside = false;
  for (const character of text) {
    if (character === '(') isInside = true;
    if (character === ')') isInside = false;
    if (character === ',' && !isInside) items.push('');
    else items[items.length - 1] = `${items.at(-1) ?? ''}${character}`;
  }
  return items;
}

function parseExpression(text: string): Expression | undefined {
  const equal = equality.exec(text);
  if (equal !== null) {
    const [, name = '', operator, wanted = ''] = equal;
    return { key: name, operator: operator === '!=' ? 'NotIn' : 'In', values: [wanted] };
  }
  const member = membership.exec(text);
  if (member !== null) {
    const [, name = '', operator, list = ''] = member;
    const values = list.split(',').map((each) => each.trim());
    if (!values.every((each) => oneValue.test(each))) return undefined;
    return { key: name, operator: operator === 'in' ? 'In' : 'NotIn', values };
  }
  const exists = existence.exec(text);
  if (exists === null) return undefined;
  const [, not = '', name = ''] = exists;
  return { key: name, operator: not === '' ? 'Exists' : 'DoesNotExist', values: [] };
}
