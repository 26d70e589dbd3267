// Campaigns on the console in Chromium: every page of every state without a
// violation of WCAG and no wider than the screen; prizes put in order by the
// keyboard alone.
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}'
//   KUJI_CAMPAIGNS='{"draft":"slug",…}' [KUJI_SHOTS=DIR] node campaigns.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { sound as isSound, tester } from './lib/sound.mjs';
import { base, desk, done, launch, ok } from './lib/tap.mjs';

const owner = JSON.parse(process.env.KUJI_ADMIN);
const slugs = JSON.parse(process.env.KUJI_CAMPAIGNS);
const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;
const browser = await launch();

const test = tester(browser);

async function sound(page, name) {
  if (shoot) await shoot(page, `admin-${name}`);
  await isSound(page, name);
}

const submit = (page, path) => page.locator(`form[action$="${path}"] button[type=submit]`).last().click();

const of = (slug, ...paths) => paths.map((path) => `/campaigns/${slug}${path}`);
const pages = [
  ['campaigns', '/campaigns'], ['campaigns-archived', '/campaigns?archived=1'], ['campaigns-none', '/campaigns?q=zzz'],
  ['campaign-new', '/campaigns/-/new'],
  ...['', '/edit', '/texts', '/prizes', '/prizes/A', '/new-prize', '/forecast?visitors=500', '/publish', '/duplicate',
    '/codes'].map((path) => [`draft${path.replace(/\?.*/, '').replaceAll('/', '-')}`, of(slugs.draft, path)[0]]),
  ...['', '/prizes', '/publish'].map((path) => [`empty${path.replaceAll('/', '-')}`, of(slugs.empty, path)[0]]),
  ...['', '/edit', '/prizes', '/prizes/A', '/close'].map((path) => [`live${path.replaceAll('/', '-')}`,
    of(slugs.live, path)[0]]),
  ['coded-codes', of(slugs.coded, '/codes')[0]],
  ['moment-prize', of(slugs.moment, '/prizes/B')[0]], ['moment-prizes', of(slugs.moment, '/prizes')[0]],
  ...['', '/raffle', '/forecast'].map((path) => [`raffle${path.replaceAll('/', '-')}`, of(slugs.raffle, path)[0]]),
  ...['', '/raffle'].map((path) => [`run${path.replaceAll('/', '-')}`, of(slugs.run, path)[0]]),
];

await test('pages', async ({ page }) => {
  await logIn(page, owner);
  for (const [name, path] of pages) {
    await page.goto(`${base}/admin${path}`);
    await sound(page, name);
  }
  await page.goto(`${base}/admin/campaigns/${slugs.draft}/preview`);
  await sound(page, 'preview');
  await page.goto(`${base}/admin/campaigns/${slugs.coded}/codes`);
  await page.locator('#f-take_name').fill('印刷ずみ');
  await page.locator('#f-codes').fill('AB-1234\nあいう\nab1234');
  await submit(page, '/codes/import');
  await sound(page, 'codes-report');
  await page.goto(`${base}/admin/campaigns/-/new`);
  await page.locator('#f-title').fill('x');
  await page.locator('#f-slug').fill('Not An Address');
  await page.locator('#f-closes_at').fill('2020-01-01T00:00');
  await submit(page, '/admin/campaigns');
  await sound(page, 'campaign-refused');
  await page.goto(`${base}/admin/campaigns?lang=en`);
  await sound(page, 'campaigns-english');
  await page.goto(`${base}/admin/campaigns/${slugs.live}`);
  await sound(page, 'live-english');
}, { bypassCSP: true });

await test('keyboard', async ({ page }) => {
  await logIn(page, owner);
  await page.goto(`${base}/admin/campaigns/${slugs.draft}/prizes`);
  const first = page.locator('tbody tr').first().locator('th');
  const before = await first.innerText();
  await page.locator('tbody tr').first().locator('.order-button:not([disabled])').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('[role=status]').waitFor();
  ok((await first.innerText()) !== before, 'keyboard: a prize moves');
}, { viewport: desk });

await browser.close();
done();
