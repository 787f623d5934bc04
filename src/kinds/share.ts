import type { EndpointPort } from '../model/objects.ts';

/** Beyond this the tables start again, empty: sharing saves memory, so it must not become a leak itself. */
const limit = 20_000;
/** Of names in Kubernetes. Longer texts are seldom the same, and the tables must not hold megabytes. */
const longest = 253;
/** Of ports as JSON: such as ten with short names. */
const longestPorts = 500;
const texts = new Map<string, string>();
const portLists = new Map<string, readonly EndpointPort[]>();

/** An equal text, the same one each time as far as possible: 100,000 endpoints repeat a few names. A long one as it is. */
export function shareText(text: string): string {
  if (text.length > longest) return text;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= limit) texts.clear();
  texts.set(text, text);
  return text;
}

/** An equal list of ports, the same one each time as far as possible; a long one as it is. */
export function sharePorts(ports: readonly EndpointPort[]): readonly EndpointPort[] {
  const key = JSON.stringify(ports);
  if (key.length > longestPorts) return ports;
  const known = portLists.get(key);
  if (known !== undefined) return known;
  if (portLists.size >= limit) portLists.clear();
  portLists.set(key, ports);
  return ports;
}
