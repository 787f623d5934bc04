import { toFleetKey } from '../model/object-ref.ts';
import { ProblemList } from '../model/problem-list.ts';
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
  const problems = new ProblemList({ source, kind: 'Fleet', namespace: '', name });
  const certificate = toDefaultCertificate(context, name, defaultCertificate, problems.report);
  const intents = certificate === undefined ? [] : [certificate];
  return { ...empty, intents, problems: problems.toArray() };
}
