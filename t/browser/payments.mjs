// Goods are bought on a phone, there and back; the console's pages about
// payments, on a phone and on a desk, by day and by night. KUJI_SHOTS: a
// directory for pictures, in English too.
//
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { violations } from './lib/axe.mjs';
import { logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, desk, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const { KUJI_SLUG: slug, KUJI_STAND_IN: provider, KUJI_SHOTS: shots } = process.env;
const shoot = shots ? await shooter(shots) : null;
const browser = await launch();

async function look(page, name) {
  for (const [size, viewport] of Object.entries({ phone, desk })) {
    await page.setViewportSize(viewport);
    is((await violations(page)).join(' '), '', `${name}, ${size}: no violation of WCAG`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing is wider than a ${size}`);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  is((await violations(page, { colours: true })).join(' '), '', `${name}: nor by night`);
  await page.emulateMedia({ colorScheme: 'light' });
  if (shoot) await shoot(page, name);
  await page.emulateMedia({ colorScheme: 'light' });
}

// The order's code has run out.
function runOut(order) {
  execFileSync('psql', ['-X', '-q', '-d', 'kuji', '-c',
    `UPDATE kuji.payment SET expires_at = 1 WHERE order_id = '${order.match(/kuji-[0-9a-f]{32}/)[0]}'`]);
}

async function control(what) {
  const answer = await fetch(`${provider}/_control`, { method: 'POST', body: JSON.stringify(what) });
  return answer.json();
}

// ---- the participant ----
const me = await participant(browser, { viewport: phone });
await me.page.goto(`${base}/k/${slug}`);
await look(me.page, 'pay-campaign');
await me.page.locator('form[action$="/buy"] button').click();
await me.page.waitForURL(/\/pay\/kuji-[0-9a-f]{32}/);
await look(me.page, 'pay-waiting');
const order = me.page.url();
await me.page.goto(`${base}/k/${slug}`);
await look(me.page, 'pay-unpaid');
await me.page.goto(order);
// At LINE, where this browser of the tests does not go.
const away = new URL(await me.page.getAttribute('a.button-primary', 'href'));
is(away.origin, new URL(provider).origin, 'a link to the provider');
const back = new URL((await control({ decide: [away.searchParams.get('transaction'), 'agree'] })).url);
await me.page.goto(`${base}${back.pathname}${back.search}`);
ok(/お支払いが済みました/.test(await me.page.innerText('main')), 'paid at LINE, and back');
await look(me.page, 'pay-paid');
await me.page.locator('a.button-primary').click();
await me.page.waitForURL(new RegExp(`/k/${slug}$`));
await look(me.page, 'pay-draw');
await me.page.locator('#consent').check();
await me.page.locator('button[form=draw]').click();
await me.page.waitForURL(/\/draws\/\d+/);
ok(true, 'and drawn');
const paid = order.match(/kuji-[0-9a-f]{32}/)[0];
is(me.strangers.join(' '), '', 'no request to anybody else');
is(me.refusals.join(' '), '', 'nothing against the content security policy');
const other = await participant(browser, { viewport: phone });
await other.page.goto(`${base}/k/${slug}`);
await other.page.goto(order);
await look(other.page, 'pay-elsewhere');
await other.page.goto(`${base}/k/${slug}`);
await other.page.locator('form[action$="/buy"] button').click();
await other.page.waitForURL(/\/pay\/kuji-[0-9a-f]{32}/);
runOut(other.page.url());
await other.page.reload();
ok(/お支払いの期限が過ぎました/.test(await other.page.innerText('main')), 'a code that has run out');
is(await other.page.locator(`a[href^="${provider}"]`).count(), 0, 'leads nowhere');
await look(other.page, 'pay-late');
await other.page.goto(`${base}/k/${slug}`);
is(await other.page.locator('form[action$="/buy"]').count(), 0, 'and nothing else is sold meanwhile');
const english = await participant(browser, { viewport: phone, locale: 'en-GB' });
await english.page.goto(`${base}/k/${slug}`);
await look(english.page, 'pay-campaign-en');
await english.page.locator('form[action$="/buy"] button').click();
await english.page.waitForURL(/\/pay\/kuji-[0-9a-f]{32}/);
await look(english.page, 'pay-waiting-en');
await english.page.goto(`${base}/k/${slug}`);
await look(english.page, 'pay-unpaid-en');

// ---- the console ----
const context = await browser.newContext({ viewport: desk, locale: 'ja-JP', bypassCSP: true, reducedMotion: 'reduce' });
const page = await context.newPage();
await logIn(page, { login: process.env.KUJI_LOGIN, password: process.env.KUJI_PASSWORD });
await page.goto(`${base}/admin/payments/settings`);
await look(page, 'pay-settings');
await page.goto(`${base}/admin/campaigns/${slug}/pay`);
await look(page, 'pay-counter');
await page.locator('[name=code]').fill((await control({ key: {} })).key);
await page.locator('main form button[type=submit]').click();
ok(/お支払いを受け取りました/.test(await page.innerText('main')), 'a sale at the counter');
ok(await page.locator('svg.qr').isVisible(), 'with a QR code for the customer');
await look(page, 'pay-sale');
await page.goto(`${base}/admin/payments`);
await look(page, 'pay-list');
await page.goto(`${base}/admin/payments/${paid}`);
await look(page, 'pay-one');
await page.goto(`${base}/admin/campaigns/${slug}/edit`);
await look(page, 'pay-edit');
await page.goto(`${base}/admin/campaigns/${slug}/exports`);
ok(await page.locator('form[action$="/exports/payments.csv"]').isVisible(), 'payments can be taken out');
await look(page, 'pay-export');
await page.goto(`${base}/admin/payments/${paid}`);
await page.locator('[name=reason]').fill('ご来店のお客さまのご都合による返品');
await page.locator('[name=confirm]').fill('wrong!');
await page.locator('form[action$="/refund"] button[type=submit]').click();
ok(/一致しません/.test(await page.innerText('main')), 'a refund wants the order named');
await look(page, 'pay-refund-wrong');
await page.locator('[name=confirm]').fill(paid.slice(-6));
await page.locator('form[action$="/refund"] button[type=submit]').click();
await page.waitForURL(new RegExp(`${paid}$`));
ok(/返金/.test(await page.innerText('main')), 'paid back');
await look(page, 'pay-refunded');
const guest = await browser.newContext({ viewport: desk, locale: 'en-GB', bypassCSP: true, reducedMotion: 'reduce' });
const desked = await guest.newPage();
await logIn(desked, { login: process.env.KUJI_LOGIN, password: process.env.KUJI_PASSWORD });
for (const [name, path] of [['settings', 'payments/settings'], ['counter', `campaigns/${slug}/pay`],
  ['list', 'payments'], ['one', `payments/${paid}`], ['export', `campaigns/${slug}/exports`]]) {
  await desked.goto(`${base}/admin/${path}`);
  await look(desked, `pay-${name}-en`);
}
await browser.close();
done();
