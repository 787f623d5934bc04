import { createServer } from 'node:http';
import { Listener } from './backend.ts';

/** A server on one port of every address, which answers with the address that it was reached at. */
export interface AddressEcho {
  stop(): Promise<void>;
}

/** Starts it. In the private network it is a backend at every address that there is. */
export async function addressEcho(port: number): Promise<AddressEcho> {
  const listener = new Listener('0.0.0.0', port, () =>
    createServer((request, response) => response.end(request.socket.localAddress)),
  );
  await listener.open();
  return { stop: () => listener.stop() };
}
