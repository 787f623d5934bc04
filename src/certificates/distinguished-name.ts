import { type Der, tags } from './der.ts';
import { refuse } from './refusal.ts';

const commonNameOid = '550403';

/**
 * The common name in a subject or issuer: the last one when there are several, as Go has it. Undefined when there is none.
 * Every attribute is read, since Go refuses the certificate for any that it cannot read.
 */
export function readCommonName(name: Der): string | undefined {
  let commonName: string | undefined;
  while (!name.isEmpty) {
    const set = name.read(tags.set);
    while (!set.isEmpty) {
      const attribute = set.read(tags.sequence);
      const oid = attribute.readOid();
      const { tag, content } = attribute.readAny();
      const text = readText(tag, content.toBytes());
      if (oid === commonNameOid) commonName = text;
    }
  }
  return commonName === '' ? undefined : commonName;
}

/** The string types of ASN.1 that Go reads, each with what it takes. */
function readText(tag: number, bytes: Buffer): string {
  const latin1 = bytes.toString('latin1');
  const check = (pattern: RegExp): string => (pattern.test(latin1) ? latin1 : unreadable());
  switch (tag) {
    case 0x0c:
      return readUtf8(bytes);
    case 0x12:
      return check(/^[0-9 ]*$/);
    case 0x13:
      return check(/^[A-Za-z0-9'()+,\-./ :=?*&]*$/);
    case 0x14:
      return latin1;
    case 0x16:
      return isAscii(latin1) ? latin1 : unreadable();
    case 0x1e:
      return readBmp(bytes);
    default:
      return unreadable();
  }
}

/** Whether a text has 7 bits a character, which is what Go asks of names. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return unreadable();
  }
}

/** Two bytes a character, without surrogates and what Unicode reserves for ever. */
function readBmp(bytes: Buffer): string {
  if (bytes.length % 2 !== 0) unreadable();
  const text = Buffer.from(bytes).swap16().toString('utf16le').replace(/\0$/, '');
  return /[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text) ? unreadable() : text;
}

function unreadable(): never {
  return refuse('has a subject or issuer that Traefik cannot read');
}
