import type { Listener, NamedRef } from '../../../../src/model/gateway-specs.ts';

/** What a test may say of a listener. */
type Changes = Partial<Listener>;

/** A listener of HTTP on port 80, as it stands first in its object; its name is also the end of its field. */
export function toListener(name: string, changes: Changes = {}): Listener {
  return {
    name,
    port: 80,
    protocol: 'HTTP',
    allowedRoutes: { namespaces: { from: 'Same' }, kinds: [] },
    field: `spec.listeners[${name}]`,
    ...changes,
  };
}

/** A listener of HTTPS on port 443 with the certificate of a Secret. */
export function toHttps(name: string, hostname?: string, ...secrets: readonly string[]): Listener {
  const certificateRefs = secrets.map((each, index) => toSecretRef(each, `tls.certificateRefs[${index}]`));
  return toListener(name, {
    port: 443,
    protocol: 'HTTPS',
    ...(hostname !== undefined && { hostname }),
    tls: { mode: 'Terminate', certificateRefs, hasOptions: false },
  });
}

/** `name` or `namespace/name`. */
export function toSecretRef(text: string, field: string, kind = 'Secret'): NamedRef {
  const [name = '', namespace] = text.split('/').toReversed();
  return { group: '', kind, name, field, ...(namespace !== undefined && { namespace }) };
}
