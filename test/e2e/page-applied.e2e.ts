import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cleanup } from './support/cleanup.ts';
import { eventually } from './support/eventually.ts';
import { findFreePort } from './support/local-address.ts';
import { toManifests } from './support/manifests.ts';
import { findBarriers, findChromiumOrSkip, Visitor } from './support/page.ts';
import { startTraefik } from './support/traefik.ts';
import { readStaticConfig, startWorld, type World } from './support/world.ts';

// What the Traefiks say that they have applied, and what is served though its source has it no more.

const chromium = findChromiumOrSkip('what was applied, on the status page');

function toService(name: string, annotations: Readonly<Record<string, string>>): string {
  const ports = [{ name: 'web', port: 8080 }];
  return toManifests({ namespace: 'shop', name, annotations, ports, addresses: ['10.244.1.1'] });
}

const many = Array.from({ length: 60 }, (_, index) =>
  toService(`app-${index}`, { 'fairlead.dev/host': `app-${index}.example` }),
);
const texts = {
  'many.yaml': many.join('---\n'),
  'shop.yaml': [
    toService('web', { 'fairlead.dev/host': 'www.example' }),
    toService('db', { 'fairlead.dev/expose': 'true' }),
  ].join('---\n'),
};

describe.skipIf(chromium === undefined)('the status page, of what was applied and held back', () => {
  const cleanup = new Cleanup();
  let world: World;
  let visitor: Visitor;
  let apis: readonly string[] = [];

  beforeAll(async () => {
    apis = [`127.0.0.1:${await findFreePort()}`, `127.0.0.2:${await findFreePort()}`];
    const [first = '', second = ''] = apis;
    const ports = { tcp: { range: '20000-20003' }, udp: null, requestable: null };
    const config = {
      fleets: [{ name: 'default', api: apis.map((api) => `http://${api}`), ports }],
      provider: { shrinkGuard: { for: '1h' } },
      lastKnownGood: './kept',
    };
    world = cleanup.keep(await startWorld({ texts, config, entryPoints: { traefik: first } }));
    // One entryPoint has the right name and the wrong protocol, which disables its router; another is not there.
    const staticConfig = (await readStaticConfig(world.fairlead, world.root))
      .replace(':20000/tcp', ':20000/udp')
      .replaceAll(/^ {2}tcp-20001:\n(?: {4}.*\n)+/gm, '');
    cleanup.keep(await startTraefik({ staticConfig, bind: '127.0.0.2', entryPoints: { traefik: second } }));
    visitor = cleanup.keep(await Visitor.start(chromium ?? '', world.fairlead.adminUrl));
  });
  afterAll(() => cleanup.run());

  it('says what each Traefik has applied, what one lacks, and which router it disabled, and why', async () => {
    const page = await visitor.open('');
    const applied = page.getByRole('region', { name: 'Applied' });
    await applied.getByText('tcp router shop_db_').waitFor();
    await applied.getByText('everything applied on 1 of 2 Traefiks').waitFor();
    const [best, worst] = (await applied.getByRole('listitem').allInnerTexts()).toReversed();
    expect(best).toContain(`http://${apis[0]} has applied the current revision`);
    expect(worst).toContain(`http://${apis[1]} has applied the current revision`);
    expect(worst).toContain('lacks the entryPoint tcp-20001');
    expect(worst).toMatch(/tcp router shop_db_\S+ disabled: .*tcp-20000/);
    const state = page.getByRole('region', { name: 'State' });
    expect(await state.innerText()).toContain(
      `Traefik http://${apis[1]} lacks the entryPoint tcp-20001, and 1 more`,
    );
  });

  it('tells of an object on which Traefiks its router is applied, and follows that', async () => {
    const db = await visitor.open('?view=routes&object=Service/shop/db');
    await db.getByText('applied on 1 of 2 Traefiks').waitFor();
    const story = await db.getByRole('complementary', { name: 'db' }).innerText();
    expect(story).toMatch(new RegExp(`http://${apis[1]}\\s+disabled: .*tcp-20000`));
    const web = await visitor.open('?view=routes&object=Service/shop/web');
    await web.getByText('applied on 2 of 2 Traefiks').waitFor();
    world.write('shop.yaml', texts['shop.yaml'].replace('www.example', 'other.example'));
    await web.getByText('other.example').first().waitFor();
    await web.getByText('applied on 2 of 2 Traefiks').waitFor();
  });

  it('says first what is held back, until when, and what to type when it was meant', async () => {
    const page = await visitor.open('');
    world.remove('many.yaml');
    const state = page.getByRole('region', { name: 'State' });
    const line = state.getByRole('listitem').first();
    await line.getByText('Source manifests lost 60 of 62 routes of fleet default at once').waitFor();
    const text = await line.innerText();
    expect(text).toMatch(/in 1 namespace, such as Service\/shop\/app-\d+/);
    expect(text).toMatch(/still served for another 60 min, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    expect(await line.locator('code').innerText()).toBe('fairlead confirm --source manifests');
  });

  it.each([
    ['light', 'wide'],
    ['dark', 'phone'],
  ] as const)('axe finds nothing, %s and %s', async (scheme, size) => {
    for (const place of ['', '?view=routes&object=Service/shop/db']) {
      const page = await visitor.open(place, { scheme, size });
      await page
        .getByText(place === '' ? 'fairlead confirm' : 'applied on 1 of 2')
        .first()
        .waitFor();
      expect(await findBarriers(page)).toEqual([]);
      const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(wide)).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  it('says that a source is served from what was kept of it', async () => {
    renameSync(world.folder, `${world.folder}-away`);
    await world.restartFairlead();
    const sources = z.array(z.looseObject({ kept: z.string().optional() }));
    await eventually('it is kept', 20_000, async () =>
      sources.parse(await world.admin('/api/sources')).some(({ kept }) => kept !== undefined),
    );
    const page = await visitor.open('');
    const state = page.getByRole('region', { name: 'State' });
    await state.getByText('Source manifests has not answered since the start').waitFor();
    expect(await state.innerText()).toMatch(/what it had .* ago, at .*, is served \(lastKnownGood\)/);
    const table = page.getByRole('region', { name: 'Sources' });
    expect(await table.innerText()).toContain('served from lastKnownGood');
    await page.goto(`${world.fairlead.adminUrl}/?view=routes&object=Service/shop/web`);
    await page.getByText('Its source has not answered since the start').waitFor();
  });
});
