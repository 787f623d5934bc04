import type { Express, Request, Response } from 'express';
import { BusyError, type Listing, type PoolName } from '../../model/listing.ts';
import type { Inspection } from '../../model/published.ts';
import { sendJson } from '../base-app.ts';
import { toProblemJson } from '../problem-json.ts';
import { limitInspection, type PoolOwners } from './limited-inspection.ts';
import { BadQuery, readListQuery, readText } from './read-query.ts';
import { viewOf } from './require-access.ts';
import { toSight } from './sight.ts';
import type { View } from './view.ts';

export interface ListingApiOptions {
  readonly listing: Listing;
  readonly inspection: Inspection;
  /** Whose pools are whose. */
  readonly fleets: PoolOwners;
}

/** Lists in parts, for who looks at one part after the other. */
export function addListingApi(app: Express, { listing, inspection, fleets }: ListingApiOptions): void {
  /** Answers with what `find` finds; undefined is 404. */
  const serve = (path: string, find: (request: Request, view: View) => unknown): void => {
    app.get(path, (request, response, next) => {
      answer(response, async () => find(request, viewOf(response))).then(undefined, next);
    });
  };
  /** Undefined for a pool that there is not, and for one of others. */
  const findPool = ({ params }: Request, view: View): PoolName | undefined => {
    const { pools } = limitInspection(inspection, view, fleets).ports();
    return pools.find(
      ({ fleet, pool, protocol }) =>
        fleet === params['fleet'] && pool === params['pool'] && protocol === params['protocol'],
    );
  };
  serve('/api/search/routes', (request, view) =>
    listing.routes({ ...readListQuery(request), sight: toSight(view) }),
  );
  serve('/api/search/ports', (request, view) =>
    listing.ports({ ...readListQuery(request), sight: toSight(view) }),
  );
  serve('/api/search/problems', async (request, view) => {
    const codes = readText(request, 'code')?.split(',');
    const severity = readText(request, 'severity');
    const narrowed = { ...(codes && { codes: new Set(codes) }), ...(severity !== undefined && { severity }) };
    const { total, rows } = await listing.problems({
      ...readListQuery(request),
      ...narrowed,
      sight: toSight(view),
    });
    return { total, rows: rows.map((problem) => toProblemJson(problem)) };
  });
  serve('/api/pools/:fleet/:pool/:protocol', (request, view) => {
    const name = findPool(request, view);
    return name && listing.poolMap(name, toSight(view));
  });
  serve('/api/pools/:fleet/:pool/:protocol/:port', (request, view) => {
    const name = findPool(request, view);
    return name && listing.portStory(name, Number(request.params['port']), toSight(view));
  });
}

/** Rejects with what is our defect. */
async function answer(response: Response, find: () => Promise<unknown>): Promise<void> {
  try {
    const found = await find();
    if (found === undefined) sendJson(response, 404, { error: 'there is no such pool or port' });
    else sendJson(response, 200, found);
  } catch (error) {
    if (error instanceof BadQuery) sendJson(response, 400, { error: error.message });
    else if (error instanceof BusyError)
      sendJson(response, 503, { error: error.message }, { 'Retry-After': 1 });
    else throw error;
  }
}
