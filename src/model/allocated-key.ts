import { isPort, type PoolProtocol, type Port } from './port.ts';

/**
 * The key of the annotation that tells the pool port of a Service port. `template` is `allocated` of an `ExposeAnnotation`,
 * with `{port}` and perhaps `{protocol}` in it.
 */
export function toAllocatedKey(template: string, protocol: PoolProtocol, servicePort: number): string {
  return template.replace('{protocol}', protocol).replace('{port}', String(servicePort));
}

/**
 * Tells whether a key has the form of such an annotation, for whatever port. The port has to be a number: with a template such
 * as `haproxy-ingress/{port}` the annotations of other purposes have the same beginning.
 */
export function toAllocatedKeyTest(templates: readonly string[]): (key: string) => boolean {
  const patterns = templates.map((template) => {
    const escaped = template.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    return escaped
      .replace(String.raw`\{protocol\}`, '(?:tcp|udp)')
      .replace(String.raw`\{port\}`, String.raw`\d{1,5}`);
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
