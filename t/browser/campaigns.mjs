// Campaigns on the console in Chromium: made, published, drawn from and closed
// with and without JavaScript, and by the keyboard alone. (How the pages look:
// console.mjs.)
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}'
//   KUJI_CAMPAIGNS='{"draft":"slug"}' node campaigns.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { logIn } from './lib/console.mjs';
import { tester } from './lib/sound.mjs';
import { base, desk, done, is, launch, ok } from './lib/tap.mjs';

const owner = JSON.parse(process.env.KUJI_ADMIN);
const slugs = JSON.parse(process.env.KUJI_CAMPAIGNS);
const browser = await launch();

const test = tester(browser);

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

await test('live', async ({ page }) => {
  await logIn(page, owner);
  await page.goto(`${base}/admin/campaigns/${slugs.draft}/prizes/C`);
  await page.locator('#live-sums dd').first().waitFor();
  is(await page.locator('#live-sums dd').first().innerText(), '42.05%', 'live: the odds as they are');
  const frame = page.frameLocator('.live-frame iframe');
  await frame.locator('.prize').first().waitFor();
  await page.locator('#f-name').fill('ひきたての珈琲豆');
  await page.locator('#f-weight').fill('40000');
  await page.waitForFunction(() => document.querySelector('#live-sums .refused'));
  is(await page.evaluate(() => document.activeElement.id), 'f-weight', 'live: the focus stays');
  is(await page.locator('#f-weight-error').count(), 0, 'live: nobody is scolded while typing');
  await page.locator('#f-units').focus();
  await page.locator('#f-weight-error').waitFor();
  is(await page.locator('#f-weight').getAttribute('aria-invalid'), 'true', 'live: a field that was left says what is wrong');
  await page.locator('#f-weight').fill('100');
  await page.locator('#f-visitors').fill('100000');
  await page.waitForFunction(() => document.querySelector('#live-sums dd').textContent === '3.05%'
    && document.querySelectorAll('#live-forecast tbody tr').length === 3);
  is(await page.locator('#f-weight-error').count(), 0, 'live: and no longer once it is right');
  ok(/ひきたての珈琲豆/.test(await page.locator('#live-forecast').innerText()), 'live: the forecast is of what is typed');
  await frame.getByText('ひきたての珈琲豆').first().waitFor();
  ok(true, 'live: and so is the preview');
  await page.reload();
  is(await page.locator('#f-weight').inputValue(), '4000', 'live: nothing was saved');
}, { viewport: desk });

await test('without JavaScript: asking', async ({ page }) => {
  await logIn(page, owner);
  await page.goto(`${base}/admin/campaigns/${slugs.draft}/prizes/C`);
  await page.locator('#f-weight').fill('100');
  await page.locator('button[value=numbers]').click();
  is(await page.locator('#live-sums dd').first().innerText(), '3.05%', 'asking: the same answer');
  is(await page.locator('#f-weight').inputValue(), '100', 'asking: what was typed stays');
  for (const path of [`/campaigns/${slugs.draft}/codes`, `/campaigns/${slugs.draft}/prizes/C`, '/images']) {
    await page.goto(`${base}/admin${path}`);
    is(await page.locator('[hidden]:visible').count(), 0, `${path}: nothing that would need JavaScript`);
  }
}, { viewport: desk, javaScriptEnabled: false });

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
