import { expect, test } from 'vitest';
import { toHealthLines } from '../../../src/cli/health-lines.ts';

test('each Traefik has a line for each service, and one for all that it did not say', () => {
  const [a, b] = ['http://a:8080', 'http://b:8080'];
  const servers = [
    { server: 'http://10.0.0.1:80', status: 'UP' },
    { server: 'http://10.0.0.2:80', status: 'DOWN' },
  ] as const;
  const error = 'no answer within 1000 ms';
  const lines = toHealthLines([
    { traefik: a, service: 'x', servers },
    { traefik: a, service: 'y', servers: [] },
    { traefik: b, service: 'x', error },
    { traefik: b, service: 'y', error },
  ]);
  expect(lines).toEqual([
    '  as http://a:8080 sees it: http://10.0.0.1:80 UP, http://10.0.0.2:80 DOWN',
    '  as http://a:8080 sees it: no servers',
    '  as http://b:8080 sees it: not known, no answer within 1000 ms',
  ]);
});
