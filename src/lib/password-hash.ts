import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { accept, refuse, type Parsed } from './parsed.ts';

/** A password as it is kept: what scrypt makes of it, and how. */
export interface PasswordHash {
  /** Binary logarithm of the cost: with `blockSize` it says how much memory one comparison takes. */
  readonly logCost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** 32 MB and a quarter of a second: what OWASP's cheat sheet "Password Storage" asks of scrypt. */
const standard = { logCost: 15, blockSize: 8, parallelism: 3 };

/** Bounds of what one comparison may cost, four times the standard, and of what protects nothing. */
const mostMemory = 128 * 1024 * 1024;
const mostPasses = 16;
const leastLogCost = 12;

const phc =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** The hash of a password with a salt of its own, as a PHC string: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, { ...standard, salt }, 32);
  const { logCost, blockSize, parallelism } = standard;
  return `$scrypt$ln=${logCost},r=${blockSize},p=${parallelism}$${toText(salt)}$${toText(key)}`;
}

/** Reads a PHC string of scrypt. Takes no hash that is costlier than 128 MB of memory, or too cheap to protect a password. */
export function parsePasswordHash(text: string): Parsed<PasswordHash> {
  const [, logCost, blockSize, parallelism, salt, key] = phc.exec(text) ?? [];
  if (salt === undefined || key === undefined)
    return refuse('is not a hash of scrypt', 'make one with: fairlead hash-password');
  const costs = {
    logCost: Number(logCost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
  };
  if (costs.logCost < leastLogCost || costs.blockSize < 1 || costs.parallelism < 1)
    return refuse('is too cheap to protect a password', 'make one with: fairlead hash-password');
  if (toMemory(costs) > mostMemory || costs.parallelism > mostPasses)
    return refuse('costs too much to compare', 'make one with: fairlead hash-password');
  return accept({ ...costs, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') });
}

/**
 * Compares off the event loop, in the same time whatever the password is.
 * @param hash A PHC string that `parsePasswordHash` takes; throws when it does not.
 */
export async function matchesPassword(password: string, hash: string): Promise<boolean> {
  const parsed = parsePasswordHash(hash);
  if (!parsed.ok) throw new Error('a password cannot be compared with a hash that is none');
  const { key } = parsed.value;
  return timingSafeEqual(await derive(password, parsed.value, key.length), key);
}

type Costs = Pick<PasswordHash, 'blockSize' | 'logCost' | 'parallelism'>;

function derive(password: string, hash: Costs & Pick<PasswordHash, 'salt'>, length: number): Promise<Buffer> {
  const { logCost, blockSize, parallelism, salt } = hash;
  // Node's own bound is the memory for the standard cost; the other terms of the sum are small.
  const maxmem = toMemory(hash) + 128 * blockSize * (parallelism + 2);
  const options = { cost: 2 ** logCost, blockSize, parallelization: parallelism, maxmem };
  // One password may be written in several ways of Unicode.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

function toMemory({ logCost, blockSize }: Costs): number {
  return 128 * blockSize * 2 ** logCost;
}

/** Base64 without padding, as the PHC format has it. */
function toText(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
