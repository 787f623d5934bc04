import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import type { MadeCertificate } from './make-certificate.ts';

const verdict = z.object({
  /** Why it cannot be loaded; empty when it can. */
  error: z.string(),
  /** Why no handshake succeeds with it; empty when one does. */
  handshake: z.string(),
  /** What Traefik would look for a host in; not sorted, and not each once. */
  names: z.array(z.string()).nullable(),
  notAfter: z.number(),
});

export type GoVerdict = z.infer<typeof verdict>;

/** Whether there is a Go to compile with. */
export const hasGo = spawnSync('go', ['version']).status === 0;

/** Asks the TLS of Go, as Traefik is built with it. The first call of all compiles the program, which takes a while; Go keeps it. */
export function askGo(pairs: readonly MadeCertificate[]): readonly GoVerdict[] {
  const answer = execFileSync('go', ['run', join(import.meta.dirname, 'go-tls.go')], {
    env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local' },
    input: JSON.stringify(pairs),
    maxBuffer: 2 ** 28,
  });
  return z.array(verdict).parse(JSON.parse(answer.toString()));
}
