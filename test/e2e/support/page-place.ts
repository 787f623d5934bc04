import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { makeTempFolder, type Cleanup } from './cleanup.ts';
import { buildFairlead, hideOwnVariables } from './fairlead.ts';
import { toShellArgs, type PageShell } from './page-shell.ts';

/** A shell in a folder of its own, with programs on its PATH. */
export interface Place extends PageShell {
  /** Where `fairlead` and `kubectl fairlead` are, and as `sudo` what runs its arguments; first on the PATH. */
  readonly bin: string;
}

/** Makes one; its folder goes with the cleanup. */
export async function makePlace(cleanup: Cleanup): Promise<Place> {
  const temp = makeTempFolder();
  cleanup.add(() => temp.remove());
  const bin = join(temp.path, 'bin');
  mkdirSync(bin);
  for (const name of ['fairlead', 'kubectl-fairlead']) symlinkSync(await buildFairlead(), join(bin, name));
  writeFileSync(join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  return { cwd: temp.path, bin, env: { ...hideOwnVariables(), PATH: `${bin}:${process.env['PATH']}` } };
}

/** A place that has folders of its own at /etc and /var/lib, and so has what is started in it. */
export interface Host extends Place {
  /** What is at /etc there. */
  readonly etc: string;
  /** What is at /var/lib there. */
  readonly state: string;
}

/** Without root the others cannot be read. */
const isReadable = (path: string): boolean => !/shadow|private|sudoers/.test(path);

/** Makes one. fairlead.example.com is the 10.9.0.1 of the private network there. */
export async function makeHost(cleanup: Cleanup): Promise<Host> {
  const place = await makePlace(cleanup);
  const [etc, state] = [join(place.cwd, 'etc'), join(place.cwd, 'state')];
  mkdirSync(state);
  cpSync('/etc', etc, { recursive: true, filter: isReadable, verbatimSymlinks: true });
  const hosts = readFileSync('/etc/hosts', 'utf8').replace('fairlead.test.com', 'fairlead.example.com');
  writeFileSync(join(etc, 'hosts'), hosts);
  const script = 'mount --bind "$1" /etc; mount --bind "$2" /var/lib; shift 2; exec bash "$@"';
  return { ...place, etc, state, through: ['unshare', '--mount', 'sh', '-ec', script, 'sh', etc, state] };
}

/** Starts what does not end by itself in the shell of a place. */
export function startIn({ cwd, env, through = ['bash'] }: PageShell, script: string): Promise<Child> {
  const [program = '', ...first] = through;
  return startChild(program, [...first, ...toShellArgs(`exec ${script}`)], { cwd, env });
}
