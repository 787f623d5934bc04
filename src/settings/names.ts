import { toCount } from '../lib/to-count.ts';
import { accept, refuse, type Parsed } from '../lib/parsed.ts';

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualified = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** The name of a fleet, a source or a namespace: a DNS label (RFC 1123), so that it can stand in a URL. */
export function parseLabel(text: string): Parsed<string> {
  if (label.test(text)) return accept(text);
  return refuse(
    'is not a DNS label',
    'use at most 63 of a-z, 0-9 and -, with a letter or digit at both ends',
  );
}

/** The name of a namespace, perhaps with `*` in it for any characters. */
export function parseNamespacePattern(text: string): Parsed<string> {
  if (/^[-a-z0-9*]{1,63}$/.test(text) && label.test(text.replaceAll('*', 'a'))) return accept(text);
  return refuse(
    'is not the name of a namespace, nor a pattern',
    'use at most 63 of a-z, 0-9, - and *, such as game-*',
  );
}

/** The name of most Kubernetes objects: a DNS subdomain (RFC 1123). */
export function parseSubdomain(text: string): Parsed<string> {
  if (text.length <= 253 && subdomain.test(text)) return accept(text);
  return refuse(
    'is not a name that Kubernetes allows',
    'use a-z, 0-9, - and dots, such as internal or example.com',
  );
}

/** A DNS domain, without the dot that may stand at its end. */
export function parseDomain(text: string): Parsed<string> {
  const domain = text.endsWith('.') ? text.slice(0, -1) : text;
  if (domain.length <= 200 && subdomain.test(domain)) return accept(domain);
  return refuse('is not a DNS domain', 'write a domain such as cluster.local');
}

/** The value of a label that names a zone. */
export function parseZone(text: string): Parsed<string> {
  if (text.length <= 63 && qualified.test(text)) return accept(text);
  return refuse('is not the name of a zone', 'write it as nodes have it in topology.kubernetes.io/zone');
}

/** `namespace/name`. */
export function parseNamespacedName(text: string): Parsed<string> {
  const [namespace = '', name = '', ...more] = text.split('/');
  if (more.length === 0 && label.test(namespace) && subdomain.test(name)) return accept(text);
  return refuse('does not name an object', 'write namespace/name, such as fairlead-system/fairlead-ports');
}

/** The controller that an IngressClass or a GatewayClass names: a domain, then a path. */
export function parseController(text: string): Parsed<string> {
  const [domain = '', ...path] = text.split('/');
  const good =
    subdomain.test(domain) && path.length > 0 && path.every((part) => /^[-A-Za-z0-9_.~]+$/.test(part));
  if (good && text.length <= 250) return accept(text);
  return refuse('is not the name of a controller', 'write domain/path, such as k8s.io/ingress-nginx');
}

/** The key of an annotation: a name of at most 63 characters, perhaps behind `domain/`. */
export function isAnnotationKey(text: string): boolean {
  const [name = '', prefix, ...more] = text.split('/').toReversed();
  const prefixFits = prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
  return more.length === 0 && prefixFits && name.length <= 63 && qualified.test(name);
}

/** `fairlead.dev/expose`, or `key=value` for an annotation that asks by one fixed value. */
export function parseExpose(text: string): Parsed<{ readonly key: string; readonly value?: string }> {
  const [key = '', ...rest] = text.split('=');
  if (!isAnnotationKey(key)) {
    return refuse(
      'does not begin with the key of an annotation',
      'write key or key=value, such as fairlead.dev/expose',
    );
  }
  if (rest.length === 0) return accept({ key });
  const value = rest.join('=');
  return value === ''
    ? refuse('has no value after the =', `write ${key}=value, or ${key} alone`)
    : accept({ key, value });
}

/** The key under which the answer is written back: `{port}` must be in it, `{protocol}` may. */
export function parseAllocated(text: string): Parsed<string> {
  if (!text.includes('{port}'))
    return refuse('does not hold {port}', 'write it as {protocol}.fairlead.dev/{port}');
  if (isAnnotationKey(text.replaceAll('{port}', '65535').replaceAll('{protocol}', 'tcp')))
    return accept(text);
  return refuse('does not make the key of an annotation', 'write it as {protocol}.fairlead.dev/{port}');
}

/**
 * The name of one of Traefik's entryPoints. No dots: the static configuration also comes as command-line arguments,
 * where a dot would end the name.
 */
export function parseEntryPointName(text: string): Parsed<string> {
  if (/^[A-Za-z0-9][-A-Za-z0-9_]*$/.test(text)) return accept(text);
  return refuse('is not the name of an entryPoint', 'use letters, digits, - and _, such as websecure');
}

/** The names of a pool's entryPoints, with `{port}` where the number goes. */
export function parseEntryPointTemplate(text: string, example: string): Parsed<string> {
  if (!text.includes('{port}')) return refuse('does not hold {port}', `write it as ${example}`);
  const name = parseEntryPointName(text.replaceAll('{port}', '65535'));
  return name.ok ? accept(text) : refuse('does not make the name of an entryPoint', `write it as ${example}`);
}

/** A bearer token: long enough not to be guessed, and of characters that a header can hold. */
export function parseToken(text: string): Parsed<string> {
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return refuse('holds a blank or a character beyond ASCII', 'make one with: openssl rand -hex 32');
  }
  return text.length >= 16
    ? accept(text)
    : refuse(
        `has ${toCount(text.length, 'character')}, too few`,
        'use 16 or more; make one with: openssl rand -hex 32',
      );
}

/** The path of a file or folder. */
export function parsePath(text: string): Parsed<string> {
  if (text === '') return refuse('is empty', 'write a path, such as ./vms');
  return text.includes('\0') ? refuse('holds a NUL character', 'write a path, such as ./vms') : accept(text);
}

/** `db.example.com`, or `*.example.com` for every name below, or one label alone; in lower case. */
export function parseNamePattern(text: string): Parsed<string> {
  const name = text.toLowerCase();
  const rest = name.startsWith('*.') ? name.slice(2) : name;
  return rest.length <= 250 && subdomain.test(rest)
    ? accept(name)
    : refuse('is not a host name', 'write it as db.example.com or *.example.com');
}
