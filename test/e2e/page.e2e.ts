import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Cleanup } from './support/cleanup.ts';
import { findBarriers, findChromiumOrSkip, Visitor } from './support/page.ts';
import { startWorld, type World } from './support/world.ts';

const chromium = findChromiumOrSkip('the status page in a browser');

const hostile = '<img src=x onerror=alert(1)>';

/** A Service with a host, and one with a pool port. */
function toService(namespace: string, name: string, annotations: Readonly<Record<string, string>>): string {
  const meta = { name, namespace, annotations };
  const port = { name: 'web', port: 80 };
  return stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { clusterIP: 'None', ports: [port] },
  });
}

const texts = {
  'shop.yaml': [
    toService('shop', 'web', { 'fairlead.dev/host': 'www.shop.example', 'fairlead.dev/max-fails': 'two' }),
    toService('shop', 'basket', {
      'fairlead.dev/host': 'basket.shop.example',
      'fairlead.dev/path': '/api',
      'fairlead.dev/max-body': '10m',
    }),
    toService('bank', 'db', { 'fairlead.dev/expose': 'true' }),
    toService('bank', 'evil', {
      'fairlead.dev/host': hostile,
      'fairlead.dev/path': `/${hostile}`,
      'fairlead.dev/strategy': hostile,
    }),
    ...Array.from({ length: 60 }, (_, index) =>
      toService('many', `app-${String(index).padStart(2, '0')}`, {
        'fairlead.dev/host': `app-${index}.many.example`,
      }),
    ),
  ].join('---\n'),
};

describe.skipIf(chromium === undefined)('the status page', () => {
  const cleanup = new Cleanup();
  let world: World;
  let visitor: Visitor;

  beforeAll(async () => {
    const ports = { tcp: { range: '20000-20099' }, udp: null, requestable: '20080-20099' };
    world = cleanup.keep(await startWorld({ texts, config: { fleets: [{ ports }] } }));
    await world.waitFor(({ tcpRouters }) => Object.keys(tcpRouters).length > 1);
    visitor = cleanup.keep(await Visitor.start(chromium ?? '', world.fairlead.adminUrl));
  });
  afterAll(() => cleanup.run());

  it('shows at a glance who polls and holds what, which sources are synced, and what is wrong', async () => {
    const page = await visitor.open('');
    const traefiks = page.getByRole('region', { name: 'Traefiks', exact: true });
    await traefiks.getByText('current', { exact: false }).first().waitFor();
    expect(await traefiks.getByRole('row').count()).toBe(2);
    expect(await page.getByRole('region', { name: 'Sources' }).innerText()).toContain('manifests synced');
    expect(await page.getByRole('region', { name: 'Port pools' }).innerText()).toContain('1 held');
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByRole('link', { name: 'annotation-invalid' }).click();
    expect(page.url()).toContain('?view=problems&code=annotation-invalid');
    await page.getByText('"two" is not a whole number').first().waitFor();
  });

  it('finds routes as they are typed, tells the story of one, and goes back step by step', async () => {
    const page = await visitor.open('?view=routes');
    await page.getByText('62 routes').or(page.getByText('63 routes')).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('host:basket');
    await page.getByText('1 route', { exact: true }).waitFor();
    await page.waitForURL(/q=host:basket/);
    await page.getByRole('list', { name: 'Routes' }).getByRole('link').click();
    const panel = page.getByRole('complementary', { name: 'basket' });
    await panel.getByText('asked for by').waitFor();
    const story = await panel.innerText();
    expect(story).toContain('fairlead.dev/path');
    expect(story).toMatch(/shaped by fairlead\.dev\/max-body/);
    expect(story).toContain('shop_basket');
    expect(story).toMatch(/1 of 1 Traefik of fleet default/);
    expect(page.url()).toContain('?view=routes&q=host:basket&object=Service/shop/basket');
    await page.goBack();
    await panel.waitFor({ state: 'detached' });
    expect(await page.getByRole('searchbox').inputValue()).toBe('host:basket');
  });

  it('opens at any state by its link', async () => {
    const page = await visitor.open('?view=routes&q=ns:shop&object=Service/shop/web');
    await page.getByText('2 routes').waitFor();
    await page.getByRole('complementary', { name: 'web' }).getByText('Problems').waitFor();
    const port = await visitor.open('?view=ports&pool=default/default/tcp&port=20000');
    await port.getByRole('complementary', { name: 'Port 20000' }).getByText('Service/bank/db').waitFor();
  });

  it('shows a change by itself, and where a port goes when it is given back', async () => {
    const page = await visitor.open('?view=routes&q=ns:later');
    await page.getByText('No route has all these words').waitFor();
    world.write('later.yaml', toService('later', 'new', { 'fairlead.dev/host': 'new.example' }));
    await page.getByText('Service/later/new').waitFor();
    world.remove('later.yaml');
    await page.getByText('No route has all these words').waitFor();
    expect(await page.getByRole('banner').innerText()).toContain('live');
  });

  it('is walked by keyboard alone: tabs, search, rows, story, map', async () => {
    const page = await visitor.open('?view=routes&q=ns:many');
    await page.getByText('60 routes').waitFor();
    const link = page.getByRole('list', { name: 'Routes' }).getByRole('link').first();
    await link.focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const active = page.locator(':focus');
    await active.filter({ hasText: 'app-59' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'app-59' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    expect(await active.innerText()).toContain('app-59');
    await page.goto(`${world.fairlead.adminUrl}/?view=ports`);
    const map = page.getByRole('slider');
    await map.waitFor();
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('complementary', { name: 'Port 20001' }).waitFor();
    expect(await map.getAttribute('aria-valuetext')).toBe('20001, free');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('complementary', { name: 'Port 20000' }).getByText('Held by').waitFor();
  });

  it('shows what tenants write as text, whatever it is', async () => {
    const page = await visitor.open('?view=problems&q=ns:bank&object=Service/bank/evil');
    await page.getByRole('complementary', { name: 'evil' }).getByText(hostile).first().waitFor();
    await page.goto(`${world.fairlead.adminUrl}/?view=routes&q=${encodeURIComponent(hostile)}`);
    await page.getByRole('status').filter({ hasText: 'route' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  const places = [
    '',
    '?view=routes&object=Service/shop/web',
    '?view=ports&port=20000',
    '?view=ports&as=list',
    '?view=problems',
    '?view=routes&object=Namespace/shop',
  ];
  it.each([
    ['light', 'wide'],
    ['dark', 'wide'],
    ['light', 'phone'],
    ['dark', 'phone'],
  ] as const)('axe finds nothing, %s and %s', async (scheme, size) => {
    const page = await visitor.open('', { scheme, size });
    const barriers: string[] = [];
    for (const place of places) {
      await page.goto(`${world.fairlead.adminUrl}/${place}`);
      await page.getByText('Reading…').first().waitFor({ state: 'detached' });
      if (place.includes('object=') || place.includes('port='))
        await page.getByRole('complementary').waitFor();
      for (const barrier of await findBarriers(page)) barriers.push(`${place}: ${barrier}`);
      // Nothing is wider than the screen.
      const wide = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      if (Number(await page.evaluate(wide)) > 0) barriers.push(`${place}: wider than the screen`);
    }
    expect(barriers).toEqual([]);
    await page.context().close();
  });

  it('asks nobody else for anything, and breaks no rule of its own', async () => {
    const response = await fetch(`${world.fairlead.adminUrl}/`, { headers: { Accept: 'text/html' } });
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/,
    );
    expect(await response.text()).not.toMatch(/<script>|style=|\son\w+=/);
    expect(visitor.foreign).toEqual([]);
    expect(visitor.complaints).toEqual([]);
  });

  it('says so when Fairlead does not answer, keeps what it knows, and goes on when it is back', async () => {
    const page = await visitor.open('');
    await page.getByRole('region', { name: 'Sources' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('alert').getByText('does not answer').waitFor();
    expect(await page.getByRole('region', { name: 'Sources' }).innerText()).toContain('manifests');
    await page.context().setOffline(false);
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});
