import { readdir, readFile } from 'node:fs/promises';

/** A Traefik that runs with a configuration of this folder. */
export interface FoundProcess {
  readonly pid: number;
  readonly bank: number;
  readonly id: string;
}

/** The name of the files of one process, without their ends: `bank-0.1f2e3d4c`. */
export function toFileName(bank: number, id: string): string {
  return `bank-${bank}.${id}`;
}

/** The bank and the id of a file of `toFileName` with this end; undefined for any other file. */
export function parseFileName(name: string, end: string): Omit<FoundProcess, 'pid'> | undefined {
  const [, bank, id] = /^bank-(\d{1,5})\.([\da-f]{8})\./.exec(name) ?? [];
  if (bank === undefined || id === undefined || name !== `${toFileName(Number(bank), id)}${end}`)
    return undefined;
  return { bank: Number(bank), id };
}

/**
 * The Traefiks that an earlier `fairlead edge` of this folder has left, by the arguments of all processes: a file of process
 * numbers would miss the one that was started just before a crash, and could name somebody else's. Linux only.
 * @param folder As it stands in their arguments.
 */
export async function findProcesses(folder: string): Promise<readonly FoundProcess[]> {
  const start = `--configFile=${folder}/`;
  const found: FoundProcess[] = [];
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    // Others come and go while this looks.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const file = line.split('\0').find((argument) => argument.startsWith(start));
    const named = file === undefined ? undefined : parseFileName(file.slice(start.length), '.yml');
    if (named !== undefined) found.push({ pid: Number(pid), ...named });
  }
  return found;
}
