import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', 'src');

/** What a folder may import of another: everything (`all`), types only, or files that match. */
type Extent = 'all' | 'types' | RegExp;

/**
 * Which folders of src (and files beside them) may import which. Read downwards it is the flow of the data; a folder
 * imports only what stands above it. The one exception is `lib`, whose parsers know the types of the settings.
 */
const allowed: Readonly<Record<string, Readonly<Record<string, Extent>>>> = {
  model: {},
  lib: { model: 'all', settings: 'types' },
  settings: { model: 'all', lib: 'all' },
  // Kubernetes' and Traefik's own formats.
  traefik: { model: 'all', settings: 'all', lib: /^lib\/raw-object\.ts$/ },
  kinds: { model: 'all', lib: 'all' },
  kubernetes: { model: 'all', lib: 'all', kinds: 'all' },
  certificates: { model: 'all' },
  // What a running Traefik says of itself.
  'traefik-api': { model: 'all', lib: 'all', traefik: /^traefik\/revision-mark\.ts$/ },
  // From objects...
  source: { model: 'all', lib: 'all', settings: 'types', kinds: 'all', kubernetes: 'all' },
  annotations: { model: 'all', lib: 'all', settings: 'types', traefik: 'all' },
  // ...to documents...
  routes: { model: 'all', certificates: 'types', annotations: 'types', traefik: 'types' },
  translate: {
    model: 'all',
    lib: 'all',
    certificates: 'all',
    settings: 'all',
    annotations: 'all',
    routes: 'all',
    traefik: 'all',
  },
  conflicts: {
    model: 'all',
    lib: /^lib\/(flat-text|small-map)\.ts$/,
    certificates: 'all',
    settings: 'types',
    routes: 'all',
  },
  render: { model: 'all', settings: 'all', traefik: 'all', routes: 'all' },
  ports: { model: 'all', lib: 'all', settings: 'types', kinds: 'all', kubernetes: 'all' },
  health: { model: 'all', lib: 'all', settings: 'types', kubernetes: 'all' },
  pipeline: {
    model: 'all',
    lib: /^lib\/flat-text\.ts$/,
    certificates: 'types',
    settings: 'types',
    kinds: 'all',
    source: 'all',
    annotations: 'all',
    translate: 'all',
    routes: 'all',
    conflicts: 'all',
    render: 'all',
    ports: /^ports\/claim\.ts$/,
  },
  'write-back': {
    model: 'all',
    lib: 'all',
    settings: 'types',
    kinds: 'all',
    kubernetes: 'all',
    annotations: 'all',
    traefik: /^traefik\/names\.ts$/,
    routes: /^routes\/(listeners-accepted|status)\.ts$/,
    ports: 'all',
    pipeline: 'types',
  },
  inspect: {
    model: 'all',
    lib: 'all',
    certificates: 'all',
    settings: 'types',
    traefik: /^traefik\/(redact\.ts|static\/)/,
    kinds: 'all',
    source: 'types',
    annotations: 'all',
    translate: 'all',
    routes: /^routes\/(match|status)\.ts$/,
    render: 'all',
    ports: 'all',
    pipeline: 'all',
  },
  // ...and out.
  'control-plane': {
    model: 'all',
    lib: 'all',
    certificates: 'all',
    settings: 'types',
    traefik: /^traefik\/revision-mark\.ts$/,
    kubernetes: 'types',
    'traefik-api': 'all',
    source: 'all',
    ports: 'all',
    health: 'all',
    pipeline: 'all',
    'write-back': 'types',
    inspect: 'all',
  },
  http: { model: 'all', lib: 'all', settings: /^settings\/settings\.ts$/ },
  edge: { model: 'all', lib: 'all', settings: 'types', traefik: 'all', 'traefik-api': 'all' },
  // What is wrong with a set-up: facts, gathered first, and the rules that judge them.
  doctor: {
    model: 'all',
    lib: 'all',
    settings: 'types',
    traefik: 'all',
    kinds: 'all',
    kubernetes: 'all',
    'traefik-api': 'all',
    ports: 'all',
    inspect: 'all',
  },
  app: {
    model: 'all',
    lib: 'all',
    settings: 'all',
    traefik: /^traefik\/static\/local-plugins\.ts$/,
    kubernetes: 'all',
    source: 'all',
    ports: 'all',
    health: 'all',
    'write-back': 'all',
    inspect: 'all',
    'control-plane': 'all',
    http: 'all',
  },
};
/** May import everything but `main.ts`. */
const top = 'cli';

interface Import {
  readonly from: string;
  /** A path from src, or the name of a package. */
  readonly to: string;
  readonly typesOnly: boolean;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort();
const texts = new Map(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const imports = [...texts].flatMap(([path, text]) => listImports(path, text));

function listImports(from: string, text: string): readonly Import[] {
  const statements = text.matchAll(/^(?:import|export)\b(?<what>[^;'"]*?)\bfrom\s+'(?<to>[^']+)'/gm);
  const others = text.matchAll(/\bimport\s*\(?\s*'(?<to>[^']+)'/g);
  return [...statements, ...others].map(({ groups }) => {
    const to = groups?.['to'] ?? '';
    return {
      from,
      to: to.startsWith('.') ? posix.join(posix.dirname(from), to) : to,
      typesOnly: /^\s+type\b/.test(groups?.['what'] ?? ''),
    };
  });
}

function toModule(path: string): string {
  return path.split('/')[0] ?? path;
}

function isLocal({ to }: Import): boolean {
  return to.endsWith('.ts');
}

/** The code without comments and blank lines. Text in quotes that looks like a comment does not occur. */
function toCode(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line))
    .join('\n');
}

/** The files of src that match, with what they say. */
function findUses(pattern: RegExp, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const uses = toCode(texts.get(path) ?? '').match(pattern) ?? [];
    return uses.map((use) => `${path}: ${use}`);
  });
}

describe('the folders of src', () => {
  it('are all in the table, in the order of the flow', () => {
    const modules = new Set(files.map(toModule));
    expect([...Object.keys(allowed), top, 'main.ts'].filter((each) => !modules.has(each))).toEqual([]);
    expect([...modules].filter((each) => !(each in allowed) && each !== top && each !== 'main.ts')).toEqual(
      [],
    );
    const order = Object.keys(allowed);
    const upwards = order.flatMap((from) =>
      Object.keys(allowed[from] ?? {})
        .filter((to) => order.indexOf(to) > order.indexOf(from))
        .map((to) => `${from} from ${to}`),
    );
    expect(upwards).toEqual(['lib from settings']);
  });

  it('import what the table allows, and nothing else', () => {
    const wrong = imports.filter((each) => {
      if (!isLocal(each)) return false;
      const [from, to] = [toModule(each.from), toModule(each.to)];
      if (from === to || (from === top && to !== 'main.ts')) return false;
      if (from === 'main.ts') return to !== top;
      const extent = allowed[from]?.[to];
      if (extent === 'types') return !each.typesOnly;
      return extent !== 'all' && extent?.test(each.to) !== true;
    });
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('hold no circle of files', () => {
    const targets = new Map<string, readonly string[]>();
    for (const path of files) {
      const own = imports.filter((each) => each.from === path && isLocal(each));
      targets.set(
        path,
        own.map(({ to }) => to),
      );
    }
    const done = new Set<string>();
    const findCircle = (path: string, way: readonly string[]): readonly string[] | undefined => {
      if (way.includes(path)) return [...way, path];
      if (done.has(path)) return undefined;
      for (const next of targets.get(path) ?? []) {
        const circle = findCircle(next, [...way, path]);
        if (circle !== undefined) return circle;
      }
      done.add(path);
      return undefined;
    };
    expect(files.map((path) => findCircle(path, [])).filter((circle) => circle !== undefined)).toEqual([]);
  });
});

describe('the files of src', () => {
  it('have at most 250 lines, blank ones and comments aside', () => {
    const long = files.filter((path) => toCode(texts.get(path) ?? '').split('\n').length > 250);
    expect(long).toEqual([]);
  });

  it('leave the process to main.ts', () => {
    const others = files.filter((path) => path !== 'main.ts');
    expect(findUses(/\bprocess\.(?:exit|exitCode|env|argv)\b/g, others)).toEqual([
      // Where the API server of the own pod is; the client of Kubernetes reads the same variables itself.
      'kubernetes/kube-config.ts: process.env',
    ]);
  });

  it('log by the logger', () => {
    expect(findUses(/\bconsole\.\w+/g, files)).toEqual([]);
  });

  it('keep the client of Kubernetes behind one folder', () => {
    const users = imports.filter(({ to }) => to.startsWith('@kubernetes/')).map(({ from }) => dirname(from));
    expect([...new Set(users)].filter((folder) => !/^kubernetes$/.test(folder))).toEqual([]);
  });
});

describe('pure code', () => {
  const folders = new Set([
    'model',
    'traefik',
    'certificates',
    'kinds',
    'annotations',
    'routes',
    'translate',
    'conflicts',
    'render',
    'pipeline',
  ]);
  /** The allocation of ports, and all that it imports of its folder. */
  const allocation = new Set(['ports/allocation/allocate.ts']);
  for (const path of allocation) {
    for (const { from, to } of imports) {
      if (from === path && toModule(to) === 'ports') allocation.add(to);
    }
  }
  const pure = files.filter((path) => folders.has(toModule(path)) || allocation.has(path));

  it('has no clock, no chance and no I/O', () => {
    expect(allocation.size).toBeGreaterThan(3);
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bprocess\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(/g;
    expect(findUses(impure, pure)).toEqual([]);
  });

  it('uses no packages but those that only compute', () => {
    const used = imports.filter((each) => pure.includes(each.from) && !isLocal(each)).map(({ to }) => to);
    expect([...new Set(used)].sort()).toEqual(['node-cache', 'node:crypto', 'node:net', 'yaml', 'zod']);
  });

  it('is everything between the objects and the bytes', () => {
    const pipeline = imports
      .filter(({ from }) => from === 'pipeline/pipeline.ts')
      .map(({ to }) => toModule(to));
    const steps = new Set([
      'annotations',
      'certificates',
      'model',
      'kinds',
      'conflicts',
      'render',
      'settings',
      'source',
      'translate',
      'routes',
      'ports',
      'pipeline',
    ]);
    expect([...new Set(pipeline)].filter((each) => !steps.has(each))).toEqual([]);
    expect(pipeline.length).toBeGreaterThan(5);
  });
});
