// The e-mail gate on a phone, without JavaScript: an address, the code from the
// mail, the draw; the link on another phone. KUJI_SHOTS: a directory for
// pictures of it.
//
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { violations } from './lib/axe.mjs';
import { base, done, is, launch, ok, participant } from './lib/tap.mjs';

const slug = process.env.KUJI_SLUG;
const mails = `${process.env.KUJI_SCRATCH}/mail`;
const shots = process.env.KUJI_SHOTS;
const browser = await launch();
const phone = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } };

// The newest mail to an address, once there are that many.
async function mail(address, count) {
  for (let i = 0; i < 100; i += 1) {
    const found = readdirSync(mails).filter((name) => name.endsWith('.json')).sort()
      .map((name) => JSON.parse(readFileSync(`${mails}/${name}`, 'utf8')))
      .filter((one) => one.to[0] === address);
    if (found.length >= count) return found[count - 1];
    await new Promise((next) => { setTimeout(next, 200); });
  }
  throw new Error('no mail came');
}

async function look(page, name) {
  is((await violations(page)).join(' '), '', `${name}: no violation of WCAG`);
  ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing is wider than the phone`);
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

// Axe needs scripts in the page: the pages are looked at by one who runs them.
const { page, context } = await participant(browser, { viewport: phone.viewport });
await page.goto(`${base}/k/${slug}`);
await look(page, 'mail-campaign');
await page.goto(`${base}/k/${slug}/mail`);
await look(page, 'mail-ask');
await context.close();

const me = await participant(browser, phone);
await me.page.goto(`${base}/k/${slug}`);
await me.page.fill('#address', 'browser@example.com');
await me.page.locator('form[action$="/mail"] button').click();
const asked = me.page.url();
ok(/\/mail\?c=/.test(asked), 'an address leads to the code');
const code = (await mail('browser@example.com', 1)).body.match(/\b\d{6}\b/)[0];
const link = (await mail('browser@example.com', 1)).body.match(/token=([\w-]+)/)[1];
is(await me.page.getAttribute('#mail-code', 'autocomplete'), 'one-time-code', 'the phone may fill it in');
await me.page.fill('#mail-code', '12345');
await me.page.locator('form[action$="/mail/code"] button').click();
ok(await me.page.locator('#mail-code-error').isVisible(), 'a wrong code is said to be wrong');

const other = await participant(browser, { viewport: phone.viewport });
await other.page.goto(asked);
await look(other.page, 'mail-code');
await other.page.fill('#mail-code', '12345');
await other.page.locator('form[action$="/mail/code"] button').click();
await other.page.locator('#mail-code-error').waitFor();
await look(other.page, 'mail-code-wrong');
await other.page.goto(`${base}/k/${slug}/mail?token=${link}`);
await look(other.page, 'mail-link');

await me.page.fill('#mail-code', `${code.slice(0, 3)} ${code.slice(3)}`);
await me.page.locator('form[action$="/mail/code"] button').click();
ok(me.page.url().endsWith(`/k/${slug}`), 'the code leads to the draw');
await me.page.locator('#consent').check();
await me.page.locator('button[form=draw]').click();
await me.page.waitForURL(/\/draws\/\d+/);
ok(/当選/.test((await mail('browser@example.com', 2)).headers.subject), 'and the win is mailed');

// What is held of somebody with an address, by one whose pages run scripts.
const held = await participant(browser, { viewport: phone.viewport });
await held.context.addCookies(await me.context.cookies());
await held.page.goto(`${base}/k/${slug}/me/data`);
await held.page.locator('#d-mail').waitFor();
await look(held.page, 'mail-data');
await held.context.close();

await other.page.goto(`${base}/k/${slug}/mail?token=${link}`);
ok(/もう一度、確認コードをお受け取りください/.test(await other.page.innerText('main')), 'the link went with the code');
await look(other.page, 'mail-over');
for (const who of [me, other]) {
  is(who.strangers.length, 0, 'no request to anybody else');
  is(who.refusals.join(' '), '', 'nothing against the content security policy');
}
await browser.close();
done();
