/** What a text means in a rule, or why it means nothing: a reason that follows the text in a sentence. */
export type Checked =
  { readonly kind: 'valid'; readonly value: string } | { readonly kind: 'invalid'; readonly reason: string };

/**
 * A host name as it is compared: lower case, without a trailing dot. Labels may hold underscores; the first may be `*`.
 * International names have to be in their ASCII form, since Traefik disables routers with others.
 */
export function toHostName(text: string): Checked {
  if (text.length > 254) return invalid('is longer than 253 characters');
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name === '') return invalid('is empty');
  if (/[^\x21-\x7e]/.test(name)) {
    return invalid('holds white space, control characters or characters beyond ASCII');
  }
  if (name.length > 253) return invalid('is longer than 253 characters');
  const labels = name.split('.');
  if (labels[0] === '*' && labels.length > 1) labels.shift();
  const odd = labels.find((label) => !/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  if (odd === undefined) return { kind: 'valid', value: name };
  return invalid(
    odd === '' ? 'has an empty label' : `has the label ${JSON.stringify(odd)}, which no host has`,
  );
}

/**
 * A path as Traefik compares it with those of requests: percent-encoding undone but for reserved characters, whose
 * encoding is upper case. Refused is what no request can have: Traefik merges slashes and resolves dot segments first.
 */
export function toRulePath(text: string): Checked {
  if (text.length > 4096) return invalid('is longer than 4,096 characters');
  if (!text.startsWith('/')) return invalid('does not start with a slash');
  const path = toComparedPath(text);
  if (path === undefined) return invalid('has percent-encoding that is not UTF-8');
  if (/[\x00-\x1f\x7f-\x9f]|\p{Surrogate}/u.test(path)) return invalid('holds a control character');
  if (path.includes('//')) return invalid('has two slashes in a row, which no request has');
  if (/\/\.\.?(\/|$)/.test(path)) return invalid('has a dot segment, which no request has');
  return { kind: 'valid', value: path };
}

const reserved = /^[:/?#[\]@!$&'()*+,;=%]$/;

function toComparedPath(text: string): string | undefined {
  try {
    return text
      .replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
      .replaceAll(/[?#]/g, (raw) => (raw === '?' ? '%3F' : '%23'))
      .replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) =>
        Array.from(decodeURIComponent(encoded), (character) =>
          reserved.test(character) ? toPercent(character) : character,
        ).join(''),
      );
  } catch {
    // decodeURIComponent throws for what is not UTF-8.
    return undefined;
  }
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function invalid(reason: string): Checked {
  return { kind: 'invalid', reason };
}
