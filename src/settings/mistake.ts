import { toFieldPath, type ValuePath } from './value-path.ts';

/** One thing that is wrong with the configuration. The texts have no full stop. */
export interface Mistake {
  /** The field; empty for the file, the variable or the document as a whole. */
  readonly path: ValuePath;
  readonly message: string;
  /** The value as it stands, ready to be shown. */
  readonly got?: string;
  /** How to mend it. */
  readonly hint: string;
  /** `file:line:column`, or the name of an environment variable. */
  readonly where?: string;
}

/** `fairlead.yaml:3:9: provider.hold: is not a duration (got "4"); write numbers with …`: always one line. */
export function toMistakeLine({ where, path, message, got, hint }: Mistake): string {
  const about = [where, toFieldPath(path)].filter((part) => part !== undefined && part !== '');
  const said = [...about, got === undefined ? message : `${message} (got ${got})`].join(': ');
  return `${said}; ${hint}`.replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

/** The configuration cannot be used. It holds every mistake that was found; its message has one line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(toMistakeLine).join('\n'));
    this.mistakes = mistakes;
  }
}
