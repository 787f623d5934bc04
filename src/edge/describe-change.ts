import type { ProcessConfig } from './edge-answer.ts';
import { ownEntryPoint } from '../traefik/static/static-config.ts';

/** At most so many names are listed. */
const most = 5;

/** What differs between two static configurations, in words; never a value, which may be a token. */
export function describeChange(from: ProcessConfig, to: ProcessConfig): string {
  const [before, after] = [from.entryPoints, to.entryPoints];
  const changed = (name: string): boolean =>
    name !== ownEntryPoint && JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const parts = [
    list(
      'more',
      Object.keys(after).filter((name) => !(name in before)),
    ),
    list(
      'gone',
      Object.keys(before).filter((name) => !(name in after)),
    ),
    list(
      'changed',
      Object.keys(after).filter((name) => name in before && changed(name)),
    ),
  ].filter((part) => part !== undefined);
  const { entryPoints: _, ...others } = to;
  const fields = Object.keys(others).filter(
    (field) => JSON.stringify(from[field]) !== JSON.stringify(others[field]),
  );
  return [...(parts.length > 0 ? [`entryPoints ${parts.join(', ')}`] : []), ...fields].join('; ');
}

function list(what: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${what}: ${names.slice(0, most).join(', ')}${more}`;
}
