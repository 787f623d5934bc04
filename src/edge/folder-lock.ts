import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { toErrorCode } from '../lib/error-text.ts';

/**
 * Takes a folder for this process, as long as it lives; undefined when another one has it. By a socket with a name of its own in
 * the kernel (Linux), which is gone with its process: a file would outlive the container that it was made in, and the next one
 * could not tell. Elsewhere nobody is kept out.
 */
export async function lockFolder(folder: string): Promise<Server | undefined> {
  const { dev, ino } = await stat(folder);
  const server = createServer((socket) => socket.destroy());
  server.unref();
  if (process.platform !== 'linux') return server;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(`\0fairlead-edge/${dev}/${ino}`, () => resolve());
    });
    return server;
  } catch (error) {
    if (toErrorCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
}
