// Goods are bought on a phone, there and back; the console's pages about
// payments, on a phone and on a desk. KUJI_SHOTS: a directory for pictures.
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { logIn } from './lib/console.mjs';
import { base, desk, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const { KUJI_SLUG: slug, KUJI_STAND_IN: provider, KUJI_SHOTS: shots } = process.env;
const browser = await launch();

async function look(page, name) {
  for (const [size, viewport] of Object.entries({ phone, desk })) {
    await page.setViewportSize(viewport);
    is((await violations(page)).join(' '), '', `${name}, ${size}: no violation of WCAG`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing is wider than a ${size}`);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${size}.png`, fullPage: true });
  }
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

// ---- the console ----
const context = await browser.newContext({ viewport: desk, locale: 'ja-JP', bypassCSP: true });
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
await browser.close();
done();
