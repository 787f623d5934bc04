import type { z } from 'zod';
import { isObject } from '../lib/raw-object.ts';
import { httpMiddlewareKinds } from './http-middleware.ts';
import { httpRouter } from './http-router.ts';
import { httpServiceKinds, serviceMiddlewares } from './http-service.ts';
import { toIssueText } from './issue-text.ts';
import type { Section } from './sections.ts';
import { serversTransport, tcpServersTransport } from './servers-transport.ts';
import { tcpMiddlewareKinds, tcpRouter, tcpServiceKinds } from './tcp.ts';
import { tlsCertificate, tlsOptions, tlsStore } from './tls.ts';
import { udpRouter, udpServiceKinds } from './udp.ts';

type Check = (value: unknown) => string | null;
type Kinds = Readonly<Record<string, z.ZodType>>;

/** Elements with one shape are checked by a schema, those with one field of several by the schema of that field. */
const checks: Readonly<Record<Section, Check>> = {
  'http.middlewares': bySchemaOfKind(httpMiddlewareKinds),
  'http.routers': bySchema(httpRouter),
  'http.serversTransports': bySchema(serversTransport),
  'http.services': bySchemaOfKind(httpServiceKinds, { middlewares: serviceMiddlewares }),
  'tcp.middlewares': bySchemaOfKind(tcpMiddlewareKinds),
  'tcp.routers': bySchema(tcpRouter),
  'tcp.serversTransports': bySchema(tcpServersTransport),
  'tcp.services': bySchemaOfKind(tcpServiceKinds),
  'tls.certificates': bySchema(tlsCertificate),
  'tls.options': bySchema(tlsOptions),
  'tls.stores': bySchema(tlsStore),
  'udp.routers': bySchema(udpRouter),
  'udp.services': bySchemaOfKind(udpServiceKinds),
};

/**
 * What is wrong with one element of the dynamic configuration, in one line that starts with the field, or null.
 * Null means: Traefik of the newest known version decodes it, and does not disable it for anything in the element
 * itself. That what it refers to exists is for the caller to see to.
 */
export function checkElement(section: Section, value: unknown): string | null {
  return checks[section](value);
}

/** What is wrong with the key of an element, or null. An `@` would turn its references to another provider. */
export function checkKey(key: string): string | null {
  if (key === '') return 'the key is empty';
  if (key.length > 200) return 'the key is longer than 200 characters';
  return /^[^@\u2551\p{C}]+$/u.test(key) ? null : 'the key holds @, U+2551 or a control character';
}

function bySchema(schema: z.ZodType): Check {
  return (value) => {
    const result = schema.safeParse(value);
    return result.success ? null : toIssueText(result.error.issues[0], []);
  };
}

function bySchemaOfKind(kinds: Kinds, beside: Kinds = {}): Check {
  return (value) => {
    if (!isObject(value)) return 'is no object';
    const own = Object.keys(value).filter((key) => value[key] !== undefined);
    const chosen = own.filter((key) => !Object.hasOwn(beside, key));
    if (chosen.length !== 1)
      return chosen.length === 0 ? 'has no kind' : `has the kinds ${chosen.join(' and ')}`;
    for (const key of own) {
      const schema = Object.hasOwn(kinds, key)
        ? kinds[key]
        : Object.hasOwn(beside, key)
          ? beside[key]
          : undefined;
      if (schema === undefined) return `${key} is unknown`;
      const result = schema.safeParse(value[key]);
      if (!result.success) return toIssueText(result.error.issues[0], [key]);
    }
    return null;
  };
}
