import { toReadErrorText } from '../lib/error-text.ts';
import { readRegularFile } from '../lib/read-regular-file.ts';
import { UsageError } from '../app/usage-error.ts';

/**
 * The text of a small file that an option names, without what is blank at its ends. `what` says for the message what belongs into it.
 * @throws UsageError when it cannot be read or is empty.
 */
export async function readSecretFile(option: string, file: string, what: string): Promise<string> {
  let text: string;
  try {
    text = (await readRegularFile(file, 65_536)).toString().trim();
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${toReadErrorText(error)}`, { cause: error });
  }
  if (text === '') throw new UsageError(`${option} ${file} is empty; put ${what} into it`);
  return text;
}

/** A text as a token. @throws UsageError when it is none; `where` names the file or variable, `which` the setting that lists tokens. */
export function demandToken(text: string, where: string, which: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new UsageError(`${where} holds more than a token; write one of ${which} and nothing else`);
}
