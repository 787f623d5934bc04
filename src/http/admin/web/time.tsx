import { useEffect, useState } from 'preact/hooks';
import { useLive } from './live.tsx';
import { toAge, toLocalTime } from './words.ts';

/** How long ago something was, or until it is; counts on by itself. */
export function Age({ time, suffix = ' ago' }: { readonly time: string; readonly suffix?: string }) {
  const { skewMs } = useLive();
  const now = useNow() + skewMs;
  const age = now - Date.parse(time);
  return (
    <time dateTime={time} title={toLocalTime(time)}>
      {age < -500 ? `in ${toAge(-age)}` : `${toAge(age)}${suffix}`}
    </time>
  );
}

/** The time of now, a second at a time. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
