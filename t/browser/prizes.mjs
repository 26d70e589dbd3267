// From the win to the prize in Chromium, with and without JavaScript: the form
// and its postal code, gift codes, coupons, links, messages, one's own list.
// Every page and state by axe, on phones of 390 and 360 and 320 pixels.
//
//   KUJI_URL=… KUJI_SLUGS='{"parcel":"…",…}' KUJI_LOGIN='login password'
//   KUJI_SHOTS=DIR (optional) node prizes.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { violations } from './lib/axe.mjs';
import { base, desk, diag, done, is, launch, ok, participant } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS);
const shots = process.env.KUJI_SHOTS;
const browser = await launch();
const at = (slug, path = '') => `${base}/k/${slug}${path}`;
const sizes = { phone: { width: 390, height: 844 }, small: { width: 360, height: 640 }, desk };

if (shots) await mkdir(shots, { recursive: true });

// axe, widths and, where wanted, pictures of the page as it is.
async function look(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const found = await violations(page, { colours: colorScheme === 'dark' });
    is(found.length, 0, `${name}: accessible, ${colorScheme}`);
    for (const fault of found) diag(fault);
    if (!shots) continue;
    for (const [size, viewport] of Object.entries(sizes)) {
      if (colorScheme === 'dark' && size === 'small') continue;
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${shots}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of [320, 360]) {
    await page.setViewportSize({ width, height: 640 });
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${width}`);
  }
  await page.setViewportSize(sizes.phone);
}

async function win(page, slug) {
  await page.goto(at(slug));
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
  const [n] = new URL(page.url()).pathname.match(/\d+$/);
  await page.goto(at(slug, `/claims/${n}`));
  return n;
}

async function test(name, body, options) {
  const who = await participant(browser, { bypassCSP: false, ...options });
  try {
    await body(who);
  } catch (error) {
    ok(false, `${name}: ${error.message.split('\n')[0]}`);
  }
  is(who.refusals.join(' '), '', `${name}: nothing against the content security policy`);
  await who.context.close();
  return who;
}

async function fillIn(page) {
  await page.locator('#c-name').fill('山田 太郎');
  await page.locator('#c-kana').fill('やまだ たろう');
  await page.locator('#c-phone').fill('０９０ー１２３４ー５６７８');
}

await test('parcel with JavaScript', async ({ page, strangers }) => {
  await win(page, slugs.parcel);
  await page.locator('#c-city').fill('わたしの市');
  await page.locator('#c-postal').focus();
  await page.keyboard.type('1000001');
  await page.waitForFunction(() => document.querySelector('#c-prefecture').value !== '');
  is(await page.evaluate(() => document.activeElement.id), 'c-postal', 'the focus stays where it was');
  is(await page.locator('#c-prefecture').inputValue(), '東京都', 'the prefecture is filled in');
  is(await page.locator('#c-street').inputValue(), '千代田', 'and the street');
  is(await page.locator('#c-city').inputValue(), 'わたしの市', 'never what was typed');
  ok(/そのまま/.test(await page.locator('#c-looked-up').innerText()), 'and it says so');
  await page.locator('#c-city').fill('');
  await page.locator('#c-postal').fill('060-0001');
  await page.waitForFunction(() => document.querySelector('#c-street').value === '北一条西');
  is(await page.locator('#c-city').inputValue(), '札幌市中央区', 'what it wrote itself it writes again');
  await page.locator('#c-postal').fill('9999999');
  await page.waitForFunction(() => /見つかりません/.test(document.querySelector('#c-looked-up').textContent));
  is(await page.locator('#c-city').inputValue(), '札幌市中央区', 'a code that is not there changes nothing');
  await page.locator('#c-postal').fill('060-0001');
  await fillIn(page);
  await page.locator('#c-street').fill('北一条西２ー１');
  await page.locator('#c-street').press('Enter');
  await page.locator('.claim-given').waitFor();
  ok(/ヤマダ タロウ/.test(await page.locator('.claim-given').innerText()), 'Enter leads to the confirming page');
  await page.locator('button[value=edit]').click();
  is(await page.locator('#c-name').inputValue(), '山田 太郎', 'back to the form with all of it');
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('button[value=send]').click();
  await page.locator('.claim-state-claimed').waitFor();
  ok(true, 'sent');
  await page.goBack();
  await page.goForward();
  is(await page.locator('.claim-state-claimed').count(), 1, 'going back and on changes nothing');
  is(strangers.length, 0, 'no request to anybody else');
});

await test('parcel without JavaScript', async ({ page }) => {
  await win(page, slugs.parcel);
  await page.locator('#c-postal').fill('５３０−０００１');
  await page.locator('#c-look-up').click();
  await page.waitForLoadState();
  is(await page.locator('#c-prefecture').inputValue(), '大阪府', 'a button fills the address in');
  is(await page.locator('#c-street').inputValue(), '梅田', 'as far as the code says');
  await fillIn(page);
  await page.locator('#c-street').fill('梅田1-1');
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('button[value=send]').click();
  is(await page.locator('.claim-state-claimed').count(), 1, 'sent');
  await page.locator('a[href$="?edit=1"]').click();
  is(await page.locator('#c-street').inputValue(), '梅田1-1', 'to be changed until the deadline');
}, { javaScriptEnabled: false });

// By Tab, Space and Enter alone: what has the focus is on the screen.
async function tabTo(page, selector) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
      const seen = await page.evaluate(() => {
        const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
        return left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
      });
      if (!seen) ok(false, `the focus is seen at ${selector}`);
      return;
    }
  }
  throw new Error(`Tab does not come to ${selector}`);
}

async function typed(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function fits(page, name) {
  ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${page.viewportSize().width}`);
}

const hostile = `<img src=x onerror=alert(1)>"'&{{name}}${'長'.repeat(60)}`;

for (const width of [320, 360, 390]) {
  await test(`by keyboard alone at ${width}`, async ({ page }) => {
    const name = `by keyboard alone at ${width}`;
    await page.setViewportSize({ width, height: 640 });
    await page.goto(at(slugs.parcel));
    if (await page.locator('#consent').count()) {
      await tabTo(page, '#consent');
      await page.keyboard.press('Space');
    }
    await tabTo(page, 'button[form=draw]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/draws\/\d+/);
    await tabTo(page, 'a[href*="/claims/"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/claims\/\d+/);
    await typed(page, '#c-name', hostile);
    await typed(page, '#c-kana', 'ヤマダ');
    await typed(page, '#c-postal', '1000001');
    await page.waitForFunction(() => document.querySelector('#c-street').value !== '');
    await typed(page, '#c-street', `千代田${'9'.repeat(80)}`);
    await typed(page, '#c-phone', '09012345678');
    await tabTo(page, '.button-primary[value=confirm]');
    await fits(page, `${name}, the form`);
    await page.keyboard.press('Enter');
    await page.locator('.claim-given').waitFor();
    ok((await page.locator('.claim-given').innerText()).includes(hostile), `${name}: a name is what was typed`);
    await fits(page, `${name}, to be confirmed`);
    await tabTo(page, 'button[value=send]');
    await page.keyboard.press('Enter');
    await page.locator('.claim-state-claimed').waitFor();
    await fits(page, `${name}, sent`);
    await tabTo(page, 'a[href$="?edit=1"]');
    await page.keyboard.press('Enter');
    await page.locator('#c-name').waitFor();
    is(await page.locator('#c-name').inputValue(), hostile, `${name}: and stays it`);
    await win(page, slugs.gift);
    await tabTo(page, '.claim button[type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('#claim-code').waitFor();
    await tabTo(page, '#claim-copy');
    await fits(page, `${name}, a gift code`);
    await win(page, slugs.coupon);
    await tabTo(page, '.tear-slide input');
    await page.keyboard.press('End');
    await page.locator('#passcode').waitFor();
    await page.keyboard.type('SAKURA77');
    await page.keyboard.press('Enter');
    await page.locator('.coupon-stamp').waitFor();
    await fits(page, `${name}, a coupon torn`);
  });
}

// To the page that asks once more, with all of it filled in.
async function toConfirm(page) {
  await win(page, slugs.parcel);
  await page.locator('#c-postal').fill('1000001');
  await page.waitForFunction(() => document.querySelector('#c-street').value !== '');
  await fillIn(page);
  await page.locator('#c-street').fill('千代田1-1');
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('.claim-given').waitFor();
}

await test('sent twice', async ({ page }) => {
  await toConfirm(page);
  await page.locator('button[value=send]').dblclick();
  await page.locator('.claim-state-claimed').waitFor();
  is(await page.locator('.claim-refused').count(), 0, 'sent twice: received, and nothing to explain');
});

await test('back from the confirming page', async ({ page }) => {
  await toConfirm(page);
  await page.goBack();
  is(await page.locator('#c-name').inputValue(), '山田 太郎', 'back: what was typed is there');
  is(await page.locator('#c-kana').inputValue(), 'やまだ たろう', 'back: the reading too');
  is(await page.locator('#c-street').inputValue(), '千代田1-1', 'back: all of it');
  await page.locator('#c-street').fill('千代田2-2');
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('button[value=send]').click();
  await page.locator('.claim-state-claimed').waitFor();
  await page.locator('a[href$="?edit=1"]').click();
  is(await page.locator('#c-street').inputValue(), '千代田2-2', 'back: and what was mended is sent');
});

await test('back after it was sent', async ({ page }) => {
  await toConfirm(page);
  const sent = page.url();
  await page.locator('button[value=send]').click();
  await page.locator('.claim-state-claimed').waitFor();
  await page.goBack();
  await page.locator('button[value=send]').click();
  await page.locator('.claim-state-claimed').waitFor();
  is(await page.locator('.claim-refused').count(), 0, 'back after it was sent: sending it again is no fault');
  is(page.url(), sent, 'back after it was sent: at the same page');
});

await test('a train in a tunnel', async ({ page, context }) => {
  await toConfirm(page);
  await context.setOffline(true);
  await page.locator('button[value=send]').click();
  await page.waitForURL(/^chrome-error:/);
  await context.setOffline(false);
  // What the browser itself offers; it sends what was pressed.
  await page.reload();
  await page.locator('.claim-state-claimed').waitFor();
  ok(true, 'a train in a tunnel: tried again, and sent');
});

const others = JSON.parse(process.env.KUJI_OTHERS);

await test('too late', async ({ page, context }) => {
  const { n, cookies } = others.late;
  await context.addCookies(cookies.map((one) => ({ ...one, url: base })));
  await page.goto(at(slugs.parcel, `/claims/${n}`));
  await look(page, 'parcel-late');
  is(await page.locator('.claim-form').count(), 0, 'too late: nothing to fill in for nothing');
  is(await page.locator('.claim-state').innerText(), '受け取りの期限が過ぎました。', 'too late: says so');
  await page.goto(at(slugs.parcel, '/me'));
  await look(page, 'me-late');
  ok(/^くわしく見る/.test(await page.locator('.winning-next .button').innerText()), 'too late: nothing to do in the list');
}, { bypassCSP: true });

await test('on its way', async ({ page, context }) => {
  await context.addCookies(others.shipped.cookies.map((one) => ({ ...one, url: base })));
  await page.goto(at(slugs.parcel, `/claims/${others.shipped.n}`));
  ok((await page.locator('.claim-line').innerText()).includes('1234-5678-9012'), 'on its way: with its number');
  await look(page, 'parcel-shipped');
}, { bypassCSP: true });

await test('taken back', async ({ page, context }) => {
  await context.addCookies(others.void.cookies.map((one) => ({ ...one, url: base })));
  await page.goto(at(slugs.parcel, `/draws/${others.void.n}`));
  ok(await page.locator('p.outcome-void').isVisible(), 'taken back: the result says so');
  await look(page, 'result-void');
}, { bypassCSP: true });

await test('gift with JavaScript', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await win(page, slugs.gift);
  is(await page.locator('#claim-code').count(), 0, 'no code before the tap');
  await page.locator('.claim button[type=submit]').click();
  const code = await page.locator('#claim-code').innerText();
  await page.locator('#claim-copy').click();
  await page.waitForFunction(() => document.querySelector('#claim-copied').textContent !== '');
  is(await page.evaluate(() => navigator.clipboard.readText()), code, 'copied by a button');
  await page.goto(at(slugs.gift, '/me'));
  await page.locator('.winning-next .button').click();
  is(await page.locator('#claim-code').innerText(), code, 'shown again from my results');
});

await test('gift without a clipboard', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await win(page, slugs.gift);
  await page.locator('.claim button[type=submit]').click();
  await page.locator('#claim-copy').click();
  is(await page.evaluate(() => getSelection().toString()), await page.locator('#claim-code').innerText(), 'the code is selected');
});

await test('gift without JavaScript', async ({ page }) => {
  await win(page, slugs.gift);
  await page.locator('.claim button[type=submit]').click();
  is(await page.locator('#claim-code').count(), 1, 'the code is there');
  is(await page.locator('#claim-copy').isVisible(), false, 'and no button that does nothing');
}, { javaScriptEnabled: false });

await test('coupon with JavaScript', async ({ page }) => {
  await win(page, slugs.coupon);
  const clock = page.locator('.coupon-time');
  const before = await clock.innerText();
  ok(/^\d\d:\d\d:\d\d$/.test(before), 'a clock with seconds');
  await page.waitForFunction((text) => document.querySelector('.coupon-time').textContent !== text, before);
  ok(true, 'it goes on');
  ok(await page.evaluate(() => document.getAnimations().some((one) => one.effect.getComputedTiming().iterations === Infinity)),
    'something moves, also with less motion');
  const slider = page.locator('.tear-slide input');
  is(await page.locator('#passcode').isVisible(), false, 'the passcode is asked for once it is torn');
  await slider.focus();
  await page.keyboard.press('End');
  await page.locator('#passcode').waitFor();
  is(await page.evaluate(() => document.activeElement.id), 'passcode', 'by keyboard too');
  await page.locator('#passcode').fill('WRONG');
  await page.locator('.tear-form button').click();
  await page.locator('[role=alert]').waitFor();
  await page.locator('#passcode').fill('sakura77');
  await page.locator('.tear-form button').click();
  await page.locator('.coupon-stamp').waitFor();
  ok(/使用済み[^]*さくら通り本店/.test(await page.locator('.coupon-stamp').innerText()), 'used, where and when');
});

await test('coupon without JavaScript', async ({ page }) => {
  await win(page, slugs.coupon);
  await page.locator('.tear summary').click();
  await page.locator('#passcode').fill('SAKURA77');
  await page.locator('.tear-form button').click();
  is(await page.locator('.coupon-stamp').count(), 1, 'used');
}, { javaScriptEnabled: false });

await test('link', async ({ page }) => {
  await win(page, slugs.link);
  const [request] = await Promise.all([
    page.waitForRequest((one) => one.url().startsWith('https://')),
    page.locator('.claim button[type=submit]').click(),
  ]);
  is(request.url(), 'https://example.com/wallpaper', 'a link leads away by its button');
});

// Every page and state.
await test('states', async ({ page, context }) => {
  await win(page, slugs.parcel);
  await look(page, 'parcel-form');
  await page.locator('#c-kana').fill('山田');
  await page.locator('#c-postal').fill('12');
  await page.evaluate(() => document.querySelectorAll('[required]').forEach((one) => one.removeAttribute('required')));
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('.claim-refused').waitFor();
  await look(page, 'parcel-errors');
  await page.locator('#c-postal').fill('1000001');
  await page.waitForFunction(() => document.querySelector('#c-street').value !== '');
  await fillIn(page);
  await page.locator('#c-street').fill('千代田1-1');
  await page.locator('#c-building').fill('メゾン・ド・サクラドオリ 第二ビルディング 1203号室');
  await page.locator('button.button-primary[value=confirm]').click();
  await page.locator('.claim-given').waitFor();
  await look(page, 'parcel-confirm');
  await page.locator('button[value=send]').click();
  await page.locator('.claim-state').waitFor();
  await look(page, 'parcel-done');
  await page.goto(at(slugs.parcel, '/me'));
  await look(page, 'me');
  await page.goto(at(slugs.gift));
  await look(page, 'campaign-pictured');
  await win(page, slugs.gift);
  await look(page, 'gift-won');
  await page.locator('.claim button[type=submit]').click();
  await page.locator('#claim-code').waitFor();
  await look(page, 'gift-code');
  await win(page, slugs.owed);
  await page.locator('.claim button[type=submit]').click();
  await page.locator('.claim-state-claimed').waitFor();
  await look(page, 'gift-owed');
  await win(page, slugs.coupon);
  await look(page, 'coupon');
  await page.locator('.tear-slide input').focus();
  await page.keyboard.press('End');
  await page.locator('#passcode').fill('NO');
  await page.locator('.tear-form button').click();
  await page.locator('[role=alert]').waitFor();
  await look(page, 'coupon-wrong');
  await page.locator('#passcode').fill('SAKURA77');
  await page.locator('.tear-form button').click();
  await page.locator('.coupon-stamp').waitFor();
  await look(page, 'coupon-used');
  await win(page, slugs.late);
  await look(page, 'coupon-late');
  await win(page, slugs.link);
  await look(page, 'link');
  await win(page, slugs.message);
  await page.locator('.claim button[type=submit]').click();
  await page.locator('.claim-message').waitFor();
  await look(page, 'message');
  // The console's pages about it.
  const [login, password] = process.env.KUJI_LOGIN.split(' ');
  await page.goto(`${base}/admin/login`);
  await page.locator('[name=login]').fill(login);
  await page.locator('[name=password]').fill(password);
  await page.locator('form button[type=submit]').first().click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
  for (const [name, path] of [['admin-claim-form', `${slugs.parcel}/claim-form`], ['admin-shops', `${slugs.coupon}/shops`],
    ['admin-prize-coupon', `${slugs.coupon}/prizes/A`], ['admin-prize-link', `${slugs.link}/prizes/A`],
    ['admin-overview-owed', slugs.owed], ['admin-claims', `${slugs.coupon}/claims?n=1`]]) {
    await page.goto(`${base}/admin/campaigns/${path}`);
    await look(page, name);
  }
  await context.clearCookies();
}, { bypassCSP: true });

await browser.close();
done();
