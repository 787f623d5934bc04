import { accept, quote, refuse, toValue, type Parser } from '../parsers.ts';

/** A boolean as Go reads it, in which Traefik is written: `true`, `T`, `1`, and the like. */
export const goBoolean: Parser<boolean> = (text) => {
  const value = toValue(text);
  if (/^(1|t|T|true|True|TRUE)$/.test(value)) return accept(true);
  if (/^(0|f|F|false|False|FALSE)$/.test(value)) return accept(false);
  return refuse(`${quote(text)} is neither "true" nor "false"`, 'Write "true" or "false", in quotes.');
};

/** An option with options below it: `true` in any case. Traefik takes anything else as "off", and what is below as not written. */
export const flag: Parser<boolean> = (text) => {
  const value = toValue(text).toLowerCase();
  if (value === 'true' || value === 'false') return accept(value === 'true');
  return refuse(
    `${quote(text)} is neither "true" nor "false"; Traefik takes it as "false"`,
    'Write "true" or "false", in quotes.',
  );
};

/** The name of something that another provider of Traefik has. */
export interface Reference {
  readonly name: string;
  readonly provider: string;
}

/** `name@provider`. Whether it may be named is for the settings to say. */
export const reference: Parser<string> = (text) => {
  const value = toValue(text);
  const match = /^([^\s@,\u2551\p{C}]{1,200})(?:@([A-Za-z0-9-]{1,40}))?$/u.exec(value);
  if (match === null)
    return refuse(
      `${quote(text)} is not a name such as "name@file"`,
      'Write the name, then "@", then the provider.',
    );
  if (match[2] !== undefined) return accept(value);
  return refuse(
    `${quote(text)} has no "@" and a provider behind it: Traefik looks for it among what Ingresses define, and they define none`,
    'Write "NAMESPACE-NAME@kubernetescrd" for a resource of Kubernetes, or "NAME@file".',
  );
};

/** A reference in its two parts. */
export function toReference(text: string): Reference {
  const at = text.lastIndexOf('@');
  return { name: text.slice(0, at), provider: text.slice(at + 1) };
}
