import { check } from './check.ts';
import type { Command } from './command.ts';
import { createCompletion } from './completion/completion.ts';
import { configCheck } from './config-check.ts';
import { confirm } from './confirm.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { edge } from './edge.ts';
import { explain } from './explain.ts';
import { hashPassword } from './hash-password.ts';
import { migrate } from './migrate.ts';
import { ports } from './ports.ts';
import { render } from './render.ts';
import { schema } from './schema.ts';
import { serve } from './serve.ts';
import { traefik } from './traefik.ts';
import { version } from './version.ts';

const others: readonly Command[] = [
  serve,
  render,
  check,
  diff,
  confirm,
  explain,
  migrate,
  ports,
  traefik,
  doctor,
  edge,
  configCheck,
  schema,
  hashPassword,
  version,
];

/** Every command, in the order of the help. Help, completion and docs/commands.md are made of them. */
export const commands: readonly Command[] = [...others, createCompletion(others)];
