import { scryptSync } from 'node:crypto';

/** A hash that Fairlead takes, of the least cost that it does. */
export function cheapHash(password: string): string {
  const salt = Buffer.from('0123456789abcdef');
  const key = scryptSync(password, salt, 32, { cost: 4_096, blockSize: 8, parallelization: 1 });
  return `$scrypt$ln=12,r=8,p=1$${toText(salt)}$${toText(key)}`;
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
