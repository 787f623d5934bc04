import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { toErrorCode } from '../lib/error-text.ts';
import { parseTraefikVersion } from '../lib/units.ts';
import type { TraefikVersion } from '../settings/settings.ts';

/** What a program says of itself when asked as Traefik is. `any`: a Traefik that was built without a version. */
export type ProgramVersion =
  | { readonly kind: 'version'; readonly version: TraefikVersion }
  | { readonly kind: 'any' }
  | { readonly kind: 'unusable'; readonly why: string };

/** @param program A path, or a name to be looked for in the folders of `PATH`. */
export async function readTraefikVersion(program: string): Promise<ProgramVersion> {
  let text: string;
  try {
    ({ stdout: text } = await promisify(execFile)(program, ['version'], { timeout: 10_000 }));
  } catch (error) {
    const code = toErrorCode(error);
    const why =
      code === 'ENOENT'
        ? 'is not there; install Traefik, or name it by --traefik'
        : code === 'EACCES'
          ? 'may not be run; give the user of this program the right to'
          : 'does not answer as a Traefik does; name one by --traefik';
    return { kind: 'unusable', why };
  }
  const said = /^Version:\s+(\S+)/m.exec(text)?.[1];
  if (said === undefined) return { kind: 'unusable', why: 'is no Traefik; name one by --traefik' };
  if (!/^v?\d/.test(said)) return { kind: 'any' };
  const version = parseTraefikVersion(said);
  if (version.ok) return { kind: 'version', version: version.value };
  return { kind: 'unusable', why: `is version ${said}, which ${version.message}: ${version.hint}` };
}

/** Whether a Traefik may not decode everything that a fleet for this version is served. */
export function isOlder(version: TraefikVersion, than: TraefikVersion): boolean {
  return version.major < than.major || (version.major === than.major && version.minor < than.minor);
}
