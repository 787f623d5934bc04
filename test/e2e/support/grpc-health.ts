import { createServer, type ServerHttp2Stream } from 'node:http2';
import { Listener, type Backend } from './backend.ts';

/** A gRPC server with the health service, which Traefik asks in the mode `grpc`. */
export interface GrpcHealth extends Backend {
  /** What it says of itself; true at the start. */
  serving: boolean;
}

/** It speaks HTTP/2 without TLS, and answers every other call by nothing but the status of success. */
export async function grpcHealth(address: string, port: number): Promise<GrpcHealth> {
  let hits = 0;
  const listener = new Listener(address, port, () => {
    const server = createServer();
    server.on('stream', (stream: ServerHttp2Stream, { ':path': path }) => {
      stream.on('error', () => {}).resume();
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      if (path !== '/grpc.health.v1.Health/Check') {
        hits += 1;
        stream.end();
      } else stream.end(toAnswer(backend.serving ? 1 : 2));
    });
    return server;
  });
  const backend = {
    address,
    port,
    serving: true,
    get hits() {
      return hits;
    },
    stop: () => listener.stop(),
  };
  await listener.open();
  return backend;
}

/** A `HealthCheckResponse` in its frame: uncompressed, two bytes, field 1 is the status (1 SERVING, 2 NOT_SERVING). */
function toAnswer(status: 1 | 2): Buffer {
  return Buffer.from([0, 0, 0, 0, 2, 8, status]);
}
