/** `npm run screenshots`: the pictures of docs/images, of a Fairlead with 400 Services and two Traefiks. Needs Chromium. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFairlead } from '../test/e2e/support/fairlead.ts';
import { findChromium, launchChromium } from '../test/support/page/chromium.ts';
import { writeTown } from '../test/support/page/town.ts';

const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const wide = { width: 1180, height: 720 };
const phone = { width: 390, height: 720 };
const pictures = [
  { name: 'overview-light', scheme: 'light', size: wide, search: '' },
  {
    name: 'story-light',
    scheme: 'light',
    size: wide,
    search: '?view=routes&q=shop&object=Service/team-00/shop-0',
  },
  { name: 'ports-dark', scheme: 'dark', size: wide, search: '?view=ports&port=20003' },
  { name: 'phone-dark', scheme: 'dark', size: phone, search: '?view=routes&q=shop' },
] as const;

const executable = findChromium();
if (executable === undefined) throw new Error('no chromium: install it, or name it by CHROMIUM_BIN');
const root = mkdtempSync(join(tmpdir(), 'fairlead-'));
writeTown(join(root, 'manifests'), 400);
const ports = { tcp: { range: '20000-20299' }, udp: null, requestable: '20080-20099', bank: 100 };
const fairlead = await startFairlead({
  cwd: root,
  config: {
    sources: [{ name: 'town', directory: { path: join(root, 'manifests') } }],
    ledger: { file: join(root, 'ports.json') },
    fleets: [{ addresses: ['edge.example.com'], ports }],
  },
});
const done = new AbortController();
const polls = ['edge-1', 'edge-2'].map(async (host) => {
  while (!done.signal.aborted) {
    await (await fetch(`${fairlead.providerUrl}/traefik`, { headers: { 'X-Fairlead-Host': host } })).text();
    await sleep(500);
  }
});
const browser = await launchChromium(executable);
mkdirSync(images, { recursive: true });
await sleep(6_000);
for (const { name, scheme, size, search } of pictures) {
  const page = await browser.newPage({ viewport: size, colorScheme: scheme });
  await page.goto(`${fairlead.adminUrl}/${search}`);
  await page.getByText('Reading…').first().waitFor({ state: 'detached' });
  await sleep(1_500);
  await page.screenshot({ path: join(images, `${name}.png`) });
  await page.close();
}
await browser.close();
done.abort();
await Promise.all(polls);
await fairlead.stop();
rmSync(root, { recursive: true });
