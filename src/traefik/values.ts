import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

declare const ruleBrand: unique symbol;
/** A rule of a Traefik router. Only `traefik/rule.ts` makes one, so that the text of a tenant is never its syntax. */
export type Rule = string & { readonly [ruleBrand]: true };

/** A type as others get it: nothing in it can be changed, and an absent field is absent rather than undefined. */
export type Fixed<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer I)[]
    ? readonly Fixed<I>[]
    : { readonly [K in keyof T]: Fixed<Exclude<T[K], undefined>> };

/** An object with exactly one field: the name of its kind, with what that kind has. */
export type OneOf<Kinds extends Record<string, z.ZodType>> = {
  [K in keyof Kinds]: { readonly [P in K]: Fixed<z.infer<Kinds[P]>> };
}[keyof Kinds];

/** Whether every surrogate has its other half. `isWellFormed` of ES2024, for all Node versions alike. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Any text that Traefik's decoder can take once it is escaped. */
export const text = z.string().refine(isWellFormed, 'has half a surrogate pair');

/** Text that says something. */
export const someText = text.min(1, 'is empty');

/** An item of a list: Traefik joins lists with U+2551 inside, splits them there again, and trims each item. */
export const item = someText.refine(
  (value) => !value.includes('\u2551') && value.trim() === value,
  'holds U+2551 or white space at its ends, which Traefik would split or trim',
);

/** One line of visible text, such as the value of a header. */
export const line = text.regex(/^[^\x00-\x08\x0a-\x1f\x7f]*$/, 'holds a control character');

export const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no header name');

/** A list that must say something: Traefik takes an empty one for an unset one, which opens an allow-list. */
export function listOf<T extends z.ZodType>(of: T): z.ZodArray<T> {
  return z.array(of).min(1, 'is an empty list');
}

/** The integers that JSON numbers carry exactly, from 0. */
export const count = z.int().min(0);
export const positive = z.int().min(1);
/** -1 stands for no limit. */
export const limit = z.int().min(-1);
export const port = z.int().min(1).max(65535);
export const statusCode = z.int().min(100).max(599);

/** `503` or `500-599`. */
export const statusRange = z
  .string()
  .regex(/^[1-5]\d\d(-[1-5]\d\d)?$/, 'is no HTTP status or range of them')
  .refine(
    (range) => range.length === 3 || range.slice(0, 3) <= range.slice(4),
    'is a range that ends before it starts',
  );

/** A Go duration with its unit: Traefik reads a bare number as seconds. Never negative, at most ten years. */
export const duration = z
  .string()
  // What is none goes no further: the next pattern goes over long numbers again and again.
  .regex(/^(\d{1,8}(\.\d{1,9})?(ns|us|ms|s|m|h)){1,6}$/, {
    error: 'is no duration such as 30s or 1m30s',
    abort: true,
  })
  .refine((value) => !/\d{6,}(\.\d+)?h|\d{7,}(\.\d+)?m(?!s)/.test(value), 'is longer than Traefik can count');

export const someDuration = duration.refine((value) => /[1-9]/.test(value), 'is no time at all');

/** An IP address, or a network in CIDR notation. */
export function isNetwork(value: string): boolean {
  const slash = value.indexOf('/');
  const address = slash === -1 ? value : value.slice(0, slash);
  // A zone such as %eth0 is an address for Node but not for Traefik.
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : -1;
  if (slash === -1) return bits !== -1;
  const length = value.slice(slash + 1);
  return /^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= bits;
}
export const network = z.string().refine(isNetwork, 'is no IP address or CIDR');

/** A name of an entryPoint, router or service option as Traefik's own configuration has it. */
export const word = z.string().regex(/^[^\s\u2551@,\p{C}]{1,200}$/u, 'is no name');

/**
 * A reference to another element: a key of this document, or `name@provider`. Traefik's own services and middlewares
 * are refused, since `api@internal` publishes its API; `noop@internal` is harmless.
 */
export const reference = z
  .string()
  .regex(/^[^@\u2551\p{C}]{1,220}(@[A-Za-z0-9-]+)?$/u, 'is no name of an element')
  .refine(
    (name) => name.trim() === name && (!/@internal$/i.test(name) || name === 'noop@internal'),
    'names something inside Traefik',
  );

/** Certificates in PEM. Anything else Traefik takes for the path of a file on its own disk. */
export const certificatePem = pem(
  /^-----BEGIN (TRUSTED )?CERTIFICATE-----\r?\n[\s\S]+-----END/,
  'certificate',
);
export const keyPem = pem(/^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----\r?\n[\s\S]+-----END/, 'private key');

function pem(pattern: RegExp, what: string) {
  return text.refine((value) => pattern.test(value) && !value.includes('\u2551'), `is no ${what} in PEM`);
}

export const certificatePair = z.strictObject({ certFile: certificatePem, keyFile: keyPem });

/** `{}` is fatal for Traefik where it is not a map entry, and its decoder drops it elsewhere. */
export function hasContent(value: object): boolean {
  return Object.values(value).some((field) => field !== undefined);
}
export const emptyObject = 'is an empty object';

/** A strict object of which at least one field must be set. */
export function some<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape).refine(hasContent, emptyObject);
}

/** An option that is switched on by its presence: `true` means with nothing set, as Traefik reads it too. */
export function flagOr<T extends z.ZodType>(object: T): z.ZodUnion<readonly [z.ZodLiteral<true>, T]> {
  return z.union([z.literal(true), object]);
}
