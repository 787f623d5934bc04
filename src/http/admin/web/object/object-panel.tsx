import type { ExplanationJson } from '../../report-json.ts';
import { useLive } from '../live.tsx';
import { Link } from '../navigation.tsx';
import { Panel } from '../panel.tsx';
import { useAnswer } from '../use-answer.ts';
import { parseObject } from '../words.ts';
import { Annotations } from './annotations.tsx';
import { ObjectPorts } from './object-ports.tsx';
import { ObjectProblems } from './object-problems.tsx';
import { ObjectRoutes } from './object-routes.tsx';
import { Rights } from './rights.tsx';

/** Why an object is or is not routed: what it asks for, what that became, and on which Traefiks. */
export function ObjectPanel({ path }: { readonly path: string }) {
  // What Traefiks have applied of it is another thing a moment after it changed.
  const { moment } = useLive();
  const { kind, namespace, name } = parseObject(path);
  const parts = [kind, namespace, name].filter((part) => part !== '').map(encodeURIComponent);
  const { value, error } = useAnswer<readonly ExplanationJson[]>(`api/explain/${parts.join('/')}`, moment);
  return (
    <Panel title={name}>
      <p class="sub">
        {kind}
        {namespace !== '' && (
          <>
            {' in '}
            <Link to={{ object: `Namespace/${namespace}`, port: '' }}>{namespace}</Link>
          </>
        )}
      </p>
      {value === undefined ? (
        <p class="empty">{error === undefined ? 'Reading…' : `${error.message}.`}</p>
      ) : (
        value.map((each) => <Story key={each.source} told={each} single={value.length === 1} />)
      )}
    </Panel>
  );
}

function Story({ told, single }: { readonly told: ExplanationJson; readonly single: boolean }) {
  const { verdict, source, problems, annotations, ports, rights } = told;
  return (
    <>
      {!single && <h3 class="source">Source {source}</h3>}
      <p class="verdict-line">{verdict}</p>
      {told.asOf !== undefined && <p class="sub">{told.asOf}</p>}
      <ObjectProblems problems={problems} />
      <Annotations annotations={annotations} reasons={told.reasons ?? []} object={told.object} />
      <ObjectRoutes told={told} />
      <ObjectPorts ports={ports} />
      {rights && <Rights rights={rights} />}
    </>
  );
}
