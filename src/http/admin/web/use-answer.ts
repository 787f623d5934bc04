import { useEffect, useState } from 'preact/hooks';
import { ask, AskError } from './ask.ts';

/** What is known of the answer to a question. While it is asked again the last one stays. */
export interface Answer<T> {
  readonly path: string;
  readonly value?: T;
  /** Why there is none, or none newer. */
  readonly error?: AskError;
}

/** Asks, and asks again when the path or the version is another. The empty path asks nothing: it is not known yet. */
export function useAnswer<T>(path: string, version: number | string): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ path });
  useEffect(() => {
    if (path === '') return undefined;
    const control = new AbortController();
    ask<T>(path, control.signal).then(
      (value) => setAnswer({ path, value }),
      (error: unknown) => {
        if (control.signal.aborted) return;
        const told = error instanceof AskError ? error : new AskError(String(error));
        // What was there before is not true any more when it is gone, and still the best when only nobody answers.
        setAnswer((last) =>
          last.path === path && last.value !== undefined && told.status !== 404
            ? { ...last, error: told }
            : { path, error: told },
        );
      },
    );
    return () => control.abort();
  }, [path, version]);
  return answer.path === path ? answer : { path };
}
