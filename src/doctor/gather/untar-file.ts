import { gunzipSync } from 'node:zlib';

const block = 512;
/** A static configuration with ten thousand entryPoints has four megabytes. */
const mostBytes = 256 * 1024 ** 2;

/** One file of a `.tar.gz`; undefined when it is not in there. @throws When it is no archive. */
export function untarFile(archive: Buffer, name: string): Buffer | undefined {
  const tar = gunzipSync(archive, { maxOutputLength: mostBytes });
  for (let at = 0; at + block <= tar.length;) {
    const found = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    if (found === '') return undefined;
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136).replace(/\0.*$/s, ''), 8);
    if (!Number.isSafeInteger(size)) return undefined;
    if (found === name) return tar.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
  }
  return undefined;
}
