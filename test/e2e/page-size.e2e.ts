import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { writeTown } from '../support/page/town.ts';
import { slowness } from '../support/slowness.ts';
import { Cleanup, makeTempFolder } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { startFairlead, type Fairlead } from './support/fairlead.ts';
import { findChromiumOrSkip, Visitor } from './support/page.ts';

const chromium = findChromiumOrSkip('the status page at 10,000 Services');
const services = 10_000;

describe.skipIf(chromium === undefined)('the status page at 10,000 Services', () => {
  const cleanup = new Cleanup();
  let fairlead: Fairlead;
  let visitor: Visitor;

  beforeAll(async () => {
    const temp = makeTempFolder();
    cleanup.add(() => temp.remove());
    const folder = join(temp.path, 'manifests');
    writeTown(folder, services);
    const config = {
      sources: [{ name: 'town', directory: { path: folder, watch: false } }],
      ledger: { file: join(temp.path, 'ports.json') },
      fleets: [{ ports: { tcp: { range: '20000-21999' }, udp: null, requestable: '20080-20099' } }],
    };
    fairlead = cleanup.keep(await startFairlead({ cwd: temp.path, config, ready: false }));
    const isReady = async (): Promise<boolean> => (await fetch(`${fairlead.adminUrl}/readyz`)).status === 200;
    await eventually('10,000 Services have been read', 60_000, isReady);
    visitor = cleanup.keep(await Visitor.start(chromium ?? '', fairlead.adminUrl));
  });
  afterAll(() => cleanup.run());

  it('is painted at once, finds while one types, and takes little memory', async () => {
    const overview = await visitor.open('');
    await overview.getByRole('region', { name: 'Sources' }).waitFor();
    const paint = await readFirstPaint(overview);
    await overview.context().close();

    const page = await visitor.open('?view=routes');
    await page
      .getByRole('status')
      .filter({ hasText: /\d routes/ })
      .waitFor();
    const field = page.getByRole('searchbox');
    const times: number[] = [];
    for (const number of [4_242, 77, 9_001, 1_234, 5_550]) {
      times.push(Number(await page.evaluate(`(${typeAndWait})(${JSON.stringify(`-${number}.example`)})`)));
    }
    expect(await field.inputValue()).toBe('-5550.example');
    const search = times.toSorted((a, b) => a - b)[2] ?? Number.NaN;

    await field.fill('');
    await page
      .getByRole('status')
      .filter({ hasText: /9,\d+ routes/ })
      .waitFor();
    await page.getByRole('list', { name: 'Routes' }).getByRole('link').first().focus();
    await page.keyboard.press('End');
    await page.locator(':focus', { hasText: 'team-49' }).waitFor();
    expect(await page.locator('.rows li').count()).toBeLessThan(60);
    const megabytes = await readMemory(page);

    console.log(
      `10,000 Services: first paint ${Math.round(paint)} ms, search ${Math.round(search)} ms, JavaScript heap ${megabytes.heap.toFixed(1)} MB, DOM nodes ${megabytes.nodes}`,
    );
    expect(paint).toBeLessThan(1_000 * slowness());
    expect(search).toBeLessThan(100 * slowness());
    expect(megabytes.heap).toBeLessThan(60);
    expect(visitor.complaints).toEqual([]);
  });

  it('keeps Traefiks from waiting, however many look at once', async () => {
    const delays: number[] = [];
    const looks = Array.from({ length: 40 }, (_, index) =>
      fetch(`${fairlead.adminUrl}/api/search/routes?q=app${index}%20example&limit=200`),
    );
    const done = new AbortController();
    const all = Promise.all(looks).finally(() => done.abort());
    while (!done.signal.aborted) {
      const before = performance.now();
      await (await fetch(`${fairlead.adminUrl}/healthz`)).text();
      delays.push(performance.now() - before);
    }
    const statuses = (await all).map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    console.log(`while 40 search, an answer takes at most ${Math.round(Math.max(...delays))} ms`);
    expect(Math.max(...delays)).toBeLessThan(600 * slowness());
  });
});

/** Milliseconds from the beginning of the navigation to the first paint of content. */
async function readFirstPaint(page: Page): Promise<number> {
  const read = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0';
  return eventually('something is painted', 10_000, async () => Number(await page.evaluate(read)));
}

/** In the page: types a text, and resolves with the milliseconds until the list that it asks for is on the screen. */
const typeAndWait = `async (text) => {
  const field = document.querySelector('input[type=search]');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  setValue.call(field, text);
  const start = performance.now();
  field.dispatchEvent(new Event('input', { bubbles: true }));
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = [...document.querySelectorAll('.rows .row')];
    if (rows.length > 0 && rows.length < 5 && rows.every((row) => row.textContent.includes(text))) return performance.now() - start;
    if (performance.now() - start > 20000) throw new Error('not found: ' + text);
  }
}`;

/** What the page itself takes, once all garbage is gone. */
async function readMemory(page: Page): Promise<{ readonly heap: number; readonly nodes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { heap: usedSize / 1024 ** 2, nodes };
}
