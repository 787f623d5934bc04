import { toFleetKey } from '../model/object-ref.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toDefaultCertificate } from './certificates.ts';
import type { Translating } from './context.ts';
import { toEmptyTranslation, type Translation } from '../routes/intent.ts';

/** What the settings of a fleet ask of the sources: its default certificate. */
export function translateFleet(
  context: Translating,
  { name, defaultCertificate }: FleetSettings,
): Translation {
  const empty = toEmptyTranslation(toFleetKey(name));
  if (defaultCertificate === undefined) return empty;
  const { source } = defaultCertificate;
  const problems: Problem[] = [];
  const certificate = toDefaultCertificate(context, name, defaultCertificate, (code, details) =>
    problems.push(toProblem(code, { source, kind: 'Fleet', namespace: '', name }, details)),
  );
  return { ...empty, intents: certificate === undefined ? [] : [certificate], problems };
}
