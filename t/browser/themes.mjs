// Every theme in every phase, by day and by night, on three screens: nothing is
// wider than the screen, no violation of WCAG, and a picture of each for the eye.
//
//   KUJI_URL=… KUJI_THEMES='{"yuki":{"open":SLUG,…},…}' KUJI_REVEALS='{…}'
//   [KUJI_SHOTS=DIR] node themes.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { violations } from './lib/axe.mjs';
import { base, desk, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const themes = JSON.parse(process.env.KUJI_THEMES);
const reveals = JSON.parse(process.env.KUJI_REVEALS);
const shots = process.env.KUJI_SHOTS;
const small = { width: 360, height: 640 };
const screens = { small, phone, desk };
const browser = await launch();
const { page, refusals, strangers } = await participant(browser, { bypassCSP: true });
if (shots) await mkdir(shots, { recursive: true });

async function shoot(name, { full = true } = {}) {
  if (!shots) return;
  for (const [size, viewport] of Object.entries(screens)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(250);
      await page.screenshot({ path: `${shots}/${name}-${size}-${colorScheme}.png`, fullPage: full });
    }
  }
}

async function sound(name) {
  // 195 pixels are what 200 % of zoom leave of a phone's 390.
  for (const width of [195, 320, 360, 390, 1440]) {
    await page.setViewportSize({ width, height: 640 });
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${width}`);
  }
  await page.setViewportSize(phone);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    // Colours that fade into the other scheme are not yet themselves.
    await page.waitForTimeout(300);
    const found = await violations(page, { colours: colorScheme === 'dark' });
    is(found.length, 0, `${name}: WCAG, ${colorScheme}`);
    found.forEach(diag);
  }
}

for (const [theme, phases] of Object.entries(themes)) {
  for (const [phase, slug] of Object.entries(phases)) {
    await page.goto(`${base}/k/${slug}`);
    await sound(`${theme}, ${phase}`);
    await shoot(`campaign-${theme}-${phase}`);
  }
}

// Results of one and of many, a refusal, in each theme; sold out is a refusal.
async function draw(slug, count) {
  await page.setViewportSize(phone);
  await page.goto(`${base}/k/${slug}`);
  if (await page.locator('#consent').count()) await page.locator('#consent').check();
  if (count) await page.locator('.count', { hasText: `${count}回` }).click();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
}

for (const [theme, { open }] of Object.entries(themes)) {
  for (const kind of ['win', 'blank']) {
    for (let i = 0; i < 40; i += 1) {
      await draw(open);
      if (await page.locator(`.outcome-${kind}`).count()) break;
    }
    await sound(`${theme}, ${kind}`);
    await shoot(`result-${theme}-${kind}`);
  }
  await draw(open, 10);
  await sound(`${theme}, ten`);
  await shoot(`result-${theme}-ten`);
}
for (const [reveal, slug] of Object.entries(reveals)) {
  await page.goto(`${base}/k/${slug}`);
  await sound(`the page of ${reveal}`);
  await shoot(`campaign-${reveal}`);
}
is(strangers.length, 0, 'no request to anybody else');
is(refusals.join(' '), '', 'nothing against the policy');
await browser.close();
done();
