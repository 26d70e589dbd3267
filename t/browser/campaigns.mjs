// Campaigns on the console in Chromium: made, published, drawn from and closed
// with and without JavaScript, by the keyboard alone; every page without a
// violation of WCAG and no wider than the screen.
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}'
//   KUJI_CAMPAIGNS='{"draft":"slug",…}' [KUJI_SHOTS=DIR] node campaigns.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { sound as isSound, tester } from './lib/sound.mjs';
import { base, desk, done, is, launch, ok } from './lib/tap.mjs';

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

// From nothing to a closed campaign, each step by its own form.
async function life(page, name, title, slug) {
  const home = `${base}/admin/campaigns/${slug}`;
  await logIn(page, owner);
  await page.goto(`${base}/admin/campaigns/-/new`);
  await page.locator('#f-title').fill(title);
  await page.locator('#f-slug').fill(slug);
  await page.locator('#f-opens_at').fill('2020-01-01T00:00');
  await page.locator('#f-odds_total').fill('10');
  await page.locator('#f-draws_per_participant').fill('');
  await submit(page, '/admin/campaigns');
  is(page.url(), home, `${name}: a draft`);
  await page.getByRole('link', { name: '賞品を加えてください' }).click();
  await page.getByRole('link', { name: '賞品を加える' }).click();
  await page.locator('#f-name').fill('大当たり');
  await page.locator('#f-code').fill('A');
  await page.locator('#f-units').fill('50');
  await page.locator('#f-weight').fill('10');
  await submit(page, '/prizes');
  is(await page.locator('[role=status]').innerText(), '賞品を保存しました。', `${name}: a prize`);
  await page.goto(`${home}/texts`);
  await page.locator('#f-purpose').fill('発送のためだけに使います。');
  await page.locator('#f-retention_days').fill('30');
  await submit(page, '/texts');
  await page.goto(home);
  await page.getByRole('link', { name: '公開する' }).first().click();
  await page.locator('#f-confirm').fill('別の名前');
  await submit(page, '/publish');
  is(await page.locator('#f-confirm[aria-invalid=true]').count(), 1, `${name}: not by another name`);
  await page.locator('#f-confirm').fill(title);
  await submit(page, '/publish');
  ok(/[0-9a-f]{64}/.test(await page.locator('[role=status]').innerText()), `${name}: published, with its hash`);
  await page.goto(`${base}/k/${slug}`);
  await page.locator('#consent').check();
  await page.locator('button[form=draw]').click();
  ok(/\/draws\/1$/.test(page.url()), `${name}: drawn`);
  ok((await page.locator('main').innerText()).includes('大当たり'), `${name}: won`);
  await page.goto(`${home}/prizes`);
  await page.locator('#f-units').fill('5');
  await submit(page, '/stock');
  await page.goto(`${home}/close`);
  await page.locator('#f-confirm').fill(title);
  await submit(page, '/close');
  is(await page.locator('.head .badge').innerText(), '終了', `${name}: closed`);
}

for (const javaScriptEnabled of [true, false]) {
  const name = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
  await test(name, ({ page }) => life(page, name, `ふゆの「福引」${name}`, `life-${Date.now()}-${javaScriptEnabled}`),
    { javaScriptEnabled, viewport: desk });
}

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
