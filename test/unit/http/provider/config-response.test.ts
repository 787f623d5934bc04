import { expect, test } from 'vitest';
import {
  matchesRevision,
  toConfigResponse,
  type ConfigRequest,
} from '../../../../src/http/provider/config-response.ts';

const poll: ConfigRequest = {
  readiness: { kind: 'ready' },
  document: 'edge',
  fleets: ['edge', 'inner'],
  documents: ['edge', 'edge/1', 'edge/2', 'inner'],
  revision: 'r1',
  ifNoneMatch: undefined,
  acceptsGzip: false,
};
const starting = { kind: 'starting', waitingFor: ['source prod', 'the ledger'] } as const;

test('a ready fleet answers with its revision', () => {
  expect(toConfigResponse(poll)).toEqual({ status: 200, revision: 'r1', encoding: 'identity' });
  expect(toConfigResponse({ ...poll, acceptsGzip: true })).toMatchObject({ encoding: 'gzip' });
});

test('while starting the answer is 503 and says what is waited for, even when a revision is there', () => {
  expect(toConfigResponse({ ...poll, readiness: starting, ifNoneMatch: '*' })).toEqual({
    status: 503,
    retryAfterSeconds: 1,
    body: {
      error: 'starting, and waiting for source prod, the ledger',
      waitingFor: ['source prod', 'the ledger'],
    },
  });
});

test('a fleet without a revision answers 503, never an empty document', () => {
  expect(toConfigResponse({ ...poll, revision: undefined })).toMatchObject({
    status: 503,
    body: { waitingFor: ['the first configuration of fleet edge'] },
  });
});

test('an unknown fleet answers 404 with the names of the known ones, also while starting', () => {
  const answer = { status: 404, body: { error: 'no fleet is named "egde"', fleets: ['edge', 'inner'] } };
  expect(toConfigResponse({ ...poll, document: 'egde' })).toEqual(answer);
  expect(toConfigResponse({ ...poll, document: 'egde', readiness: starting })).toEqual(answer);
});

test('a bank that cannot be answers 404 with those that can', () => {
  const toError = (document: string) => toConfigResponse({ ...poll, document });
  expect(toError('edge/2')).toMatchObject({ status: 200 });
  expect(toError('edge/3')).toEqual({
    status: 404,
    body: { error: 'there is no bank "3": fleet edge has the banks 0 to 2' },
  });
  expect(toError('edge/x1')).toMatchObject({ body: { error: expect.stringContaining('no bank "x1"') } });
  expect(toError('inner/1')).toEqual({
    status: 404,
    body: { error: 'there is no bank "1": fleet inner has bank 0 only, since its pools have no `bank`' },
  });
  expect(toConfigResponse({ ...poll, document: 'edge/1', revision: undefined })).toMatchObject({
    body: { waitingFor: ['the first configuration of bank 1 of fleet edge'] },
  });
});

test('a client that has the revision gets 304', () => {
  expect(toConfigResponse({ ...poll, ifNoneMatch: '"r1"' })).toEqual({ status: 304, revision: 'r1' });
  expect(toConfigResponse({ ...poll, ifNoneMatch: '"r0"' })).toMatchObject({ status: 200 });
});

test.each([
  ['"r1"', true],
  ['W/"r1"', true],
  ['"r0", W/"r1"', true],
  ['"r0","r1"', true],
  [' * ', true],
  ['"r0"', false],
  ['"r11"', false],
  ['r1', false],
  ['"*"', false],
  ['', false],
  [undefined, false],
])('If-None-Match %j names revision r1: %j', (header, matches) => {
  expect(matchesRevision(header, 'r1')).toBe(matches);
});
