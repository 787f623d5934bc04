import { parseTraefikVersion } from '../../lib/units.ts';
import type { Problem } from '../../model/problem.ts';
import { toObjectPath } from '../../model/object-ref.ts';
import type { Found, Rule } from '../finding.ts';
import { nameSome } from '../words.ts';

export const traefikTooOld: Rule = {
  code: 'traefik-too-old',
  finds:
    'A Traefik is older than `fleets[].traefik` says: one field that it does not know makes it refuse every change. Or an object uses something that the version of the fleet does not know.',
  mend: 'Install a newer Traefik, or set `fleets[].traefik` to the oldest one of the fleet.',
  needs: 'a Traefik whose API answers; objects',
  check: ({ traefiks, problems }) => [
    ...traefiks.flatMap(({ name, fleet, version }): Found[] => {
      const parsed = parseTraefikVersion(version ?? '');
      const wanted = `${fleet.traefik.major}.${fleet.traefik.minor}`;
      const isOld = parsed.ok ? parsed.value.minor < fleet.traefik.minor : /^v?[12]\./.test(version ?? '');
      if (!isOld) return [];
      return [
        {
          where: name,
          message: `It is version ${version}, and fleet ${fleet.name} is for ${wanted}: what it cannot decode makes it refuse every change`,
          mend: parsed.ok
            ? `install Traefik ${wanted}, or set fleets[].traefik of ${fleet.name} to "3.${parsed.value.minor}"`
            : `install Traefik ${wanted}`,
        },
      ];
    }),
    ...toUnknown(problems),
  ],
};

function toUnknown(problems: readonly Problem[]): readonly Found[] {
  const found = problems.filter(({ code }) => code === 'traefik-too-old');
  const [first] = found;
  if (first === undefined) return [];
  const objects = [...new Set(found.map(({ subject }) => toObjectPath(subject)))];
  return [
    {
      where: nameSome(objects),
      message: `Objects ask for what the version of their fleet does not know: ${first.message}`,
      mend: first.hint,
    },
  ];
}
