import { isPort, type PortRange } from '../model/port.ts';
import { accept, refuse, type Parsed } from './parsed.ts';
import type { TraefikVersion } from '../settings/settings.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Beyond this a timer of Node would fire at once. */
const longestMs = 2 ** 31 - 1;

/**
 * The sum of numbers with the units ms, s, m or h, such as `1h30m` or `1.5s`, in milliseconds; undefined when the text is anything
 * else. Read from left to right, each character once: the text may be a tenant's.
 */
export function sumDuration(text: string): number | undefined {
  const part = /(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)/y;
  let total = 0;
  let end = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    total += Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0);
    end = part.lastIndex;
  }
  return end > 0 && end === text.length ? total : undefined;
}

/** `50ms`, `4s`, `1.5s`, `10m`, `1h30m`, `0`: to whole milliseconds. Go's way of writing durations, as Traefik's. */
export function parseDuration(text: string): Parsed<number> {
  const total = text === '0' ? 0 : sumDuration(text);
  if (total === undefined) {
    return refuse(
      'is not a duration',
      'write numbers with the units ms, s, m or h, such as 50ms, 4s or 1h30m',
    );
  }
  const ms = Math.round(total);
  return ms <= longestMs ? accept(ms) : refuse('is too long', 'write at most 596h');
}

/** `20000-20099`, or one port: an inclusive range. */
export function parsePortRange(text: string): Parsed<PortRange> {
  const match = /^(\d{1,9})(?:\s{0,20}-\s{0,20}(\d{1,9}))?$/.exec(text.trim());
  if (!match) return refuse('is not a range of ports', 'write it as first-last, such as 20000-20099');
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  if (!isPort(from) || !isPort(to)) {
    return refuse('holds a number that is not a port', 'use ports from 1 to 65535');
  }
  if (from > to) return refuse('ends before it begins', `write the lower port first: ${to}-${from}`);
  return accept({ from, to });
}

/** `3.7` or `v3.7.1`: the release line. */
export function parseTraefikVersion(text: string): Parsed<TraefikVersion> {
  const match = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?$/.exec(text);
  if (!match) return refuse('is not a version of Traefik', 'write major and minor, such as "3.7"');
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < 3) return refuse('is too old', 'Traefik 3.0 is the first version that can be served');
  if (major > 3)
    return refuse('is not known yet', 'write the newest 3.x version that your Traefik understands');
  return accept({ major, minor });
}
