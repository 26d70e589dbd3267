// The forms of a campaign in Chromium: what stands beside them, with and without
// JavaScript; prizes put in order by the keyboard alone. (How the pages look:
// console.mjs; a whole life: life.mjs.)
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
