// A participant's own data in Chromium, on a phone and without JavaScript:
// seen, taken along, erased, with a receipt; no violation of WCAG in any of the
// pages, nothing wider than the screen.
//
//   KUJI_URL=http://… KUJI_SLUG=… [KUJI_SHOTS=DIR] node rights.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const slug = process.env.KUJI_SLUG;
const browser = await launch();
const at = (path) => `${base}/k/${slug}${path}`;
const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;

// What every page is held to, and its picture.
async function look(page, name) {
  for (const width of [320, 390]) {
    await page.setViewportSize({ ...phone, width });
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${width}`);
  }
  const found = await violations(page);
  is(found.length, 0, `${name}: accessible`);
  for (const fault of found) diag(fault);
  if (shoot) await shoot(page, name);
  await page.setViewportSize(phone);
}

async function draw(page) {
  await page.goto(at(''));
  await page.locator('#consent').check();
  is(await page.locator('#marketing').isChecked(), false, 'the box for news is not ticked');
  await page.locator('#marketing').check();
  await look(page, 'consents');
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
}

async function whole(page, locale) {
  await page.goto(at('/me/data'));
  await look(page, `data-none-${locale}`);
  await draw(page);
  await page.goto(at('/me'));
  await page.locator('a[href$="/me/data"]').click();
  await look(page, `data-${locale}`);
  await page.locator('form[action$="/me/data"] button').click();
  await page.waitForURL(/\/me\/data$/);
  is(await page.locator('form[action$="/me/data"]').count(), 0, 'news: withdrawn');
  const [download] = await Promise.all([
    page.waitForEvent('download'), page.locator('a[href$="/me/data.json"]').click(),
  ]);
  is(download.suggestedFilename(), `my-data-${slug}.json`, 'a file to keep');
  await page.locator('a[href$="/me/erase"]').click();
  await page.waitForURL(/\/me\/erase$/);
  await look(page, `erase-${locale}`);
  await page.locator('.button-danger').click();
  ok(page.url().endsWith('/me/erase'), 'nothing without the tick');
  await page.locator('#confirm').evaluate((box) => box.removeAttribute('required'));
  await page.locator('.button-danger').click();
  await page.locator('#confirm-error').waitFor();
  await look(page, `erase-unticked-${locale}`);
  await page.locator('#confirm').focus();
  await page.keyboard.press('Space');
  await page.locator('.button-danger').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/erasures\//);
  await look(page, `erased-${locale}`);
  await page.goto(at('/me/data'));
  is(await page.locator('.empty').count(), 1, 'nothing is held');
}

for (const locale of ['ja-JP', 'en-GB']) {
  const who = await participant(browser, { locale, javaScriptEnabled: true, bypassCSP: true });
  try {
    await whole(who.page, locale);
  } catch (error) {
    ok(false, `${locale}: ${error.message}`);
  }
  is(who.strangers.length, 0, `${locale}: no request to anybody else`);
  await who.context.close();
}

// The same form without JavaScript.
const plain = await participant(browser, { javaScriptEnabled: false });
await plain.page.goto(at(''));
await plain.page.locator('#consent').check();
await plain.page.locator('button[form=draw]').click();
await plain.page.waitForURL(/\/draws\/\d+/);
await plain.page.goto(at('/me/erase'));
await plain.page.locator('#confirm').check();
await plain.page.locator('.button-danger').click();
await plain.page.waitForURL(/\/erasures\//);
is(plain.refusals.join(' '), '', 'nothing against the content security policy');
await plain.context.close();

await browser.close();
done();
