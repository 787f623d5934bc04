import type { Directives } from '../../annotations/directives.ts';
import { families, selectParts } from '../../annotations/parts.ts';
import { annotationField } from '../../model/problem.ts';
import type { TcpHealthCheck } from '../../traefik/health-check.ts';
import type { TcpServersTransport } from '../../traefik/servers-transport.ts';
import type { Finding } from './finding.ts';

/** How connections go on to the servers of a TCP port. */
export interface TcpOptions {
  /** Undefined: Traefik's defaults. */
  readonly transport?: TcpServersTransport;
  /** Whether TLS is spoken to them. */
  readonly tls?: true;
  readonly health?: TcpHealthCheck;
}

export interface TcpOptionsResult {
  /** Undefined: no connection may go on. */
  readonly options: TcpOptions | undefined;
  readonly findings: readonly Finding[];
  /** The parts of the directives that are in them, with the middlewares of TCP. */
  readonly carried: readonly string[];
}

/** What the annotations of a Service say of connections to its servers: the same for a pool port and a route by SNI. */
export function toTcpOptions(directives: Directives, parts: Iterable<string>): TcpOptionsResult {
  const tls = directives.tcpScheme === 'tls';
  const wanted = tls ? families.tcpRoute : families.tcpRoute.filter((family) => family !== 'tcpTls');
  const carried = selectParts(parts, wanted);
  if (tls && directives.tcpTls?.serverName === undefined && directives.tcpTls?.insecureSkipVerify !== true)
    return { options: undefined, findings: [nameless], carried };
  const transport = { ...directives.tcpTransport, ...(tls && toTls(directives.tcpTls)) };
  const health = directives.tcpHealth;
  return {
    options: {
      ...(tls && { tls }),
      ...(Object.keys(transport).length > 0 && { transport }),
      ...(health && { health }),
    },
    findings: [],
    carried,
  };
}

/** With a header of the PROXY protocol before each connection, as ingress-nginx sends it, unless the Service says which one it wants. */
export function withProxyHeader(options: TcpOptions | undefined): TcpOptions | undefined {
  return options && { ...options, transport: { proxyProtocol: { version: 1 }, ...options.transport } };
}

/** What Traefik does by default is not sent. */
function toTls({ insecureSkipVerify, ...rest }: NonNullable<Directives['tcpTls']> = {}): TcpServersTransport {
  return { tls: { ...rest, ...(insecureSkipVerify === true && { insecureSkipVerify }) } };
}

/** Of TCP Traefik does not check a certificate against the address, as it does for HTTPS: without a name every handshake fails. */
const nameless: Finding = {
  code: 'annotation-invalid',
  field: annotationField('fairlead.dev/scheme'),
  message: '"tls" lacks the name that the certificate of the backend has to have; connections are closed',
  hint: 'Add fairlead.dev/server-name with a name of the certificate, or set fairlead.dev/insecure-skip-verify to "true".',
};
