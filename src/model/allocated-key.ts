import type { HolderPart } from './ports.ts';
import { isPort, type PoolProtocol, type Port } from './port.ts';

/**
 * The key of the annotation that tells the pool port of a Service port, or of one endpoint by its hostname: `tcp.fairlead.dev/9092`,
 * `tcp.fairlead.dev/9092.kafka-0`. `template` is `allocated` of an `ExposeAnnotation`,
 * with `{port}` and perhaps `{protocol}` in it.
 */
export function toAllocatedKey(
  template: string,
  protocol: PoolProtocol,
  servicePort: number,
  part?: HolderPart,
): string {
  return template.replace('{protocol}', protocol).replace('{port}', toPartName(String(servicePort), part));
}

/** What a port of one endpoint is called, by the name or number of the port: `9092.kafka-0`. No name of a port has a dot. */
export function toPartName(port: string, part: HolderPart | undefined): string {
  return part?.kind === 'endpoint' ? `${port}.${part.name}` : port;
}

/** An annotation that asks for pool ports, and where its answers are written. */
interface Answered {
  readonly key: string;
  readonly allocated: string;
}

/** Where the ports of single endpoints, and shared ones, are written: with the answers to `fairlead.dev/expose`, which is always among them. */
export function toOwnTemplate(expose: readonly Answered[]): string | undefined {
  return expose.find(({ key }) => key === 'fairlead.dev/expose')?.allocated;
}

/**
 * Tells whether a key has the form of such an annotation, for whatever port. The port has to be a number: with a template such
 * as `haproxy-ingress/{port}` the annotations of other purposes have the same beginning.
 */
export function toAllocatedKeyTest(expose: readonly Answered[]): (key: string) => boolean {
  const endpoints = toOwnTemplate(expose);
  const patterns = expose.map(({ allocated }) => {
    const escaped = allocated.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    const part = allocated === endpoints ? String.raw`(?:\.[a-z0-9][-a-z0-9]{0,62})?` : '';
    return escaped
      .replace(String.raw`\{protocol\}`, '(?:tcp|udp)')
      .replace(String.raw`\{port\}`, String.raw`\d{1,5}` + part);
  });
  const pattern = new RegExp(`^(?:${patterns.join('|')})$`);
  return (key) => pattern.test(key);
}

/** The port that the text of an annotation names; undefined when it names none. */
export function toPortOf(text: string | undefined): Port | undefined {
  const value = text?.trim() ?? '';
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return isPort(port) ? port : undefined;
}

/** What the answer to a route is called that asks for a port itself, without a listener. */
export const routePortName = 'port';

/** The key of the annotation that tells the pool port of a listener, on its object and on routes: `tcp.fairlead.dev/mysql`. */
export function toListenerKey(protocol: PoolProtocol, listener: string): string {
  return `${protocol}.fairlead.dev/${listener}`;
}

/** Whether a key is one that Fairlead alone writes on objects of the Gateway API. */
export function isAnswerKey(key: string): boolean {
  return key === 'fairlead.dev/addresses' || /^(?:tcp|udp)\.fairlead\.dev\//.test(key);
}
