import type { PoolProtocol, Port } from './port.ts';

/** The pool that stands for all numbers which imports give out: they lie anywhere, and none is ever handed out. No fleet may call another pool so. */
export const importedPool = 'imported';

/** A port that the configuration gives to a port of a Service, by its number. */
export interface ImportedPort {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  readonly port: Port;
  readonly servicePort: number;
  /** Set: the backend is told by the PROXY protocol who the client is. */
  readonly toBackend?: true;
  /** Where it stands, for problems of the Service: `data[9000] of ConfigMap ingress-nginx/tcp-services`. */
  readonly field: string;
}

/** A number for which a fleet needs an entryPoint, whatever its pools are. */
export interface ImportedNumber {
  readonly fleet: string;
  readonly protocol: PoolProtocol;
  readonly port: Port;
  /** Set: clients say by the PROXY protocol who they are. */
  readonly fromClients?: true;
}
