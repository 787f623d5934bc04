import type { RequestHandler } from 'express';
import type { Inspection } from '../../model/published.ts';
import { sendJson } from '../base-app.ts';
import { viewOf } from './require-access.ts';

/** Lets through what stands of a source, or of all; resolves with the sources of which something stood. */
export type Confirm = (source?: string) => Promise<readonly string[]>;

/** A header that no page of another site can make a browser send. */
export const confirmHeader = 'x-fairlead-confirm';

const toldNobody = 'confirmed here, but the other replicas could not be told; try again';

/**
 * `POST /api/confirm?source=NAME`: the one thing that can be changed over this listener, by those who may see everything. To be put
 * behind `requireAccess`.
 */
export function answerConfirm(inspection: Pick<Inspection, 'sources'>, confirm: Confirm): RequestHandler {
  return (request, response) => {
    const source = request.query['source'];
    const known = inspection.sources().map(({ name }) => name);
    if (viewOf(response).namespaces !== 'all')
      sendJson(response, 403, {
        error: 'a loss may be the affair of others: who confirms has to see all namespaces',
      });
    else if (request.headers[confirmHeader] === undefined)
      sendJson(response, 403, { error: `the header ${confirmHeader} is missing` });
    else if (source !== undefined && (typeof source !== 'string' || !known.includes(source)))
      sendJson(response, 404, { error: `there is no such source; the sources are ${known.join(', ')}` });
    else
      confirm(source).then(
        (confirmed) => sendJson(response, 200, { confirmed }),
        () => sendJson(response, 503, { error: toldNobody }),
      );
  };
}
