import { readdir, readFile, readlink } from 'node:fs/promises';
import type { PortRange } from '../../model/port.ts';
import { parsePortRange } from '../../lib/units.ts';
import type { HostFacts, HostListener } from '../facts.ts';

/** What a socket of each table has to be in to count: listening, and of UDP bound. */
const tables = [
  { file: 'tcp', protocol: 'tcp', state: '0A' },
  { file: 'tcp6', protocol: 'tcp', state: '0A' },
  { file: 'udp', protocol: 'udp', state: '07' },
  { file: 'udp6', protocol: 'udp', state: '07' },
] as const;

/** What this machine says of its ports; where it is no Linux, nothing. */
export async function readHost(): Promise<HostFacts> {
  const [ephemeral, reserved, sockets] = await Promise.all([
    readText('/proc/sys/net/ipv4/ip_local_port_range'),
    readText('/proc/sys/net/ipv4/ip_local_reserved_ports'),
    readSockets(),
  ]);
  const programs =
    sockets.length === 0
      ? new Map<string, string>()
      : await readPrograms(new Set(sockets.map(({ inode }) => inode)));
  const listeners = sockets.map(({ inode, protocol, port }): HostListener => ({
    protocol,
    port,
    program: programs.get(inode) ?? null,
  }));
  return {
    ephemeral: toRange(ephemeral.trim().replace(/\s+/, '-')) ?? null,
    reserved: reserved.split(',').flatMap((text) => toRange(text.trim()) ?? []),
    listeners: [
      ...new Map(listeners.map((each) => [`${each.protocol} ${each.port} ${each.program}`, each])).values(),
    ],
  };
}

function toRange(text: string): PortRange | undefined {
  const parsed = parsePortRange(text);
  return parsed.ok ? parsed.value : undefined;
}

async function readSockets() {
  const found = await Promise.all(
    tables.map(async ({ file, protocol, state }) =>
      (await readText(`/proc/net/${file}`)).split('\n').flatMap((line) => {
        const words = line.trim().split(/\s+/);
        const port = Number.parseInt(words[1]?.split(':')[1] ?? '', 16);
        const inode = words[9];
        return words[3] === state && inode !== undefined && port > 0 ? [{ protocol, port, inode }] : [];
      }),
    ),
  );
  return found.flat();
}

/** The names of the programs that have these sockets, as far as this user may see them. */
async function readPrograms(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const programs = new Map<string, string>();
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
    const own = links
      .flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
      .filter((inode) => inodes.has(inode));
    if (own.length === 0) continue;
    const name = (await readText(`/proc/${pid}/comm`)).trim() || 'unknown';
    for (const inode of own) programs.set(inode, name);
  }
  return programs;
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
