import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { parsePlace, stepFrom, toSearch, type Place, type Step } from './place.ts';

export interface Navigation {
  readonly place: Place;
  /** `replace`: not a step of its own for the back button. */
  readonly go: (step: Step, how?: 'push' | 'replace') => void;
}

const NavigationContext = createContext<Navigation>({ place: parsePlace(''), go: () => {} });

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

/** Follows the address, and is the only one that changes it. */
export function NavigationProvider({ children }: { readonly children: ComponentChildren }) {
  const [place, setPlace] = useState(() => parsePlace(location.search));
  useEffect(() => {
    const follow = (): void => setPlace(parsePlace(location.search));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = useCallback((step: Step, how: 'push' | 'replace' = 'push') => {
    const from = parsePlace(location.search);
    const next = stepFrom(from, step);
    if (toSearch(next) === toSearch(from)) return;
    history[how === 'push' ? 'pushState' : 'replaceState'](null, '', toSearch(next));
    setPlace(next);
    if (next.view !== from.view) scrollTo(0, 0);
  }, []);
  const navigation = useMemo(() => ({ place, go }), [place, go]);
  return <NavigationContext.Provider value={navigation}>{children}</NavigationContext.Provider>;
}

export interface LinkProps {
  readonly to: Step;
  readonly class?: string;
  readonly current?: 'page' | 'true' | undefined;
  readonly label?: string;
  readonly tabIndex?: number;
  readonly index?: number;
  readonly children: ComponentChildren;
}

/** A link to another state of the page: opened in another tab it is the same. */
export function Link({ to, current, label, index, children, ...rest }: LinkProps) {
  const { place, go } = useNavigation();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      {...rest}
      href={toSearch(stepFrom(place, to))}
      aria-current={current}
      aria-label={label}
      data-index={index}
      onClick={follow}
    >
      {children}
    </a>
  );
}
