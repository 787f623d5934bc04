import type { Backend } from '../backend.ts';
import { httpEcho, httpsEcho, tcpGreeter, type HttpEcho } from '../backends.ts';
import type { World } from '../world.ts';
import type { ScenarioSource } from './scenario-source.ts';

/** The addresses of the edge hosts. */
export const edges = ['127.0.0.1', '10.1.0.2'];

/** A source with two edges before it and backends behind it. The scenarios add theirs while they are declared. */
export class Stage {
  readonly source: ScenarioSource;
  readonly #backends: (() => Promise<Backend>)[] = [];
  readonly #webs = new Map<string, HttpEcho>();

  constructor(source: ScenarioSource) {
    this.source = source;
  }

  get world(): World {
    return this.source.world;
  }

  addDatabase(address: string, port: number): void {
    this.#backends.push(() => tcpGreeter(address, port));
  }

  addWeb(address: string, port: number): void {
    this.#addEcho(httpEcho, address, port);
  }

  addHttpsWeb(address: string, port: number): void {
    this.#addEcho(httpsEcho, address, port);
  }

  /** The web server at this address, once all is started. */
  getWeb(address: string): HttpEcho {
    const web = this.#webs.get(address);
    if (web === undefined) throw new Error(`no web server at ${address}`);
    return web;
  }

  async start(): Promise<void> {
    await this.source.start({ edges, backends: this.#backends });
  }

  #addEcho(start: typeof httpEcho, address: string, port: number): void {
    this.#backends.push(async () => {
      const web = await start(address, port);
      this.#webs.set(address, web);
      return web;
    });
  }
}
