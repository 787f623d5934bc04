import type { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { sendJson } from '../base-app.ts';
import { createThrottle } from '../throttle.ts';
import type { Access, Admission } from './access.ts';
import type { View } from './view.ts';

/** At most one line in this time: whoever guesses passwords must not fill the log. */
const refusalLogIntervalMs = 10_000;

const views = new WeakMap<ServerResponse, View>();

/** What the request that is answered may see. Throws where `requireAccess` was not passed: nothing is shown by mistake. */
export function viewOf(response: ServerResponse): View {
  const view = views.get(response);
  if (view === undefined) throw new Error('a request was not asked who it is from');
  return view;
}

/** Lets through whoever may look; what follows asks `viewOf` at what. `access` is asked at each request. */
export function requireAccess(access: () => Access, log: Logger): RequestHandler {
  const throttle = createThrottle(refusalLogIntervalMs);
  return async (request, response, next) => {
    const address = request.socket.remoteAddress ?? '';
    const admission = await access().admit({ address, headers: request.headers });
    if (admission.kind === 'let-in') {
      views.set(response, admission.view);
      next();
      return;
    }
    // Every browser asks without a password first.
    if (admission.kind !== 'unknown' || request.headers.authorization !== undefined) {
      const swallowed = throttle();
      if (swallowed !== undefined)
        log.warn({ address, why: admission.error, swallowed }, 'request to the admin listener refused');
    }
    refuse(response, admission);
  };
}

function refuse(response: ServerResponse, admission: Exclude<Admission, { kind: 'let-in' }>): void {
  const { error } = admission;
  switch (admission.kind) {
    case 'not-here':
      return sendJson(response, 403, { error });
    case 'later':
      return sendJson(response, 429, { error }, { 'Retry-After': admission.seconds });
    case 'unknown':
      return sendJson(response, 401, { error }, { 'WWW-Authenticate': [...admission.challenges] });
  }
}
