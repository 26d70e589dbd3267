// A campaign's figures in Chromium: a plot above its table, by day and by hour,
// within the policy, without a violation of WCAG; and the table alone where
// there is no JavaScript.
//
//   KUJI_URL=http://… KUJI_SLUG=… KUJI_COOKIE=… node figures.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { base, desk, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const browser = await launch();
const cookie = { name: 'kuji-admin', value: process.env.KUJI_COOKIE, url: base };
const at = (by) => `${base}/admin/campaigns/${process.env.KUJI_SLUG}/figures?by=${by}`;

async function visit(by, options) {
  const who = await participant(browser, options);
  const errors = [];
  who.page.on('pageerror', (error) => errors.push(error.message));
  await who.context.addCookies([cookie]);
  await who.page.goto(at(by));
  return { ...who, errors };
}

for (const [size, viewport] of Object.entries({ phone, desk })) {
  for (const by of ['day', 'hour']) {
    const name = `${by}, ${size}`;
    const { page, context, refusals, strangers, errors } = await visit(by, { viewport });
    await page.locator('.plot canvas').waitFor();
    const drawn = await page.locator('.plot canvas').evaluate((canvas) =>
      new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size);
    ok(drawn > 8, `${name}: something is drawn`);
    is(await page.locator('.plot .u-series').count(), 4, `${name}: time, draws, wins, refusals`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing is wider`);
    is((await page.locator('.scroll td:nth-of-type(2) data').evaluateAll((all) =>
      all.map((one) => Number(one.value)).filter((n) => n))).join(' '), '30 30', `${name}: the table has the draws`);
    await page.setViewportSize({ width: viewport.width - 40, height: viewport.height });
    await page.waitForTimeout(300);
    ok(await page.evaluate(() => document.querySelector('.plot .uplot').offsetWidth
      <= document.querySelector('.plot').clientWidth), `${name}: the plot follows the window`);
    is(await page.locator('.plot .uplot').count(), 1, `${name}: one plot`);
    await page.emulateMedia({ colorScheme: 'dark' });
    is(await page.locator('.plot .uplot').count(), 1, `${name}: one plot by night`);
    is(refusals.join(' '), '', `${name}: nothing against the policy`);
    is(strangers.length, 0, `${name}: no request to others`);
    is(errors.join(' '), '', `${name}: no error`);
    await context.close();
  }
}

for (const colorScheme of ['light', 'dark']) {
  const { page, context } = await visit('day', { viewport: desk, bypassCSP: true, colorScheme });
  await page.locator('.plot canvas').waitFor();
  const found = await violations(page);
  is(found.length, 0, `${colorScheme}: no violation of WCAG`);
  found.forEach(diag);
  await context.close();
}

const { page, context } = await visit('day', { javaScriptEnabled: false });
is(await page.locator('.plot:visible').count(), 0, 'without JavaScript: no empty plot');
is(await page.locator('.scroll tbody tr').count(), 3, 'without JavaScript: a row a day');
await page.locator('.switch a').last().click();
ok(page.url().endsWith('?by=hour'), 'without JavaScript: the hours are a link away');
await context.close();
await browser.close();
done();
