import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** The processor time that a process has used so far, in milliseconds; Linux counts it in steps of ten. */
export function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before may hold anything, spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** The resident memory of a process, in MB. */
export function readResidentMb(pid: number): number {
  return readMemory(pid, 'VmRSS');
}

/** The most that it had so far, in MB. */
export function readPeakMb(pid: number): number {
  return readMemory(pid, 'VmHWM');
}

function readMemory(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round((Number(found?.[1]) * 1024) / 1e6);
}
