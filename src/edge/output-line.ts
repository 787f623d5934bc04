import { isObject } from '../lib/raw-object.ts';

/** A line that a Traefik has written. */
export interface OutputLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

const levels: Readonly<Record<string, OutputLine['level']>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
  panic: 'error',
};

/** What a line of Traefik says: it writes JSON, and what Go itself writes when a program crashes is text. */
export function toOutputLine(line: string): OutputLine {
  const fields = toFields(line);
  if (fields === undefined) return { level: 'error', text: line };
  const { level, message = '', error } = fields;
  const text = [message, error].filter((part) => typeof part === 'string' && part !== '').join(': ');
  return { level: levels[String(level)] ?? 'info', text: text.trim() };
}

function toFields(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Why a Traefik could not start and how to mend that, by one of its lines; undefined when the line is no reason. */
export function findStartFailure(text: string, bank: number): string | undefined {
  const [, protocol, address, why] =
    /listen (tcp|udp)\d? (\S+): bind: (address already in use|permission denied|cannot assign requested address)/.exec(
      text,
    ) ?? [];
  if (protocol === undefined || address === undefined)
    return /too many open files/.test(text)
      ? `Traefik of bank ${bank} may not open as many files as it has ports and connections; raise the limit (systemd: LimitNOFILE)`
      : undefined;
  const port = `${address.replace(/^.*:/, '')}/${protocol}`;
  switch (why) {
    case 'permission denied':
      return `port ${port} of bank ${bank} may be opened with a right only; give this program CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities)`;
    case 'address already in use':
      return `port ${port} of bank ${bank} is in use by another process; end that one, or take the port out of the pool`;
    default:
      return `port ${port} of bank ${bank} cannot be opened: ${address} is no address of this host; see --bind`;
  }
}
