import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';

/** So much is compressed at once. Each time costs some fifty microseconds, and a piece by itself may be small. */
const batchBytes = 2 ** 20;
const outputBytes = 2 ** 18;

/**
 * The bytes of all pieces, compressed off the event loop. They are never there as a whole: for a document that changes ten
 * times in a second V8 would have dozens of megabytes to give back.
 */
export async function gzipPieces(pieces: readonly Buffer[]): Promise<Buffer> {
  const output: Buffer[] = [];
  await pipeline(
    toBatches(pieces),
    // The fastest level: the way to Traefik is short, and what waits for this is a change to be routed.
    createGzip({ level: constants.Z_BEST_SPEED, chunkSize: outputBytes }),
    async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) output.push(chunk);
    },
  );
  return Buffer.concat(output);
}

/** All in the same memory: a full one is more than a stream keeps, so `pipeline` asks for the next when it has been compressed. */
function* toBatches(pieces: readonly Buffer[]): Generator<Buffer> {
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const batch = Buffer.allocUnsafe(Math.min(batchBytes, bytes));
  let filled = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.length;) {
      const copied = piece.copy(batch, filled, start);
      [start, filled] = [start + copied, filled + copied];
      if (filled < batch.length) continue;
      yield batch;
      filled = 0;
    }
  }
  if (filled > 0) yield batch.subarray(0, filled);
}
