import type { AnnotationEffect, RouteReason } from '../../../../model/published.ts';
import { Prose } from '../prose.tsx';
import { toCount } from '../words.ts';

const words: Readonly<Record<AnnotationEffect['effect'], string>> = {
  used: 'used',
  rejected: 'rejected',
  withholds: 'closes the route',
  'no-effect': 'no effect',
  'written-back': 'written by Fairlead',
};
const marks: Readonly<Record<AnnotationEffect['effect'], string>> = {
  used: 'good',
  rejected: 'bad',
  withholds: 'bad',
  'no-effect': 'warn',
  'written-back': 'idle',
};

/** What each annotation of an object asks for, and what became of it. */
export function Annotations(props: {
  readonly annotations: readonly AnnotationEffect[];
  readonly reasons: readonly RouteReason[];
  readonly object: string;
}) {
  const { annotations, reasons, object } = props;
  if (annotations.length === 0) return null;
  return (
    <section aria-label="Annotations">
      <h3>It asks for</h3>
      <ul class="asks">
        {annotations.map(({ key, value, effect, says }) => {
          const routers = reasons.filter((reason) =>
            reason.annotations.some((each) => each.key === key && each.object === object),
          );
          return (
            <li key={key}>
              <code class="key">{key}</code>
              <span class={`state ${marks[effect]}`}>{words[effect]}</span>
              <code class="value">{value}</code>
              <span class="sub">
                <Prose text={says} />
                {routers.length > 0 && ` It shapes ${toCount(routers.length, 'router')}.`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
