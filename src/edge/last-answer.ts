import path from 'node:path';
import { readRegularFile } from '../lib/read-regular-file.ts';
import { writeDurably } from '../lib/write-durably.ts';
import { edgeAnswer, type EdgeAnswer } from './edge-answer.ts';

const name = 'last-answer.json';
const largest = 64 * 1024 * 1024;

/** Keeps an answer for a start while the server is away. @throws The errors of the file system. */
export function writeLastAnswer(folder: string, answer: EdgeAnswer): Promise<void> {
  return writeDurably(path.join(folder, name), Buffer.from(JSON.stringify(answer)));
}

/** The answer that was kept last; undefined when there is none, or none that can be used, or none of this fleet. */
export async function readLastAnswer(
  folder: string,
  fleet: string | undefined,
): Promise<EdgeAnswer | undefined> {
  try {
    const text = await readRegularFile(path.join(folder, name), largest);
    const { data } = edgeAnswer.safeParse(JSON.parse(text.toString()));
    return fleet === undefined || data?.fleet === fleet ? data : undefined;
  } catch {
    return undefined;
  }
}
