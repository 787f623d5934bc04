import { isDnsLabel } from '../lib/dns-names.ts';
import { accept, quote, refuse, type Parser } from './parsers.ts';

/** Another Service to which traffic goes, as an annotation names it. */
export interface ServiceTarget {
  /** Absent: the source of the Service that names it. */
  readonly source?: string;
  /** Absent: its namespace. */
  readonly namespace?: string;
  readonly name: string;
  /** The name or number of a port; absent: the one that fits. */
  readonly port?: string;
}

/** A namespace whose Services may lead here. */
export interface Grantee {
  /** Absent: the source of the Service that grants. */
  readonly source?: string;
  /** `*`: every one of that source. */
  readonly namespace: string;
}

/** A name of at most 63 characters, as sources, namespaces, Services and their ports have it. */
const isName = isDnsLabel;

/** Parses `name`, `namespace/name` or `source/namespace/name`, each with `:port` behind it or not. */
export const serviceTarget: Parser<ServiceTarget> = (text) => {
  const trimmed = text.length > 400 ? '' : text.trim();
  const [path = '', port, ...rest] = trimmed.split(':');
  const parts = path.split('/');
  const isPort = port === undefined || isName(port);
  if (rest.length > 0 || !isPort || parts.length > 3 || !parts.every(isName))
    return refuse(
      `${quote(text)} does not name a Service`,
      'Write "name", "namespace/name" or "source/namespace/name", with ":port" behind it where the port has to be named.',
    );
  const [name = '', namespace, source] = parts.toReversed();
  return accept({
    ...(source !== undefined && { source }),
    ...(namespace !== undefined && { namespace }),
    name,
    ...(port !== undefined && { port }),
  });
};

/** The Service as it was written, in its shortest form: the same text for the same Service and port. */
export function toTargetText({ source, namespace, name, port }: ServiceTarget): string {
  const path = [source, namespace, name].filter((part) => part !== undefined).join('/');
  return port === undefined ? path : `${path}:${port}`;
}
