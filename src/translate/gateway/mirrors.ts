import type { MirrorFilter } from '../../model/route-specs.ts';
import { unavailable, type HttpBackend } from '../../routes/backend.ts';

/** Of a copied request Traefik sets aside so much memory: larger ones are not copied. */
const maxBodyBytes = 64 * 1024;

/** One of several that get copies. */
export interface Mirror {
  readonly filter: MirrorFilter;
  readonly backend: HttpBackend;
}

/**
 * A backend with copies of its requests for others.
 * @param toKey Names what is made, each by its role.
 */
export function withMirrors(
  main: HttpBackend,
  mirrors: readonly Mirror[],
  toKey: (role: string) => string,
): HttpBackend {
  const wanted = mirrors.filter(({ filter }) => filter.fraction.numerator > 0);
  if (wanted.length === 0) return main;
  return {
    kind: 'mirroring',
    key: toKey('~mirror'),
    main,
    mirrors: wanted.map((mirror, index) => toShare(mirror, toKey(`~mirror-${index}`))),
    maxBodyBytes,
  };
}

/** Traefik knows whole percents only: of another fraction all are copied, and some of the copies get lost. */
function toShare(
  { backend, filter: { fraction } }: Mirror,
  key: string,
): { readonly backend: HttpBackend; readonly percent: number } {
  const { numerator, denominator } = fraction;
  const percent = (numerator * 100) / denominator;
  if (Number.isInteger(percent)) return { backend, percent: Math.min(percent, 100) };
  const branches = [
    { backend, weight: numerator },
    { backend: unavailable, weight: denominator - numerator },
  ];
  return { backend: { kind: 'weighted', key, branches }, percent: 100 };
}
