import { stringify } from 'yaml';
import { toObjects } from '../../golden/support/golden-case.ts';
import { replay, toSets } from '../../golden/support/replay.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import { toDocument } from '../../../src/settings/config-file.ts';
import { resolveSettings } from '../../../src/settings/resolve-settings.ts';
import type { Attack } from './attacks.ts';

/** A pipeline that has the objects of an attack, of a source `one`. */
export function replayAttack({ objects, hasDefault }: Attack): Pipeline {
  const value = {
    sources: [{ name: 'one', directory: { path: '.' } }],
    ...(hasDefault && { fleets: [{ name: 'default', defaultCertificate: { secret: 'edge/default-tls' } }] }),
  };
  const settings = resolveSettings({ document: toDocument(value), env: {}, folder: '/' });
  const text = objects.map((object) => stringify(object)).join('---\n');
  return replay(settings, [toSets(toObjects(text, 'one', []))]).pipeline;
}
