import type { EndpointPort } from '../model/objects.ts';

/** Beyond this the tables start again, empty: sharing saves memory, so it must not become a leak itself. */
const limit = 20_000;
/** Of names in Kubernetes. Longer texts are seldom the same, and the table must not hold megabytes. */
const longest = 253;
const texts = new Map<string, string>();
const portLists = new Map<string, readonly EndpointPort[]>();

/** An equal text, the same one each time as far as possible: 100,000 endpoints repeat a few names. */
export function shareText(text: string): string {
  if (text.length > longest) return text;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= limit) texts.clear();
  texts.set(text, text);
  return text;
}

/** An equal list of ports, the same one each time as far as possible. */
export function sharePorts(ports: readonly EndpointPort[]): readonly EndpointPort[] {
  const key = JSON.stringify(ports);
  const known = portLists.get(key);
  if (known !== undefined) return known;
  if (portLists.size >= limit) portLists.clear();
  portLists.set(key, ports);
  return ports;
}
