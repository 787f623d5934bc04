import * as z from 'zod';
import type { KubeClient } from '../../src/kubernetes/kube-client.ts';

const eventSchema = z.object({
  type: z.string(),
  object: z.looseObject({
    code: z.number().optional(),
    metadata: z.looseObject({ name: z.string().default(''), resourceVersion: z.string().default('') }),
  }),
});

/** A watch, and all that has come of it. */
export class ContractWatch {
  readonly events: {
    readonly type: string;
    readonly name: string;
    readonly version: string;
    readonly code: number;
  }[] = [];
  /** How it ended. */
  readonly ended: Promise<'closed' | 'cut'>;
  readonly #stop: AbortController;

  private constructor(stream: AsyncIterable<Uint8Array>, stop: AbortController) {
    this.#stop = stop;
    this.ended = this.#read(stream).then(
      () => 'closed',
      () => 'cut',
    );
  }

  static async open(
    client: KubeClient,
    path: string,
    query: Readonly<Record<string, string | number>>,
  ): Promise<ContractWatch> {
    const stop = new AbortController();
    return new ContractWatch(
      await client.stream(path, { query: { watch: true, ...query }, signal: stop.signal }),
      stop,
    );
  }

  /** `TYPE name` of each event. */
  get lines(): readonly string[] {
    return this.events.map(({ type, name }) => `${type} ${name}`);
  }

  /** Resolves when exactly these events have come. */
  async until(lines: readonly string[]): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (JSON.stringify(this.lines) !== JSON.stringify(lines)) {
      if (performance.now() > deadline) throw new Error(`seen: ${this.lines.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  async #read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const { type, object } = eventSchema.parse(JSON.parse(line));
        const { name, resourceVersion } = object.metadata;
        this.events.push({ type, name, version: resourceVersion, code: object.code ?? 0 });
      }
    }
  }
}
