import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket, type PeerCertificate } from 'node:tls';
import { requireLocalAddress } from './local-address.ts';

export interface TcpOptions {
  /** The client's own address; in the private network any will do. */
  readonly from?: string;
  /** Set: TLS with this name for SNI; any certificate is taken, and reported. */
  readonly sni?: string;
}

const PATIENCE_MS = 5_000;

/** A TCP connection as a test uses it: lines out and in, each with a time-out. */
export class TcpConnection {
  readonly #socket: Socket;
  #buffer = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    // What went wrong shows as `closed`, and as a read that fails.
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (text: string) => (this.#buffer += text));
  }

  /** Whether either side has ended it. */
  get closed(): boolean {
    return this.#socket.destroyed || this.#socket.readableEnded;
  }

  /** The server's certificate, over TLS. */
  get certificate(): PeerCertificate | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate() : undefined;
  }

  /** The next line without its line end; rejects when none comes in time, or the connection ends before. */
  async readLine(ms = PATIENCE_MS): Promise<string> {
    const signal = AbortSignal.timeout(ms);
    for (;;) {
      const end = this.#buffer.indexOf('\n');
      if (end >= 0) {
        const line = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        return line;
      }
      if (this.closed) throw new Error(`the connection ended after ${JSON.stringify(this.#buffer)}`);
      await this.#nextEvent(signal);
    }
  }

  /** Sends a line, and returns the next line that comes. */
  ask(line: string, ms = PATIENCE_MS): Promise<string> {
    this.#socket.write(`${line}\n`);
    return this.readLine(ms);
  }

  /** Closes the connection; nothing of it is left when this resolves. */
  async stop(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }

  async #nextEvent(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        this.#socket.off('data', done).off('end', done).off('close', done);
        signal.removeEventListener('abort', done);
        if (signal.aborted) reject(new Error('nothing came in time', { cause: signal.reason }));
        else resolve();
      };
      this.#socket.once('data', done).once('end', done).once('close', done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

/** Connects; rejects when the connection, or the TLS handshake, fails. */
export async function tcpConnect(ip: string, port: number, options: TcpOptions = {}): Promise<TcpConnection> {
  requireLocalAddress(ip);
  const target = { host: ip, port, ...(options.from === undefined ? {} : { localAddress: options.from }) };
  const { sni } = options;
  const socket =
    sni === undefined
      ? connect(target)
      : connectTls({ ...target, servername: sni, rejectUnauthorized: false, timeout: PATIENCE_MS });
  const connection = new TcpConnection(socket);
  try {
    await once(socket, sni === undefined ? 'connect' : 'secureConnect', {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return connection;
}

/** Sends one datagram and returns the answer; rejects when none comes in time. */
export async function udpAsk(ip: string, port: number, message: string, ms = PATIENCE_MS): Promise<string> {
  requireLocalAddress(ip);
  const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
  try {
    return await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer from ${ip}:${port} in ${ms} ms`)), ms);
      socket.once('error', reject).once('message', (answer) => {
        clearTimeout(timer);
        resolve(answer.toString());
      });
      socket.send(message, port, ip);
    });
  } finally {
    socket.close();
  }
}
