import type { Express } from 'express';
import { sendText } from '../base-app.ts';
import { limitInspection, type PoolOwners } from './limited-inspection.ts';
import { viewOf } from './require-access.ts';
import { toSight } from './sight.ts';
import { toStatus, type StatusParts } from './status.ts';

/** So long an answer is given again to whoever sees the same: many may look at once. */
const keptMs = 200;
/** Of so many who see different things. */
const mostKept = 100;

/** Everything at a glance. `fleets` says whose pools are whose. */
export function addStatusApi(app: Express, parts: StatusParts & { readonly fleets: PoolOwners }): void {
  const kept = new Map<string, { readonly text: string; readonly at: number }>();
  app.get('/api/status', (_request, response) => {
    const view = viewOf(response);
    const sight = toSight(view);
    let answer = kept.get(sight.key);
    if (answer === undefined || performance.now() - answer.at > keptMs) {
      const inspection = limitInspection(parts.inspection, view, parts.fleets);
      const text = `${JSON.stringify(toStatus({ ...parts, inspection }, view.namespaces, sight))}\n`;
      if (kept.size >= mostKept) kept.clear();
      kept.set(sight.key, (answer = { text, at: performance.now() }));
    }
    sendText(response, 200, 'application/json', answer.text);
  });
}
