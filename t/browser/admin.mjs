// The console in Chromium: log-in and an invitation with and without
// JavaScript and by keyboard, no violation of WCAG, no request to others,
// nothing wider than the screen.
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}' node admin.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { logIn, pages } from './lib/console.mjs';
import { sound, tester } from './lib/sound.mjs';
import { base, desk, diag, done, is, launch, ok, phone } from './lib/tap.mjs';

const owner = JSON.parse(process.env.KUJI_ADMIN);
const browser = await launch();

const test = tester(browser);

for (const javaScriptEnabled of [true, false]) {
  const name = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
  await test(name, async ({ page }) => {
    await logIn(page, owner);
    ok(/\/admin\//.test(page.url()), `${name}: in`);
    await page.goto(`${base}/admin/accounts`);
    const guest = `guest-${javaScriptEnabled}@example.jp`;
    await page.locator('#f-login').fill(guest);
    await page.locator('form[action$="/accounts"] button').click();
    const link = await page.locator('.secret').innerText();
    await page.goto(link);
    await page.locator('#f-new').fill('password1234');
    await page.locator('main button[type=submit]').click();
    is(await page.locator('#f-new[aria-invalid=true]').count(), 1, `${name}: a common password`);
    if (javaScriptEnabled) {
      await sound(page, 'refused');
    }
    await page.locator('#f-generated').check();
    const password = await page.locator('#f-generated').getAttribute('value');
    await page.locator('main button[type=submit]').click();
    await page.waitForURL(/\/admin/);
    await page.context().clearCookies();
    await logIn(page, { login: guest, password });
    is((await page.locator('.rail-wide .rail-me a').textContent()), guest, `${name}: the guest is in`);
    await page.setViewportSize(phone);
    await page.locator('.rail-menu summary').click();
    await page.locator('.rail-menu .rail-button').click();
    is(await page.locator('[role=status]').count(), 1, `${name}: and out, by the menu of a phone`);
  }, { javaScriptEnabled });
}

await test('keyboard', async ({ page }) => {
  await page.goto(`${base}/admin/login`);
  await page.keyboard.press('Tab');
  is(await page.evaluate(() => document.activeElement.className), 'skip', 'keyboard: to the content first');
  await page.locator('#f-login').focus();
  await page.keyboard.type(owner.login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(owner.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
  ok(true, 'keyboard: in');
}, { viewport: desk });

await test('pages', async ({ page }) => {
  await page.goto(`${base}/admin/login`);
  await sound(page, 'login');
  await logIn(page, owner);
  for (const [name, path] of pages) {
    await page.goto(`${base}/admin${path}`);
    await sound(page, name);
  }
  await page.goto(`${base}/admin/accounts`);
  await page.locator('tbody a').first().click();
  await sound(page, 'one account');
  await page.setViewportSize(phone);
  await page.locator('.rail-menu summary').click();
  const found = await violations(page);
  is(found.length, 0, 'menu: WCAG');
  found.forEach(diag);
}, { bypassCSP: true });

await browser.close();
done();
