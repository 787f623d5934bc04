/** What became of a text that a user wrote: its value, or what is wrong with it and how to mend it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly hint: string };

export function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** Both without a full stop: they become `path: message (got X); hint`. */
export function refuse<T>(message: string, hint: string): Parsed<T> {
  return { ok: false, message, hint };
}
