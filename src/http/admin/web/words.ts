const numbers = new Intl.NumberFormat('en-US');

/** `10,000`. */
export function toNumber(value: number): string {
  return numbers.format(value);
}

/** `1 route`, `2,000 routes`. */
export function toCount(count: number, one: string, many = `${one}s`): string {
  return `${toNumber(count)} ${count === 1 ? one : many}`;
}

/** `8 s`, `3 min`, `5 h`, `12 d`: as exact as it matters. */
export function toAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${toNumber(Math.round(seconds / 86_400))} d`;
}

/** `1.2 MB`. */
export function toSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The beginning of a revision, as long as that of a commit. */
export function toShortRevision(revision: string | null): string {
  return revision === null ? 'none' : revision.slice(0, 10);
}

/** `2026-11-30 14:05:12`, by the clock of who looks. */
export function toLocalTime(time: string): string {
  const date = new Date(time);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The parts of `Kind/namespace/name`; of a kind without namespaces the second is empty. */
export function parseObject(path: string): {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
} {
  const [kind = '', second = '', ...rest] = path.split('/');
  return rest.length === 0
    ? { kind, namespace: '', name: second }
    : { kind, namespace: second, name: rest.join('/') };
}
