// The participants' pages in Chromium: drawing with and without JavaScript, a
// double submit, a refusal that carries on, both languages, no violation of
// WCAG, no request to others, nothing wider than the screen.
//
//   KUJI_URL=http://… KUJI_SLUGS='{"odds":"…","box":"…","raffle":"…","code":"…"}'
//   KUJI_CODE=… node pages.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { base, desk, diag, done, is, launch, ok, participant } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS ?? '{"odds":"demo-odds","box":"demo-box","raffle":"demo-raffle","code":"demo-daily"}');
const browser = await launch();
const at = (slug, path = '') => `${base}/k/${slug}${path}`;

async function draw(page, slug) {
  await page.goto(at(slug));
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
  return page.url();
}

async function test(name, body, options) {
  const who = await participant(browser, options);
  try {
    await body(who);
  } catch (error) {
    ok(false, `${name}: ${error.message.split('\n')[0]}`);
  }
  is(who.strangers.length, 0, `${name}: no request to anybody else`);
  is(who.refusals.join(' '), '', `${name}: nothing against the content security policy`);
  await who.context.close();
}

for (const javaScriptEnabled of [true, false]) {
  for (const kind of ['odds', 'box', 'raffle']) {
    const name = `${kind} ${javaScriptEnabled ? 'with' : 'without'} JavaScript`;
    await test(name, async ({ page }) => {
      const url = await draw(page, slugs[kind]);
      is(await page.locator('.outcome').count(), 1, `${name}: one result`);
      ok(/No\. \d+/.test(await page.locator('.receipt').innerText()), `${name}: a receipt`);
      const first = await page.locator('.outcome-title').innerText();
      await page.reload();
      is(await page.locator('.outcome-title').innerText(), first, `${name}: the same result again`);
      await page.goto(at(slugs[kind], '/me'));
      is(await page.locator(`.tickets a[href$="${new URL(url).pathname}"]`).count(), 1, `${name}: among my results`);
    }, { javaScriptEnabled });
  }
}

await test('double submit', async ({ page, context }) => {
  await page.goto(at(slugs.odds));
  const form = Object.fromEntries(await page.locator('form#draw input').evaluateAll(
    (inputs) => inputs.map((input) => [input.name, input.value])));
  const answers = await Promise.all([1, 2, 3, 4].map(() => context.request.post(
    at(slugs.odds, '/draw'), { form, maxRedirects: 0, headers: { Origin: base } })));
  is(new Set(answers.map((answer) => answer.headers().location)).size, 1, 'double submit: one draw');
  is(answers[0].status(), 303, 'double submit: a redirect');
});

await test("another's result", async ({ page }) => {
  const other = await participant(browser);
  const url = await draw(other.page, slugs.odds);
  await other.context.close();
  const answer = await page.goto(url);
  is(answer.status(), 404, "another's result: not found");
  is(await page.locator('.outcome').count(), 0, "another's result: nothing of it");
});

await test('code', async ({ page }) => {
  await page.goto(at(slugs.code));
  await page.locator('#code').fill('NO SUCH CODE');
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.locator('button[form=draw]').click(),
  ]);
  is(answer.status(), 422, 'code: unknown is 422');
  await page.locator('#code-error').waitFor();
  is(await page.locator('#code').inputValue(), 'NO SUCH CODE', 'code: what was typed stays');
  is(await page.locator('#code').getAttribute('aria-invalid'), 'true', 'code: the field says so');
  ok((await page.locator('#code-error').innerText()).length > 0, 'code: with a reason');
  for (const fault of await violations(page)) diag(fault);
  if (process.env.KUJI_CODE) {
    await page.locator('#code').fill(process.env.KUJI_CODE);
    if (await page.locator('#consent').count()) await page.locator('#consent').check();
    await page.locator('button[form=draw]').click();
    await page.waitForURL(/\/draws\/\d+/);
    is(await page.locator('.outcome').count(), 1, 'code: the page carries on to the result');
  }
}, { bypassCSP: true });

await test('languages', async ({ page }) => {
  await page.goto(`${base}/?lang=en`);
  is(await page.locator('html').getAttribute('lang'), 'en', 'languages: English when asked for');
  await page.goto(at(slugs.odds));
  is(await page.locator('html').getAttribute('lang'), 'en', 'languages: and on the next page');
  for (const path of ['', '/rules', '/fairness', '/me']) {
    await page.goto(at(slugs.odds, path));
    const own = await page.locator('main h1, .section-title, button, .foot-nav').allInnerTexts();
    const chrome = own.filter((text) => /[\u3040-\u30ff]/.test(text.replace('日本語', '')));
    // The organiser's title has no English of its own.
    ok(chrome.length <= 1, `languages: ${path || '/'} speaks English`);
    if (chrome.length > 1) diag(chrome.join(' | '));
  }
  await page.goto(`${base}/?lang=ja`);
  is(await page.locator('html').getAttribute('lang'), 'ja', 'languages: and back');
});

await test('accessibility', async ({ page }) => {
  const result = new URL(await draw(page, slugs.odds)).pathname;
  const entry = new URL(await draw(page, slugs.raffle)).pathname;
  const paths = ['/', '/k/nothing-here', result, entry, ...Object.values(slugs).map((slug) => `/k/${slug}`),
    ...['/rules', '/fairness', '/me'].map((path) => `/k/${slugs.odds}${path}`), `/k/${slugs.box}/me`];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const path of paths) {
      await page.goto(base + path);
      const found = await violations(page, { colours: colorScheme === 'dark' });
      is(found.length, 0, `accessibility: ${path}, ${colorScheme}`);
      for (const fault of found) diag(fault);
    }
  }
}, { bypassCSP: true });

await test('widths', async ({ page }) => {
  const result = new URL(await draw(page, slugs.odds)).pathname;
  for (const viewport of [{ width: 320, height: 640 }, desk]) {
    await page.setViewportSize(viewport);
    for (const path of ['/', result, ...['', '/rules', '/fairness', '/me'].map((p) => `/k/${slugs.odds}${p}`), `/k/${slugs.code}`]) {
      await page.goto(base + path);
      ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        `widths: ${path} fits ${viewport.width}`);
    }
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(at(slugs.odds));
  const box = await page.locator('.button-draw').boundingBox();
  ok(box.y + box.height <= 844 && box.y > 422, 'widths: the button is in the lower half of a phone');
  ok(box.height >= 48, 'widths: and large enough for a thumb');
});

await test('keyboard', async ({ page }) => {
  await page.goto(at(slugs.box));
  await page.keyboard.press('Tab');
  is(await page.evaluate(() => document.activeElement.className), 'skip', 'keyboard: to the content first');
  const consent = page.locator('#consent');
  if (await consent.count()) {
    await consent.focus();
    await page.keyboard.press('Space');
  }
  await page.locator('button[form=draw]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/draws\/\d+/);
  is(await page.locator('.outcome').count(), 1, 'keyboard: draws');
});

await browser.close();
done();
