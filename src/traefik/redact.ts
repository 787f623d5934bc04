import { createHash } from 'node:crypto';

/** Stands for what must not be shown. */
const hidden = '(secret)';
const secretHeader = /auth|cookie|credential|key|passw|secret|session|token/i;

/**
 * The value of an element of the dynamic configuration for people and programs that may not see secrets: without private keys,
 * without the hashes of users' passwords, and without headers that by their name carry a credential. Certificates are shown by
 * their fingerprint.
 */
export function redact(value: unknown): unknown {
  return redactField('', value);
}

function redactField(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => redactField(name, each));
  if (typeof value === 'object' && value !== null) {
    const isHeaders = /headers$/i.test(name);
    return Object.fromEntries(
      Object.entries(value).map(([key, each]: [string, unknown]) => [
        key,
        isHeaders && secretHeader.test(key) && typeof each === 'string' && each !== ''
          ? hidden
          : redactField(key, each),
      ]),
    );
  }
  return typeof value === 'string' ? redactText(name, value) : value;
}

function redactText(name: string, text: string): string {
  if (name === 'keyFile' || text.includes('PRIVATE KEY-----')) return hidden;
  if (name === 'users') return `${text.slice(0, Math.max(0, text.indexOf(':')))}:${hidden}`;
  if (text.startsWith('-----BEGIN ')) return `(PEM ${toFingerprint(text)})`;
  return text;
}

function toFingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
