import { readFile, readlink } from 'node:fs/promises';

import { toErrorCode } from './error-text.ts';

/** A process that is never mistaken for another one, as far as the system tells. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Changes when a process number is used again, also after a restart of the machine; empty where that is not known. */
  readonly started: string;
  /** Process numbers compare only within one of these: containers have their own. */
  readonly namespace: string;
}

/** The identity of this process. */
export function readOwnIdentity(): Promise<ProcessIdentity> {
  return readIdentity(process.pid);
}

/** The identity of the process that has this number now, in the namespace of this one. */
export async function readIdentity(pid: number): Promise<ProcessIdentity> {
  return {
    pid,
    started: (await readStat(pid))?.started ?? '',
    namespace: await readlink('/proc/self/ns/pid').catch(() => process.platform),
  };
}

/** Whether a process lives. `unknown`: its number belongs to another container or machine. */
export async function readLife(
  of: ProcessIdentity,
  own: ProcessIdentity,
): Promise<'alive' | 'dead' | 'unknown'> {
  if (of.namespace !== own.namespace) return 'unknown';
  if (!exists(of.pid)) return 'dead';
  const stat = await readStat(of.pid);
  if (stat?.state === 'Z') return 'dead';
  return of.started === '' || stat === undefined || stat.started === of.started ? 'alive' : 'dead';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Without the right to signal it there is still a process.
    return toErrorCode(error) === 'EPERM';
  }
}

interface ProcessStat {
  /** `Z`: it has ended, and nobody has asked yet how. */
  readonly state: string;
  /** In clock ticks since the machine started, with the identity of that start. */
  readonly started: string;
}

/** Linux only. */
async function readStat(pid: number): Promise<ProcessStat | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name of the program, in parentheses, and may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined
      ? undefined
      : { state, started: `${boot.trim()}/${start}` };
  } catch {
    return undefined;
  }
}
