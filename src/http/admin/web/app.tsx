import { useEffect } from 'preact/hooks';
import { Header } from './header.tsx';
import { useLive } from './live.tsx';
import { useNavigation } from './navigation.tsx';
import { ObjectPanel } from './object/object-panel.tsx';
import { Overview } from './overview/overview.tsx';
import type { Place } from './place.ts';
import { PortPanel } from './ports/port-panel.tsx';
import { PortsView } from './ports/ports-view.tsx';
import { ProblemsView } from './problems-view.tsx';
import { RoutesView } from './routes-view.tsx';

export function App() {
  const { place, go } = useNavigation();
  const { status } = useLive();
  useTitle(place);
  useKeys(() => go({ object: '', port: '' }));
  const isOpen = place.object !== '' || place.port !== '';
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      {status.error && (
        <p class="banner" role="alert">
          {status.error.message}. What is shown may be old.
        </p>
      )}
      <div class={isOpen ? 'stage with-panel' : 'stage'}>
        <main id="main" tabIndex={-1}>
          <ShownView place={place} />
        </main>
        {place.object !== '' && <ObjectPanel key={place.object} path={place.object} />}
        {place.object === '' && place.port !== '' && <PortPanel key={`${place.pool} ${place.port}`} />}
      </div>
    </>
  );
}

function ShownView({ place }: { readonly place: Place }) {
  switch (place.view) {
    case 'overview':
      return <Overview />;
    case 'routes':
      return <RoutesView />;
    case 'ports':
      return <PortsView />;
    case 'problems':
      return <ProblemsView />;
  }
}

const titles: Readonly<Record<Place['view'], string>> = {
  overview: 'Overview',
  routes: 'Routes',
  ports: 'Ports',
  problems: 'Problems',
};

function useTitle({ view, object, port }: Place): void {
  useEffect(() => {
    const what = object || (port && `Port ${port}`) || titles[view];
    document.title = `${what} · Fairlead`;
  }, [view, object, port]);
}

/** `/` goes to the search field, Escape closes what lies beside. */
function useKeys(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === 'Escape' && !event.defaultPrevented) close();
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const search = document.querySelector<HTMLInputElement>('input[type="search"]');
      if (search === null) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [close]);
}
