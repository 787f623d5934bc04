import { isDnsLabel, isDnsSubdomain } from '../../lib/dns-names.ts';
import type { PortReference } from '../../model/objects.ts';
import { isPort, type Port } from '../../model/port.ts';
import { quote } from '../../annotations/parsers.ts';
import type { ImportEntry } from '../../settings/imports.ts';

/** What an entry of ingress-nginx's TCP or UDP services says. */
export interface ParsedEntry {
  readonly port: Port;
  readonly namespace: string;
  readonly name: string;
  /** A number, or the name of a port. */
  readonly servicePort: PortReference;
  /** Clients say who they are by the PROXY protocol. */
  readonly fromClients: boolean;
  /** The backend is told by it. */
  readonly toBackend: boolean;
}

/** Why an entry cannot be used. */
export interface EntryMistake {
  readonly message: string;
  readonly hint: string;
}

/** Longer values name nothing that there can be. */
const longest = 400;

const form = 'Write "namespace/service:port", and after it ":PROXY" or "::PROXY" as in ingress-nginx.';

/**
 * Reads `9000: ns/svc:3306:PROXY:PROXY`, as ingress-nginx does
 * (https://kubernetes.github.io/ingress-nginx/user-guide/exposing-tcp-udp-services/): the first PROXY is for what comes from
 * clients, the second for what goes to the backend; each may be empty or left out.
 */
export function parseEntry([key, value]: ImportEntry): ParsedEntry | EntryMistake {
  const port = /^[1-9]\d{0,4}$/.test(key) ? Number(key) : 0;
  if (!isPort(port))
    return {
      message: `the key ${quote(key)} is not a port number`,
      hint: 'Write a number from 1 to 65535.',
    };
  const text = value.length <= longest ? value.trim() : '';
  const [service = '', reference = '', decode = '', encode = '', ...rest] = text.split(':');
  const [namespace = '', name = '', ...more] = service.split('/');
  const servicePort = toPortReference(reference);
  const flags = [decode, encode].map((flag) => flag.toUpperCase());
  const isWhole = more.length === 0 && isDnsLabel(namespace) && isDnsSubdomain(name);
  if (!isWhole || servicePort === undefined)
    return { message: `${quote(value)} does not name a port of a Service`, hint: form };
  if (rest.length > 0 || flags.some((flag) => flag !== '' && flag !== 'PROXY'))
    return { message: `${quote(value)} has something other than PROXY after the port`, hint: form };
  return {
    port,
    namespace,
    name,
    servicePort,
    fromClients: flags[0] === 'PROXY',
    toBackend: flags[1] === 'PROXY',
  };
}

function toPortReference(text: string): PortReference | undefined {
  if (/^[1-9]\d{0,4}$/.test(text)) return isPort(Number(text)) ? Number(text) : undefined;
  // Names of ports have a letter.
  return /[a-z]/.test(text) && isDnsLabel(text) ? text : undefined;
}
