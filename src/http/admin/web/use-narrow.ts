import { useEffect, useState } from 'preact/hooks';

/** As in the style sheet. */
const query = '(max-width: 720px)';

/** Whether the page is as narrow as on a phone. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = (): void => setNarrow(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
  return narrow;
}
