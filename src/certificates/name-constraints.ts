import { isIPv4, isIPv6 } from 'node:net';
import { contextTag, type Der, tags } from './der.ts';
import { isAscii } from './distinguished-name.ts';
import { refuse } from './refusal.ts';

const [emailTag, dnsTag, uriTag, addressTag] = [contextTag(1), contextTag(2), contextTag(6), contextTag(7)];

/**
 * Reads the name constraints of an authority that serves a host itself. A single mailbox as a constraint, which needs the
 * grammar of mail addresses, is refused, though Go takes it.
 */
export function checkNameConstraints(value: Der): void {
  const constraints = value.read(tags.sequence);
  const subtrees = [contextTag(0, true), contextTag(1, true)].flatMap(
    (tag) => constraints.readOptional(tag) ?? [],
  );
  if (!value.isEmpty || !constraints.isEmpty || subtrees.every(({ isEmpty }) => isEmpty)) unreadable();
  for (const subtree of subtrees) {
    while (!subtree.isEmpty) {
      const { tag, content } = subtree.read(tags.sequence).readAny();
      if (!isConstraint(tag, content.toBytes())) unreadable();
    }
  }
}

function isConstraint(tag: number, bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  switch (tag) {
    case dnsTag:
    case emailTag:
      return isDomain(text);
    case uriTag:
      return isDomain(text) && !isIPv4(text) && !isIPv6(text);
    case addressTag:
      return (bytes.length === 8 || bytes.length === 32) && isMask(bytes.subarray(bytes.length / 2));
    default:
      return true;
  }
}

function isDomain(text: string): boolean {
  const rest = text.startsWith('.') ? text.slice(1) : text;
  return (
    text === '' ||
    (isAscii(text) && /^[!-?A-~]+$/.test(rest) && rest.split('.').every((label) => label !== ''))
  );
}

function isMask(bytes: Buffer): boolean {
  return /^1*0*$/.test([...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}

function unreadable(): never {
  return refuse('has name constraints that Traefik cannot read');
}
