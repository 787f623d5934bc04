import { readdirSync, readlinkSync } from 'node:fs';
import { z } from 'zod';
import { readResidentMb } from '../process-figures.ts';

/** What a process has at one moment. */
export interface ProcessState {
  readonly residentMb: number;
  /** Open files by what they are: `socket`, `anon_inode:inotify`, `file` and so on. */
  readonly files: Readonly<Record<string, number>>;
}

export function readProcessState(pid: number): ProcessState {
  const files: Record<string, number> = {};
  for (const name of readdirSync(`/proc/${pid}/fd`)) {
    const kind = readKind(`/proc/${pid}/fd/${name}`);
    if (kind !== undefined) files[kind] = (files[kind] ?? 0) + 1;
  }
  return { residentMb: readResidentMb(pid), files };
}

/** Undefined when it was closed meanwhile. */
function readKind(path: string): string | undefined {
  try {
    const target = readlinkSync(path);
    return /^(anon_inode:|pipe|socket)/.test(target) ? target.replace(/:\[\d+\]$/, '') : 'file';
  } catch {
    return undefined;
  }
}

const metric = /^nodejs_active_resources\{type="([^"]+)"\} (\d+)$/gm;

/** What keeps its event loop busy, by kind, as its metrics say: timers, sockets, watches of folders. */
export async function readResources(adminUrl: string): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${adminUrl}/metrics`, { headers: { connection: 'close' } });
  const text = z.string().parse(await response.text());
  return Object.fromEntries([...text.matchAll(metric)].map(([, type = '', count]) => [type, Number(count)]));
}
