/** A command was called in a way that it cannot be: one line that says what is wrong and how to mend it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
