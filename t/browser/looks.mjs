// A campaign's looks in Chromium: images are added by the page, the preview
// shows in its frames, added CSS colours the prizes and cannot lay itself over
// anything else.
//
//   KUJI_URL=… KUJI_SLUG=… KUJI_LOGIN=… KUJI_PASSWORD=… KUJI_IMAGES=DIR
//   [KUJI_SHOTS=DIR] node looks.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { violations } from './lib/axe.mjs';
import { base, desk, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const { KUJI_SLUG: slug, KUJI_IMAGES: images, KUJI_SHOTS: shots } = process.env;
const browser = await launch();
const { context, page, strangers, refusals } = await participant(browser, { viewport: desk });
const theme = `${base}/admin/campaigns/${slug}/theme`;

async function shoot(name, who = page) {
  if (!shots) return;
  for (const [size, viewport] of Object.entries({ phone, desk })) {
    await who.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await who.emulateMedia({ colorScheme });
      await who.waitForTimeout(300);
      await who.screenshot({ path: `${shots}/${name}-${size}-${colorScheme}.png`, fullPage: true });
    }
  }
  await who.setViewportSize(desk);
  await who.emulateMedia({ colorScheme: 'light' });
}

await page.goto(`${base}/admin/login`);
await page.locator('#f-login').fill(process.env.KUJI_LOGIN);
await page.locator('#f-password').fill(process.env.KUJI_PASSWORD);
await page.locator('button[type=submit]').click();
await page.waitForURL((url) => !url.pathname.endsWith('/login'));

// Content is kept once, so each is made one that nobody has brought yet: by a
// GIF's first colour, by a JPEG's density.
async function unseen(name) {
  const buffer = await readFile(`${images}/${name}`);
  const at = name.endsWith('.gif') ? 13 : buffer.indexOf('JFIF') + 8;
  randomFillSync(buffer, at, 3);
  if (!name.endsWith('.gif')) buffer[at - 1] = 1;
  return { name, mimeType: 'application/octet-stream', buffer };
}

// Images.
await page.goto(`${base}/admin/images`);
await shoot('admin-images-empty');
const before = await page.locator('.picture').count();
await Promise.all([
  page.waitForEvent('load'),
  page.locator('#file').setInputFiles(await Promise.all(['still.gif', 'turned.jpg', 'loop.gif'].map(unseen))),
]);
is(await page.locator('.picture').count(), before + 3, 'images: three are added');
const loaded = await page.locator('.picture img').evaluateAll((list) =>
  Promise.all(list.slice(0, 3).map((image) => image.decode().then(() => `${image.naturalWidth}x${image.naturalHeight}`))));
is(loaded.sort().join(' '), '10x6 7x7 8x12', 'images: the browser shows them, and turns the one that lies');
await page.locator('#file').setInputFiles(`${images}/make.sh`);
await page.waitForFunction(() => document.getElementById('drop-said').textContent.includes('make.sh'));
ok((await page.locator('#drop-said').innerText()).includes('保存していません'), 'images: a refusal is said, in place');
is(await page.locator('.picture').count(), before + 3, 'images: and nothing is added');
await shoot('admin-images');

// Live: the frames follow what is typed, and nothing is saved.
await page.goto(theme);
const live = page.frameLocator('.frame-phone iframe');
const painted = () => live.locator('.button-draw').evaluate((node) => getComputedStyle(node).backgroundColor);
await live.locator('.button-draw').waitFor();
const usual = await painted();
await page.locator('[name="day-primary"]').fill('#1d5c2e');
await page.waitForFunction(() => document.querySelector('.frame-phone iframe').contentDocument?.URL.includes('tried=1'));
await live.locator('.button-draw').waitFor();
is(await painted(), 'rgb(29, 92, 46)', 'live: a colour');
is(await page.evaluate(() => document.activeElement.name), 'day-primary', 'live: the focus stays');
is(await page.locator('.colour input[type=color]').first().inputValue(), '#1d5c2e', 'live: the picker follows');
await page.locator('.colour input[type=color]').first().fill('#f4d7d7');
await page.locator('#theme-contrast .contrast-list').waitFor();
is(await page.locator('[name="day-primary"]').inputValue(), '#f4d7d7', 'live: the field follows the picker');
await page.locator('[name="day-primary"]').fill('');
await page.locator('#f-base').selectOption('yuki');
await page.waitForFunction(() => document.querySelector('.frame-desk iframe').contentDocument?.documentElement?.className === 'theme-yuki');
ok(true, 'live: another theme, as a desktop shows it');
const elsewhere = await participant(browser);
await elsewhere.page.goto(`${base}/k/${slug}`);
is(await elsewhere.page.locator('.button-draw').evaluate((node) => getComputedStyle(node).backgroundColor), usual, 'live: nobody else sees it');
await elsewhere.context.close();

// A preview: colours, logo, CSS.
await page.goto(theme);
await shoot('admin-theme-first');
await page.locator('#f-base').selectOption('mono');
await page.locator('[name="day-primary"]').fill('#7a1f5c');
await page.locator('[name="day-primary-deep"]').fill('#561341');
await page.locator('[name="day-cloth"]').fill('#7a1f5c');
await page.locator('[name="night-primary"]').fill('#f0a8d8');
await page.locator('[name="logo"]').nth(1).check();
await page.locator('#f-css').fill('.prize { border: 4px dashed rgb(0, 128, 0) }');
await Promise.all([page.waitForEvent('load'), page.locator('button[name=preview]').click()]);
const frame = page.frameLocator('.frame-phone iframe');
is(await frame.locator('html').getAttribute('class'), 'theme-mono', 'preview: in its frame');
is(await frame.locator('.prize').first().evaluate((node) => getComputedStyle(node).borderTopWidth), '4px', 'preview: with its CSS');
is(await frame.locator('.button-draw').evaluate((node) => getComputedStyle(node).backgroundColor), 'rgb(122, 31, 92)', 'preview: and colours');
is(await page.frameLocator('.frame-desk iframe').locator('body').evaluate(() => innerWidth), 1440, 'preview: as wide as a desk');
is(await page.locator('#f-css').inputValue(), '.prize { border: 4px dashed rgb(0, 128, 0) }', 'preview: what was typed stays');
await shoot('admin-theme-tried');
await frame.locator('#consent').check();
await frame.locator('.button-draw').click();
await page.waitForTimeout(300);
is(await frame.locator('.outcome').count(), 0, 'preview: draws nothing');

// Faults.
await page.locator('[name="day-ink"]').fill('#ddd');
await page.locator('#f-css').fill('.prize { color: red }\nbody { display: none }\n.x { position: fixed }');
await Promise.all([page.waitForEvent('load'), page.locator('button[name=save]').click()]);
is(await page.locator('.fault-list li').count(), 2, 'faults: told line by line');
ok(await page.locator('.contrast-list').first().isVisible(), 'faults: with the colours');
await shoot('admin-theme-faults');

// CSS that does its worst within what it may say.
await page.locator('[name="day-ink"]').fill('');
await page.locator('#f-css').fill(`* { position: absolute; inset: -5000px; z-index: 2147483647; background: rgb(255, 0, 0);
  margin: -3000px; width: 9999px; transform: translateY(300px) scale(2); outline: 900px solid red; box-shadow: 0 0 0 900px red;
  animation: settle 1s }
.prize::before { content: "x"; position: absolute; inset: -9999px; background: red }
@keyframes settle { to { opacity: 0; transform: translateY(5000px) } }
@keyframes breathe { to { opacity: 0; visibility: hidden } }`);
await Promise.all([page.waitForEvent('load'), page.locator('button[name=save]').click()]);
is(await page.locator('.said').first().innerText(), 'デザインを保存しました。', 'worst: saved');
await page.waitForTimeout(2100);
for (const viewport of [phone, desk]) {
  const guest = await participant(browser, { viewport });
  await guest.page.goto(`${base}/k/${slug}`);
  for (const selector of ['#consent', '.button-draw', '.fold summary', '.foot-nav a[href$="/rules"]', '.foot-proof a']) {
    const node = guest.page.locator(selector).first();
    await node.scrollIntoViewIfNeeded();
    ok(await node.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return box.width > 0 && (element === top || element.contains(top));
    }), `worst: nothing lies over ${selector} at ${viewport.width}`);
  }
  is(await guest.page.locator('.foot').evaluate((node) => getComputedStyle(node).opacity), '1', `worst: the foot is seen at ${viewport.width}`);
  ok(await guest.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `worst: nothing wider than ${viewport.width}`);
  await guest.page.locator('#consent').check();
  await guest.page.locator('.button-draw').click();
  await guest.page.waitForURL(/\/draws\/\d+/);
  ok(await guest.page.locator('.receipt').isVisible(), `worst: the receipt is seen at ${viewport.width}`);
  is(guest.strangers.length, 0, 'worst: no request to anybody else');
  is(guest.refusals.join(' '), '', 'worst: nothing against the policy');
  await guest.context.close();
}

// And back.
await page.goto(theme);
await Promise.all([page.waitForEvent('load'), page.locator('form[action$="/show"] button').last().click()]);
await shoot('admin-theme-history');
await page.waitForTimeout(2100);
await page.goto(`${base}/k/${slug}`);
is(await page.locator('html').getAttribute('class'), 'theme-ennichi', 'back: to the first');
is(strangers.length, 0, 'no request to anybody else');
is(refusals.filter((text) => !/sandbox/i.test(text)).join(' '), '', 'nothing against the policy');

// A friendly theme for the eye.
await page.goto(theme);
await page.locator('[name="visual"]').nth(1).check();
await page.locator('[name="logo"]').nth(1).check();
await page.locator('#f-css').fill('.prize { border-color: currentcolor }');
await Promise.all([page.waitForEvent('load'), page.locator('button[name=save]').click()]);
await page.waitForTimeout(2100);
const guest = await participant(browser);
await guest.page.goto(`${base}/k/${slug}`);
await shoot('campaign-own-looks', guest.page);
await guest.context.close();
await context.close();

// WCAG; the policy lets no script in otherwise.
const { page: seen } = await participant(browser, { viewport: desk, bypassCSP: true });
await seen.goto(`${base}/admin/login`);
await seen.locator('#f-login').fill(process.env.KUJI_LOGIN);
await seen.locator('#f-password').fill(process.env.KUJI_PASSWORD);
await seen.locator('button[type=submit]').click();
await seen.waitForURL((url) => !url.pathname.endsWith('/login'));
for (const path of ['/admin/images', `/admin/campaigns/${slug}/theme`, `/k/${slug}`]) {
  for (const colorScheme of ['light', 'dark']) {
    await seen.emulateMedia({ colorScheme });
    await seen.goto(base + path);
    const found = await violations(seen, { colours: colorScheme === 'dark' });
    is(found.length, 0, `accessibility: ${path}, ${colorScheme}`);
    for (const fault of found) diag(fault);
  }
  for (const width of [320, 1440]) {
    await seen.setViewportSize({ width, height: 800 });
    ok(await seen.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `widths: ${path} fits ${width}`);
  }
}
await browser.close();
done();
