/** What the page shows. All of it stands in the address, so that every state has a link. */
export interface Place {
  readonly view: View;
  /** What is searched for. */
  readonly q: string;
  /** The object whose story is told: `Kind/namespace/name`. */
  readonly object: string;
  /** Of problems: only these. */
  readonly severity: string;
  readonly code: string;
  /** Of ports: `fleet/pool/protocol`. */
  readonly pool: string;
  /** The port whose story is told. */
  readonly port: string;
  /** Of ports: as a map, or as a list. */
  readonly as: string;
}

export const views = ['overview', 'routes', 'ports', 'problems'] as const;
export type View = (typeof views)[number];

const nowhere: Place = {
  view: 'overview',
  q: '',
  object: '',
  severity: '',
  code: '',
  pool: '',
  port: '',
  as: '',
};

/** Where a link leads: another view begins afresh. */
export type Step = Partial<Place>;

export function parsePlace(search: string): Place {
  const params = new URLSearchParams(search);
  const read = (name: keyof Place): string => (params.get(name) ?? '').slice(0, 1_000);
  return {
    view: views.find((each) => each === params.get('view')) ?? 'overview',
    q: read('q'),
    object: read('object'),
    severity: read('severity'),
    code: read('code'),
    pool: read('pool'),
    port: read('port'),
    as: read('as'),
  };
}

export function toSearch(place: Place): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(place))
    if (value !== '' && !(name === 'view' && value === 'overview')) params.set(name, value);
  // A name of an object is easier to read and to type with its slashes.
  const text = params.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text === '' ? '?' : `?${text}`;
}

/** The place that a step leads to: what it does not say stays, but for what belongs to another view. */
export function stepFrom(place: Place, step: Step): Place {
  const base = step.view === undefined || step.view === place.view ? place : nowhere;
  return { ...base, ...step };
}
