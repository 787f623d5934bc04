import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Status } from '../status.ts';
import { useAnswer, type Answer } from './use-answer.ts';

export interface Live {
  readonly status: Answer<Status>;
  /** Another one whenever there may be something new to read. */
  readonly version: string;
  /** Another one also when a Traefik has fetched something, and every few seconds. */
  readonly moment: string;
  /** Whether news comes by itself; otherwise it is asked for every few seconds. */
  readonly connected: boolean;
  /** By how many milliseconds the clock of the server is ahead of this one. */
  readonly skewMs: number;
}

const LiveContext = createContext<Live>({
  status: { path: '' },
  version: '',
  moment: '',
  connected: false,
  skewMs: 0,
});

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Polls of Traefik are no news; so often their times are read all the same. */
const tickMs = 5_000;
/** A stream that was refused is not tried again by the browser. */
const retryMs = 10_000;

interface News {
  readonly state: string;
  readonly traefiks: string;
  readonly connected: boolean;
}

/** Follows what the server announces, and keeps the status. */
export function LiveProvider({ children }: { readonly children: ComponentChildren }) {
  const news = useNews();
  const tick = useTick();
  const moment = `${news.state} ${news.traefiks} ${tick}`;
  const status = useAnswer<Status>('api/status', moment);
  const [skewMs, setSkewMs] = useState(0);
  const time = status.value?.time;
  useEffect(() => {
    if (time !== undefined) setSkewMs(Date.parse(time) - Date.now());
  }, [time]);
  // Without the stream lists are read as often as the status.
  const version = news.connected ? news.state : `${news.state} ${tick}`;
  const live = { status, version, moment, connected: news.connected, skewMs };
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

function useNews(): News {
  const [news, setNews] = useState<News>({ state: '', traefiks: '', connected: false });
  useEffect(() => {
    let source: EventSource | undefined;
    let retry = 0;
    let opened = 0;
    const listen = (): void => {
      source = new EventSource('api/events');
      source.addEventListener('open', () => (opened += 1));
      source.addEventListener('state', (event) => {
        const { state, traefiks } = JSON.parse(String(event.data)) as Record<string, number>;
        // Another stream may be that of another process, which counts from the start.
        setNews({ state: `${opened}.${state}`, traefiks: `${opened}.${traefiks}`, connected: true });
      });
      source.addEventListener('error', () => {
        setNews((last) => (last.connected ? { ...last, connected: false } : last));
        if (source?.readyState === EventSource.CLOSED) retry = window.setTimeout(listen, retryMs);
      });
    };
    listen();
    return () => {
      source?.close();
      clearTimeout(retry);
    };
  }, []);
  return news;
}

/** Counts while somebody looks. */
function useTick(): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const next = (): void => {
      if (document.visibilityState === 'visible') setTick((last) => last + 1);
    };
    const timer = window.setInterval(next, tickMs);
    document.addEventListener('visibilitychange', next);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', next);
    };
  }, []);
  return tick;
}
