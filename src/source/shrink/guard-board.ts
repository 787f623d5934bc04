/** What replicas tell each other about losses: by source, a text that is another one whenever it is said again. */
export interface GuardNotes {
  /** Somebody said that what stands of it was meant. */
  readonly confirmed: ReadonlyMap<string, string>;
  /** A replica holds back a loss of it, and says so again while it does. */
  readonly holding: ReadonlyMap<string, string>;
}

export type GuardNote = keyof GuardNotes;

export const noNotes: GuardNotes = { confirmed: new Map(), holding: new Map() };

/** Where all replicas read it, so that what is confirmed to one of them counts for all. */
export interface GuardBoard {
  /** Reads it, and from then on calls `changed` after each change. Resolves once it has been read, or could not be; then that is tried again. */
  start(changed: (notes: GuardNotes) => void): Promise<void>;
  /** Rejects when it cannot be written now. A note that is null is taken away. */
  note(kind: GuardNote, source: string, text: string | null): Promise<void>;
  stop(): Promise<void>;
}

/** A board for the only replica there is. */
export function createMemoryGuardBoard(): GuardBoard {
  let notes = noNotes;
  let tell: ((notes: GuardNotes) => void) | undefined;
  return {
    start: (changed) => {
      tell = changed;
      changed(notes);
      return Promise.resolve();
    },
    note: (kind, source, text) => {
      notes = withNote(notes, kind, source, text);
      tell?.(notes);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}

function withNote(notes: GuardNotes, kind: GuardNote, source: string, text: string | null): GuardNotes {
  const next = new Map(notes[kind]);
  if (text === null) next.delete(source);
  else next.set(source, text);
  return { ...notes, [kind]: next };
}
