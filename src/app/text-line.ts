/** Colours of terminals, by level. */
const levels = { trace: 90, debug: 90, info: 36, warn: 33, error: 31, fatal: 31 } as const;

/**
 * A log line for people, from one in JSON: `06:12:31 WARN  message field=value`. What is not plain text is quoted and escaped,
 * so that no tenant's text can steer a terminal or begin a line. What is no JSON object stays as it is.
 */
export function toTextLine(json: string, colours: boolean): string {
  const record: unknown = parse(json);
  if (typeof record !== 'object' || record === null) return json;
  const { level, time, msg, err, ...fields } = { ...record } as Record<string, unknown>;
  const name = toText(level);
  const head = paint(name.toUpperCase().padEnd(5), toColour(name), colours);
  const clock = paint(toText(time).slice(11, 19), 90, colours);
  const pairs = Object.entries(fields).map(
    ([key, value]) => `${paint(`${key}=`, 90, colours)}${toValue(value)}`,
  );
  const text = [clock, head, toPlain(toText(msg)), ...pairs].join(' ');
  return `${text}${toErrorText(err)}\n`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toColour(level: string): number {
  return Object.entries(levels).find(([name]) => name === level)?.[1] ?? 0;
}

function paint(text: string, colour: number, colours: boolean): string {
  return colours ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

function toValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@*+,-]+$/.test(value)) return value;
  return toPlain(JSON.stringify(value));
}

/** Without control characters: `JSON.stringify` leaves those from U+007F on, and some terminals obey them. */
function toPlain(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The stack of an error, which begins with its message. */
function toErrorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = { ...error } as Record<string, unknown>;
  return toText(stack ?? message)
    .split('\n')
    .map((line) => `\n    ${toPlain(line.trim())}`)
    .join('');
}
