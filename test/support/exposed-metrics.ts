/** One metric as a server exposes it. */
export interface ExposedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** The labels of each of its series, without `le` of a histogram. */
  readonly series: readonly Readonly<Record<string, string>>[];
}

/** Reads the text format of Prometheus. A metric without a series is there, too. */
export function readExposed(text: string): ReadonlyMap<string, ExposedMetric> {
  const found = new Map<
    string,
    { name: string; type: string; help: string; series: Record<string, string>[] }
  >();
  for (const line of text.split('\n')) {
    const [, word, about = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const metric = (key: string) => {
      const known = found.get(key) ?? { name: key, type: '', help: '', series: [] };
      found.set(key, known);
      return known;
    };
    if (word === 'HELP') metric(about).help = rest;
    else if (word === 'TYPE') metric(about).type = rest;
    else if (name !== '') metric(toFamily(name, found)).series.push(toLabels(labels));
  }
  return found;
}

/** The metric that a series with one of the endings of histograms belongs to. */
function toFamily(name: string, found: ReadonlyMap<string, { readonly type: string }>): string {
  const family = name.replace(/_(?:bucket|count|sum)$/, '');
  return found.get(family)?.type === 'histogram' ? family : name;
}

function toLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== 'le'));
}
