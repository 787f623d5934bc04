import { accept, quote, refuse, type Parsed, type Parser } from '../parsers.ts';

/** Longer than any address that an annotation needs. */
const longest = 1_000;

/** A variable of nginx, such as `$host` or `${request_uri}`. */
const variable = /\$\{?([A-Za-z_][A-Za-z0-9_]{0,60})/;

/** The first variable of nginx in a text, such as `$host`; `$1` is none. */
export function findVariable(text: string): string | undefined {
  const name = variable.exec(text)?.[1];
  return name === undefined ? undefined : `$${name}`;
}

/** `http` or `https`, a host with or without a port, and what follows, in visible ASCII without quotes and brackets. */
const address =
  /^(https?):\/\/([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?([/?#][!#$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]*)?$/;

/** An absolute address, whose path may refer to what a regular expression found (`$1`). */
export interface WebAddress {
  readonly text: string;
  /** Without brackets. */
  readonly host: string;
}

/** Parses an absolute `http` or `https` address without variables of nginx. */
export const webAddress: Parser<WebAddress> = (text) => {
  const value = text.length > longest ? '' : text.trim();
  const found = findVariable(value);
  if (found !== undefined) return refuseVariable(text, found);
  const [, , host] = address.exec(value) ?? [];
  return host === undefined
    ? refuse(`${quote(text)} is no URL`, 'Write a URL such as "https://auth.example.com/verify".')
    : accept({ text: value, host: host.replace(/^\[|\]$/g, '') });
};

/** The refusal of a variable that only nginx could fill in. */
export function refuseVariable(text: string, name: string): Parsed<never> {
  return refuse(
    `${quote(text)} has the nginx variable ${name}, which Traefik does not have`,
    'Write its value instead.',
  );
}
