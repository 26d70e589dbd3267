// The console's page of messages by LINE, and a campaign's list of them: without
// a violation of WCAG, and no wider than the screen. KUJI_SHOTS: a directory for
// pictures of them.
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, desk, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;
const browser = await launch();
const { page } = await participant(browser);
await logIn(page, { login: process.env.KUJI_LOGIN, password: process.env.KUJI_PASSWORD });
for (const [name, path] of [
  ['line', '/admin/line'],
  ['line-messages', '/admin/line/messages'],
  ['line-mail', `/admin/campaigns/${process.env.KUJI_SLUG}/mail`],
]) {
  await page.goto(`${base}${path}`);
  for (const viewport of [phone, desk]) {
    await page.setViewportSize(viewport);
    is((await violations(page)).join(' '), '', `${name} at ${viewport.width}: no violation of WCAG`);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      `${name} at ${viewport.width}: nothing is wider`);
  }
  if (shoot) await shoot(page, name);
}
await browser.close();
done();
