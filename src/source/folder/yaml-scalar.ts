/** What `resolvePlain` may give: what JSON can say. */
export type PlainValue = string | number | boolean | null;

const words: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...spell(['y', 'yes', 'true', 'on'], true),
  ...spell(['n', 'no', 'false', 'off'], false),
  ...spell(['null'], null),
  ['~', null],
  ['', null],
]);
const integer = /^[-+]?(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|[1-9]\d*|0)$/i;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/**
 * What a text without quotation marks means: as kubectl and the API server read it, which is YAML 1.1 without base 60 and without times. `on` is true,
 * `010` is 8, `1_000` is 1000. Infinity and not-a-number, which JSON does not have, stay texts.
 */
export function resolvePlain(text: string): PlainValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  // Longer than any number that is meant as one, and far shorter than what takes time to match.
  if (text.length > 400 || !/^[-+.\d]/.test(text)) return text;
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (integer.test(digits)) return toInteger(digits) ?? toFloat(digits) ?? text;
  return toFloat(digits) ?? text;
}

/** Undefined for what 64 bits cannot hold. */
function toInteger(digits: string): number | undefined {
  const negative = digits.startsWith('-');
  const size = digits.replace(/^[-+]/, '');
  const value = BigInt(/^0[0-7]+$/.test(size) ? `0o${size.slice(1)}` : size.toLowerCase());
  const limit = negative ? 2n ** 63n : digits.startsWith('+') ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  if (value > limit) return undefined;
  return negative && value > 0n ? -Number(value) : Number(value);
}

function toFloat(digits: string): number | undefined {
  const value = float.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Only these three spellings: `oN` is a text. */
function spell<T>(lower: readonly string[], value: T): readonly (readonly [string, T])[] {
  return lower.flatMap((word) => {
    const capital = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
    return [word, capital, word.toUpperCase()].map((spelling) => [spelling, value] as const);
  });
}
