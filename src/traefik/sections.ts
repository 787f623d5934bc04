import type { HttpMiddleware } from './http-middleware.ts';
import type { HttpRouter } from './http-router.ts';
import type { HttpService } from './http-service.ts';
import type { ServersTransport, TcpServersTransport } from './servers-transport.ts';
import type { TcpMiddleware, TcpRouter, TcpService } from './tcp.ts';
import type { TlsCertificate, TlsOptions, TlsStore } from './tls.ts';
import type { UdpRouter, UdpService } from './udp.ts';

/** The maps of Traefik's dynamic configuration, and the list `tls.certificates`, each with what its elements are. */
export interface Elements {
  readonly 'http.middlewares': HttpMiddleware;
  readonly 'http.routers': HttpRouter;
  readonly 'http.serversTransports': ServersTransport;
  readonly 'http.services': HttpService;
  readonly 'tcp.middlewares': TcpMiddleware;
  readonly 'tcp.routers': TcpRouter;
  readonly 'tcp.serversTransports': TcpServersTransport;
  readonly 'tcp.services': TcpService;
  readonly 'tls.certificates': TlsCertificate;
  readonly 'tls.options': TlsOptions;
  readonly 'tls.stores': TlsStore;
  readonly 'udp.routers': UdpRouter;
  readonly 'udp.services': UdpService;
}

export type Section = keyof Elements;
