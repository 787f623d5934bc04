import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useNavigation } from './navigation.tsx';

/** What lies beside a view, and over it on a phone. What has opened it gets the focus back. */
export function Panel({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const { go } = useNavigation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const isStep = before instanceof SVGElement;
    // Whoever walks over the map stays there.
    if (!isStep) heading.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside class="panel" aria-label={title}>
      <div class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="close" onClick={() => go({ object: '', port: '' })}>
          <span aria-hidden="true">✕</span>
          <span class="unseen">Close</span>
        </button>
      </div>
      {children}
    </aside>
  );
}
