// One press, one draw: whatever is pressed, lost, reloaded or gone back to, the
// participant has one more result afterwards, and is on its page.
//
//   KUJI_URL=… KUJI_SLUGS='{"open":…,"once":…,"code":…}' KUJI_CODE=… node draws.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { tester } from './lib/sound.mjs';
import { base, done, is, launch, ok } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS);
const browser = await launch();
const test = tester(browser);
const at = (slug, path = '') => `${base}/k/${slug}${path}`;
const button = (page) => page.locator('button[form=draw]');
const result = (page) => page.waitForURL(/\/draws\/\d+/);
const isPost = (request) => request.method() === 'POST';

async function open(page, slug = slugs.open) {
  await page.goto(at(slug));
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
}

// How many draws this participant has.
async function count(context, slug = slugs.open) {
  const page = await context.newPage();
  await page.goto(at(slug, '/me'));
  const stubs = await page.locator('.tickets > li').count();
  await page.close();
  return stubs;
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without scripts';
  await test(`twice, ${how}`, async ({ page, context }) => {
    await open(page);
    await button(page).dblclick({ noWaitAfter: true });
    await result(page);
    is(await count(context), 1, `a double press, ${how}: one draw`);
    const first = page.url();
    await page.reload();
    is(page.url(), first, `a reload, ${how}: the same page`);
    is(await count(context), 1, `a reload, ${how}: no other draw`);
  }, { javaScriptEnabled });
}

await test('Enter', async ({ page, context }) => {
  await open(page);
  await button(page).focus();
  await page.keyboard.press('Enter', { delay: 1 });
  await page.keyboard.press('Enter').catch(() => {});
  await result(page);
  is(await count(context), 1, 'Enter twice: one draw');
});

await test('back and forward', async ({ page, context }) => {
  await open(page);
  await button(page).click();
  await result(page);
  const first = page.url();
  await page.goBack();
  await page.goForward();
  await result(page);
  is(page.url(), first, 'back and forward: the same result');
  is(await count(context), 1, 'back and forward: one draw');
});

await test('offline', async ({ page, context }) => {
  await open(page);
  const keys = new Set();
  page.on('request', (request) => {
    if (isPost(request)) keys.add(new URLSearchParams(request.postData()).get('key'));
  });
  await context.setOffline(true);
  await button(page).click();
  await page.locator('#drawing', { hasText: '通信がとぎれました' }).waitFor();
  ok(true, 'offline: says so');
  is(await page.locator('#drawing').getAttribute('role'), 'status', 'offline: aloud');
  is(await button(page).getAttribute('aria-disabled'), 'true', 'offline: the button waits');
  await button(page).click({ force: true });
  await page.waitForTimeout(2500);
  await context.setOffline(false);
  await result(page);
  is(keys.size, 1, 'offline: one key for all attempts');
  is(await count(context), 1, 'offline: goes on by itself, one draw');
});

// The server has drawn, and nobody hears of it.
async function loseAnswer(context, times) {
  let lost = 0;
  await context.route(/\/draw$/, async (route) => {
    if (lost >= times) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
}

await test('a lost answer', async ({ page, context }) => {
  await loseAnswer(context, 2);
  await open(page);
  await button(page).click();
  await result(page);
  is(await count(context), 1, 'a lost answer: the draw that was made');
});

await test('a lost answer, reloaded', async ({ page, context }) => {
  await loseAnswer(context, 1);
  await open(page);
  await button(page).click();
  await page.locator('#drawing:not(:empty)').waitFor();
  await page.reload();
  await result(page);
  is(await count(context), 1, 'a lost answer and a reload: found again, one draw');
});

await test('busy', async ({ page, context }) => {
  let times = 0;
  const from = Date.now();
  await context.route(/\/draw$/, (route) => {
    times += 1;
    return times > 2 ? route.continue()
      : route.fulfill({ status: 503, headers: { 'Retry-After': '1', 'Content-Type': 'text/html' }, body: '<main></main>' });
  });
  await open(page);
  await button(page).click();
  await page.locator('#drawing', { hasText: '混み合って' }).waitFor();
  await result(page);
  ok(Date.now() - from >= 1600, 'busy: waits as long as it was told');
  is(await count(context), 1, 'busy: one draw');
});

await test('two tabs', async ({ page, context }) => {
  const other = await context.newPage();
  await open(page);
  await open(other);
  await Promise.all([page, other].map((tab) => button(tab).click({ noWaitAfter: true })));
  await Promise.all([result(page), result(other)]);
  is(page.url(), other.url(), 'two tabs: one result');
  is(await count(context), 1, 'two tabs: one draw');
});

await test('a tab from before', async ({ page, context }) => {
  const other = await context.newPage();
  await open(page);
  await open(other);
  await button(page).click();
  await result(page);
  await button(other).click();
  await result(other);
  is(other.url(), page.url(), 'a tab from before: the result that there is');
  await open(other);
  await button(other).click();
  await result(other);
  is(await count(context), 2, 'a new page: a new draw');
});

await test('refused', async ({ page }) => {
  await open(page, slugs.once);
  await button(page).click();
  await result(page);
  await open(page, slugs.once);
  await button(page).click();
  await page.locator('.trouble').waitFor();
  ok((await page.locator('main h1').innerText()).length > 0, 'refused: the page says why');
  is(await page.evaluate(() => document.activeElement.tagName), 'H1', 'refused: and is read from its title');
});

await test('code', async ({ page }) => {
  await open(page, slugs.code);
  await page.locator('#code').fill('NO SUCH CODE');
  await button(page).click();
  await page.locator('#code-error').waitFor();
  is(await page.locator('#code').inputValue(), 'NO SUCH CODE', 'code: what was typed stays');
  is(await page.evaluate(() => document.activeElement.id), 'code', 'code: the focus is where it was wrong');
  await page.locator('#code').fill(process.env.KUJI_CODE);
  if (await page.locator('#consent').count()) await page.locator('#consent').check();
  await button(page).click();
  await result(page);
  is(await page.locator('.outcome').count(), 1, 'code: and carries on to the result');
});

await test('a missing script', async ({ page, context }) => {
  await context.route(/\/assets\/draw\./, (route) => route.abort());
  await open(page);
  await button(page).click();
  await result(page);
  is(await count(context), 1, 'a missing script: the form draws by itself');
});

await browser.close();
done();
