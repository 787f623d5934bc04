import { useCallback, useState } from 'preact/hooks';
import { useNavigation } from './navigation.tsx';

/** A list that is searched: the text that is looked for now, at first that of the URL, and how many it found. */
export function useSearch() {
  const { place } = useNavigation();
  const [text, setText] = useState(place.q);
  const [total, setTotal] = useState<number>();
  // The very same functions at each rendering, so that nothing is asked again for them.
  const onText = useCallback((next: string) => setText(next), []);
  const onTotal = useCallback((next: number) => setTotal(next), []);
  return { text, total, onText, onTotal };
}
