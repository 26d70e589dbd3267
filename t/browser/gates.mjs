// The gates in Chromium, on a phone: each form, what it says to somebody who got
// it wrong, and the draw; no violation of WCAG, nothing wider than the screen.
//
//   KUJI_URL=… KUJI_SLUGS=… KUJI_GIVEN=… [KUJI_SHOTS=DIR] node gates.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS);
const given = JSON.parse(process.env.KUJI_GIVEN);
const browser = await launch();
const at = (slug) => `${base}/k/${slug}`;
const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;

async function look(page, name) {
  for (const width of [320, 360, 390]) {
    await page.setViewportSize({ ...phone, width });
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${width}`);
  }
  const found = await violations(page);
  is(found.length, 0, `${name}: accessible`);
  for (const fault of found) diag(fault);
  if (shoot) await shoot(page, name);
  await page.setViewportSize(phone);
}

const press = (page) => page.locator('button[form=draw]').first().click();
const drawn = (page, name) => page.waitForURL(/\/draws\/\d+/).then(() => ok(true, `${name}: drawn`));

async function code() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  await page.goto(`${at(slugs.code)}?code=${given.code}`);
  is(page.url(), at(slugs.code), 'the code left the address bar');
  is(await page.locator('#code').inputValue(), given.code, 'and is in the form');
  await look(page, 'gate-code');
  await page.locator('#code').fill(given.code.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')));
  await page.locator('#consent').check();
  await press(page);
  await page.locator('#code-error').waitFor();
  await look(page, 'gate-code-mistyped');
  for (let i = 0; i < 10; i += 1) await press(page);
  await page.locator('text=少し間をあけてください').first().waitFor();
  await look(page, 'gate-tries');
  await context.close();
}

async function passphrase() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  await page.goto(at(slugs.passphrase));
  await look(page, 'gate-passphrase');
  await page.locator('#passphrase').fill('なつまつり');
  await page.locator('#consent').check();
  await press(page);
  await page.locator('#passphrase-error').waitFor();
  is(await page.locator('#passphrase').inputValue(), 'なつまつり', 'what was typed is kept');
  await look(page, 'gate-passphrase-wrong');
  await page.locator('#passphrase').fill('あき　まつり');
  await press(page);
  await drawn(page, 'passphrase');
  await context.close();
}

async function link() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  await page.goto(at(slugs.api));
  await look(page, 'gate-api-none');
  await page.goto(base + given.link);
  is(page.url(), at(slugs.api), 'the token left the address bar');
  await look(page, 'gate-api');
  await page.locator('#consent').check();
  await press(page);
  await drawn(page, 'link');
  await page.goto(at(slugs.api));
  await look(page, 'gate-api-used');
  await context.close();
}

async function both() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  await page.goto(at(slugs.both));
  await page.locator('#code').fill(given.both);
  await page.locator('#passphrase').fill('あきまつり');
  await look(page, 'gate-both');
  await page.locator('#consent').check();
  await press(page);
  await drawn(page, 'both');
  await context.close();
}

await code();
await passphrase();
await link();
await both();
await browser.close();
done();
