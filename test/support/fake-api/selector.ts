import { textAt, toJson, type Json } from './json.ts';

/** Whether an object is selected. */
export type Matcher = (object: Json) => boolean;

/** What `labelSelector` and `fieldSelector` of a request select: terms of `=`, `==` and `!=`, and labels that are there. */
export function toMatcher(query: URLSearchParams): Matcher {
  const labels = toTerms(query.get('labelSelector'));
  const fields = toTerms(query.get('fieldSelector'));
  return (object) => {
    const present = toJson(toJson(object['metadata'])['labels']);
    return (
      labels.every(({ key, negated, value }) =>
        value === undefined ? key in present : (present[key] === value) !== negated,
      ) && fields.every(({ key, negated, value }) => (textAt(object, key) === (value ?? '')) !== negated)
    );
  };
}

function toTerms(text: string | null) {
  const parts = (text ?? '').split(',').filter((part) => part !== '');
  return parts.map((part) => {
    const {
      key = part,
      operator,
      value,
    } = /^(?<key>.*?)(?<operator>!=|==?)(?<value>.*)$/.exec(part)?.groups ?? {};
    return { key, negated: operator === '!=', value };
  });
}
