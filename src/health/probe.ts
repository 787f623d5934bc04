import { request } from 'node:http';
import { connect } from 'node:net';
import type { HealthProbe } from '../model/health.ts';

/** Whether an endpoint passes a check, in its time. Never rejects; nothing of what it answers but the status goes any further. */
export function probe(check: HealthProbe): Promise<boolean> {
  return check.path === undefined ? canConnect(check) : answers(check, check.path);
}

function canConnect({ address, port, timeoutMs }: HealthProbe): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => end(false), timeoutMs);
    const end = (passed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(passed);
    };
    socket.once('connect', () => end(true)).on('error', () => end(false));
  });
}

/** A redirect counts as an answer, and is not followed: it could lead anywhere. */
function answers({ address, port, status, timeoutMs }: HealthProbe, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'user-agent': 'fairlead-health-check', connection: 'close' };
    const get = request({ host: address, port, path, headers, agent: false, maxHeaderSize: 16_384 });
    const timer = setTimeout(() => end(false), timeoutMs);
    const end = (passed: boolean): void => {
      clearTimeout(timer);
      get.destroy();
      resolve(passed);
    };
    get
      .once('response', ({ statusCode = 0 }) =>
        end(status === undefined ? statusCode >= 200 && statusCode < 400 : statusCode === status),
      )
      .on('error', () => end(false))
      .end();
  });
}
