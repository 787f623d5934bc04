import type { ComponentChildren } from 'preact';

/** A part of the overview. */
export function Card(props: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}) {
  const { title, aside, wide = false, children } = props;
  return (
    <section class={wide ? 'card wide' : 'card'} aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        {aside !== undefined && <span class="aside">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
