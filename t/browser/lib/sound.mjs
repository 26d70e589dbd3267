// What every page of the console is held to.
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './axe.mjs';
import { desk, diag, is, ok, participant, phone } from './tap.mjs';

// A person's own browser for one test, and what holds whatever is done in it.
export const tester = (browser) => async (name, body, options) => {
  const who = await participant(browser, options);
  try {
    await body(who);
  } catch (error) {
    ok(false, `${name}: ${error.message.split('\n')[0]}`);
  }
  is(who.strangers.length, 0, `${name}: no request to anybody else`);
  is(who.refusals.join(' '), '', `${name}: nothing against the content security policy`);
  await who.context.close();
};

// Whether nothing sticks out; a busy machine takes a while to lay the page out.
async function fits(page, width) {
  for (let tries = 0; tries < 40; tries += 1) {
    const [has, needs] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    if (has === width && needs <= has) return true;
    await page.waitForTimeout(50);
  }
  return false;
}

// Fits every screen, and no violation of WCAG by day and by night.
export async function sound(page, name) {
  for (const viewport of [{ width: 320, height: 640 }, phone, desk]) {
    await page.setViewportSize(viewport);
    ok(await fits(page, viewport.width), `${name}: fits ${viewport.width}`);
  }
  for (const viewport of [phone, desk]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const found = await violations(page, { colours: colorScheme === 'dark' });
      is(found.length, 0, `${name}: ${viewport.width}, ${colorScheme}: WCAG`);
      found.forEach(diag);
    }
  }
}
