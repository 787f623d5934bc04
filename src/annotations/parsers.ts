import { isIP } from 'node:net';
import { sumDuration } from '../lib/units.ts';

/** What a parser makes of an annotation's text. The sentences become the problem that the user reads. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Total: every text gives a value or a sentence; it never throws. */
export type Parser<T> = (text: string) => Parsed<T>;

export function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refuse(
  message: string,
  hint: string,
): { readonly ok: false; readonly message: string; readonly hint: string } {
  return { ok: false, message, hint };
}

/** A text of a user for use in a message: quoted, on one line, of bearable length. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Longer than any single value that a parser takes. */
const longestValue = 300;

/**
 * A single value without the white space around it; of a text that is too long to be one only its beginning, with an ellipsis that
 * no value has. Every parser of a value reads this, so that no pattern ever meets a text as long as a tenant likes.
 */
export function toValue(text: string): string {
  const value = text.trim();
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}

/** `"true"` or `"false"`, in any case. */
export const boolean: Parser<boolean> = (text) => {
  const lower = toValue(text).toLowerCase();
  if (lower === 'true' || lower === 'false') return accept(lower === 'true');
  return refuse(`${quote(text)} is neither "true" nor "false"`, 'Write "true" or "false", in quotes.');
};

/** A whole number within bounds. */
export function integer(min: number, max: number): Parser<number> {
  return (text) => {
    const trimmed = toValue(text);
    const value = /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
    if (value >= min && value <= max) return accept(value);
    return refuse(
      `${quote(text)} is not a whole number from ${min} to ${max}`,
      `Write a number such as "${Math.max(min, 1)}".`,
    );
  };
}

/** One of a few words, compared without regard to case, and returned as it is listed. */
export function oneOf<const T extends string>(...words: readonly T[]): Parser<T> {
  return (text) => {
    const lower = toValue(text).toLowerCase();
    const word = words.find((each) => each.toLowerCase() === lower);
    return word === undefined
      ? refuse(
          words.length === 1
            ? `${quote(text)} is not "${words.join('')}", the only value`
            : `${quote(text)} is none of ${words.join(', ')}`,
          words.length === 1 ? `Write "${words.join('')}".` : `Write one of ${words.join(', ')}.`,
        )
      : accept(word);
  };
}

/** Takes the default for no value at all: that it is written changes nothing, and is no mistake. */
export function unlessDefault<T extends string | number, const D extends T>(
  parse: Parser<T>,
  byDefault: D,
): Parser<Exclude<T, D> | undefined> {
  return (text) => {
    const parsed = parse(text);
    if (!parsed.ok) return parsed;
    return accept(isOther(parsed.value, byDefault) ? parsed.value : undefined);
  };
}

function isOther<T, D extends T>(value: T, byDefault: D): value is Exclude<T, D> {
  return value !== byDefault;
}

/** A duration such as `500ms`, `3s`, `1m30s`; a bare number counts seconds, as nginx has it. In milliseconds, above 0, up to 24 h. */
export const duration: Parser<number> = (text) => {
  const trimmed = toValue(text);
  const total = /^\d{1,9}$/.test(trimmed) ? Number(trimmed) * 1_000 : (sumDuration(trimmed) ?? 0);
  if (total >= 1 && total <= 86_400_000) return accept(Math.round(total));
  return refuse(
    `${quote(text)} is not a duration from 1ms to 24h`,
    'Write a number with a unit, such as "3s", "500ms" or "5m".',
  );
};

const sizeUnits: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A size such as `200m`, `8k`, `1g` (powers of 1024, as nginx has it; also `Mi`, `MB`), in bytes. `0`: no limit. */
export const size: Parser<number> = (text) => {
  const match = /^(\d{1,12})\s{0,20}([kmg]?)(i?b)?i?$/i.exec(toValue(text));
  const bytes = match
    ? Number(match[1]) * (sizeUnits[(match[2] ?? '').toLowerCase()] ?? Number.NaN)
    : Number.NaN;
  if (bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return accept(bytes);
  return refuse(
    `${quote(text)} is not a size`,
    'Write a number of bytes with an optional unit, such as "200m".',
  );
};

/** More items than any list of an annotation has. */
const mostItems = 5_000;

/** The items of a comma list, without white space around them and without empty ones; at most 5,001 of them. */
export function toItems(text: string): readonly string[] {
  const items: string[] = [];
  for (let from = 0; from <= text.length && items.length <= mostItems;) {
    const comma = text.indexOf(',', from);
    const to = comma === -1 ? text.length : comma;
    const item = text.slice(from, to).trim();
    if (item !== '') items.push(item);
    from = to + 1;
  }
  return items;
}

/** The items of a comma list as they stand, or none: what they mean is judged where they become rules. */
export const texts: Parser<readonly string[]> = (text) => accept(toItems(text));

/** A comma list with each item parsed; at least one item, and at most 5,000. The first bad item decides. */
export function list<T>(item: Parser<T>): Parser<readonly T[]> {
  return (text) => {
    const items = toItems(text);
    if (items.length > mostItems)
      return refuse(`the list has more than ${mostItems} items`, 'Name fewer, or divide the object.');
    const values: T[] = [];
    for (const part of items) {
      const parsed = item(part);
      if (!parsed.ok) return parsed;
      values.push(parsed.value);
    }
    return values.length > 0
      ? accept(values)
      : refuse('the list is empty', 'Name at least one, or remove the annotation.');
  };
}

/** An address or a network in CIDR notation; an address counts as a network of one. */
export const cidr: Parser<string> = (text) => {
  const match = /^([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,3}))?$/.exec(toValue(text));
  const address = match?.[1] ?? '';
  const family = isIP(address);
  const prefix = Number(match?.[2] ?? (family === 6 ? 128 : 32));
  if (family !== 0 && prefix <= (family === 6 ? 128 : 32))
    return accept(match?.[2] === undefined ? address : `${address}/${prefix}`);
  return refuse(
    `${quote(text)} is not an IP address or network`,
    'Write networks such as "10.0.0.0/8" or "2001:db8::/32".',
  );
};

/** A name in the sense of Kubernetes: of a Secret, a Service, a certificate resolver. */
export const objectName: Parser<string> = (text) => {
  const name = toValue(text);
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return accept(name);
  return refuse(
    `${quote(text)} is not a name`,
    'Use lower-case letters, digits, "-" and ".", and begin and end with a letter or digit.',
  );
};
