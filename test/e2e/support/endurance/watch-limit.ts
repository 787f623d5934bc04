import { spawnSync } from 'node:child_process';

/** In a user namespace of its own a process has limits of its own: those of the machine stay as they are. */
export const ownLimits = ['unshare', '--user', '--map-root-user'] as const;

/** How many files and folders the user namespace of a process may watch from now on; those that it watches stay. */
export function limitWatches(pid: number, count: number): void {
  const script = 'echo "$1" > /proc/sys/user/max_inotify_watches';
  const args = [
    `--user=/proc/${pid}/ns/user`,
    '--preserve-credentials',
    'sh',
    '-c',
    script,
    'sh',
    String(count),
  ];
  const { status, stderr } = spawnSync('nsenter', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the limit of watches cannot be set: ${stderr}`);
}
