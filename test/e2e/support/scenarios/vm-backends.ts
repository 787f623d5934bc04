import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ask, askStatus, clientAddress, see, untilServed } from '../edge-client.ts';
import { projectRoot } from '../fairlead.ts';
import { edges, type Stage } from './stage.ts';

const app = 'bbs.test.com';
const tier = [40, 41, 42, 43, 44, 45].map((last) => `192.168.7.${last}`);

/** Declares the tests of virtual machines behind the edge: an application of two parts, and a tier of HTTPS hosts. */
export function testVmBackends(stage: Stage): void {
  stage.addWeb('192.168.7.57', 8001);
  stage.addWeb('192.168.7.27', 8004);
  for (const address of tier) stage.addHttpsWeb(address, 443);

  describe('vm-backends', () => {
    beforeAll(() => untilServed(edges, [app, 'edge.test.com']));
    testPaths();
    testCertificate();
    testBodies(stage);
    testSlowAnswers(stage);
    testEdgeTier(stage);
  });
}

function testPaths(): void {
  it.each([
    ['/', '192.168.7.57:8001'],
    ['/index.html', '192.168.7.57:8001'],
    ['/apis', '192.168.7.57:8001'],
    ['/api', '192.168.7.27:8004'],
    ['/api/v1/posts?page=2', '192.168.7.27:8004'],
    ['/signin', '192.168.7.27:8004'],
    ['/signout', '192.168.7.27:8004'],
  ])('%s reaches %s with what the client sent', async (path, backend) => {
    for (const tls of [false, true]) {
      expect(await see(app, { path, tls })).toMatchObject({
        backend,
        path,
        host: app,
        version: '1.1',
        headers: {
          'x-real-ip': clientAddress,
          'x-forwarded-for': clientAddress,
          'x-forwarded-proto': tls ? 'https' : 'http',
          'x-forwarded-host': app,
        },
      });
    }
  });
}

function testCertificate(): void {
  it('ends HTTPS with the certificate of the Secret', async () => {
    const secret = z
      .looseObject({ stringData: z.looseObject({ 'tls.crt': z.string() }) })
      .parse(parse(readFileSync(join(projectRoot, 'examples/vm-backends/bbs-tls.yaml'), 'utf8')));
    const { fingerprint256 } = new X509Certificate(secret.stringData['tls.crt']);
    const { certificate } = await ask(app, { tls: true });
    expect(certificate?.fingerprint256).toBe(fingerprint256);
    expect(certificate?.subject.CN).toBe(app);
  });
}

function testBodies(stage: Stage): void {
  const upload = { path: '/api/up', method: 'POST' };

  it('passes a body of 1 MB, and refuses one above 200 MB before it is sent', async () => {
    const small = await see(app, { ...upload, body: Buffer.alloc(2 ** 20) });
    expect(small.bodyBytes).toBe(2 ** 20);
    const before = stage.getWeb('192.168.7.27').hits;
    const headers = { 'content-length': String(200 * 2 ** 20 + 1) };
    const tooLarge = await ask(app, { ...upload, headers });
    expect(tooLarge.status).toBe(413);
    expect(stage.getWeb('192.168.7.27').hits).toBe(before);
  });
}

function testSlowAnswers(stage: Stage): void {
  it('waits for a slow answer', async () => {
    const api = stage.getWeb('192.168.7.27');
    await api.behave({ kind: 'slow', ms: 2_500 });
    const answers = await Promise.all([see(app, { path: '/api' }), see(app)]);
    expect(answers.map(({ backend }) => backend)).toEqual(['192.168.7.27:8004', '192.168.7.57:8001']);
    await api.behave({ kind: 'answer' });
  });
}

function testEdgeTier(stage: Stage): void {
  const countHits = (): readonly number[] => tier.map((address) => stage.getWeb(address).hits);

  it('shares the edge tier evenly over six HTTPS hosts, their certificates unverified', async () => {
    const before = countHits();
    for (let n = 0; n < 30; n++) await see('edge.test.com');
    expect(countHits().map((hits, n) => hits - (before[n] ?? 0))).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('leaves a failing host out after two failures, and takes it back', async () => {
    const victim = stage.getWeb('192.168.7.40');
    await victim.behave({ kind: 'refuse' });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n++) statuses.push(await askStatus('edge.test.com'));
    const failed = statuses.filter((status) => status !== 200);
    // Two, and one more for a kept connection that dies just as it is used: whether there is one is a race.
    expect([2, 3]).toContain(failed.length);
    // That one gets a 500.
    expect(failed.filter((status) => status === 502).length).toBeGreaterThanOrEqual(failed.length - 1);
    expect(failed.every((status) => status === 500 || status === 502)).toBe(true);
    expect(new Set(statuses.slice(30))).toEqual(new Set([200]));
    const before = victim.hits;
    await victim.behave({ kind: 'answer' });
    await sleep(3_200);
    for (let n = 0; n < 12; n++) await see('edge.test.com');
    expect(victim.hits).toBeGreaterThan(before);
  });
}
