/**
 * Why a certificate or key cannot be used: a sentence that follows the name of the Secret, such as `has a key that is
 * encrypted`. Thrown inside this folder only; what the folder exports returns the sentence. It never shows a byte of a key.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The end of a reading: for expressions. */
export function refuse(sentence: string): never {
  throw new Refusal(sentence);
}
