// LIFF's page in Chromium, on a phone, with LINE's own mock of the client in the
// SDK's place: in the client, outside of it, and all that can fail. Once with the
// SDK itself, as it is served.
//
//   KUJI_URL=… KUJI_SLUGS=… KUJI_TOKENS=… KUJI_CODE=…
//   KUJI_LIFF_MOCK=FILE [KUJI_SHOTS=DIR] node liff.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { violations } from './lib/axe.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS);
const tokens = JSON.parse(process.env.KUJI_TOKENS);
const code = process.env.KUJI_CODE;
const mock = process.env.KUJI_LIFF_MOCK;
const browser = await launch();
const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;
const client = { isInClient: true, isLoggedIn: true, isApiAvailable: true, getAccessToken: null };

async function look(page, name) {
  for (const width of [320, 390]) {
    await page.setViewportSize({ ...phone, width });
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: fits ${width}`);
  }
  const found = await violations(page);
  is(found.length, 0, `${name}: accessible`);
  for (const fault of found) diag(fault);
  if (shoot) await shoot(page, name);
  await page.setViewportSize(phone);
}

// A visit with the client saying so; outcome: what our server is to say instead.
async function visit(says, { slug = slugs.plain, query = '', outcome } = {}) {
  const visitor = await participant(browser, { bypassCSP: true });
  const { page, context } = visitor;
  visitor.told = [];
  page.on('request', (request) => {
    if (request.url().includes('/liff/session')) visitor.told.push(request.postDataJSON());
  });
  await context.addInitScript((given) => { window.liffSays = given; }, says);
  await context.route('**/assets/liff-sdk.*.js', (route) => route.fulfill({ path: mock, contentType: 'text/javascript' }));
  if (outcome) {
    await context.route('**/liff/session', (route) => route.fulfill({ json: { outcome } }));
  }
  await page.goto(`${base}/liff/${slug}${query}`);
  return visitor;
}

const state = (page, name) => page.locator(`#liff[data-now=${name}]`).waitFor();
const press = (page, name) => page.locator(`[data-do=${name}]`).click();
const calls = (page, name) => page.evaluate((one) => window.liffCalls.filter(([what]) => what === one), name);

async function arrives() {
  const { page, context, told } = await visit({ ...client, getIDToken: tokens.arrives });
  await page.waitForURL(`${base}/k/${slugs.plain}`);
  ok(true, 'in the client: on to the campaign');
  is(told.length, 1, 'LINE\'s word was shown once');
  is(await page.locator('a[href*="/login/line"]').count(), 0, 'the gate is open');
  ok(await page.locator('button[form=draw]').first().isVisible(), 'and the draw is there');
  is(await page.locator(`a[href="/liff/${slugs.plain}?menu=1"]`).count(), 1, 'with a way back to the menu');
  await page.goto(`${base}/k/${slugs.plain}/me/data`);
  ok(await page.locator('#d-line').isVisible(), 'what is held says who it is on LINE');
  await look(page, 'data-line');
  await context.close();
}

async function tells() {
  const { page, context } = await visit({
    ...client, getIDToken: tokens.tells, shareTargetPicker: { status: 'success' },
  }, { query: '?menu=1' });
  await state(page, 'ready');
  ok(await page.locator('[data-do=scan]').isHidden(), 'nothing to scan without the gate');
  await look(page, 'liff-ready');
  await press(page, 'share');
  await page.locator('[data-said]:not(:empty)').waitFor();
  const [[, messages]] = await calls(page, 'shareTargetPicker');
  is(messages.length, 1, 'one message');
  is(messages[0].type, 'text', 'of text');
  ok(messages[0].text.includes('秋の大抽選会') && messages[0].text.endsWith(`/k/${slugs.plain}`), 'the campaign and its address');
  await press(page, 'close');
  is((await calls(page, 'closeWindow')).length, 1, 'closed');
  is(await page.locator('[data-do=go]').getAttribute('href'), `/k/${slugs.plain}`, 'or on to the campaign');
  await context.close();
}

async function scans() {
  const { page, context } = await visit({
    ...client, getIDToken: tokens.scans, scanCodeV2: { value: `${base}/k/${slugs.coded}?code=${code}` },
  }, { slug: slugs.coded });
  await state(page, 'ready');
  await look(page, 'liff-scan');
  await press(page, 'scan');
  await page.waitForURL(`${base}/k/${slugs.coded}`);
  is(await page.locator('#code').inputValue(), code, 'the code is in the form');
  await context.close();
}

async function cancels() {
  const { page, context } = await visit({
    ...client, getIDToken: tokens.scans, isApiAvailable: false,
  }, { slug: slugs.coded, query: '?menu=1', outcome: 'ready' });
  await state(page, 'ready');
  for (const name of ['scan', 'share']) ok(await page.locator(`[data-do=${name}]`).isHidden(), `no ${name} where the app has none`);
  await context.close();
}

// What keeps somebody outside, each with what to do next.
async function fails(name, says, now, options = {}) {
  const { page, context, told } = await visit(says, options);
  await state(page, now);
  is(told.length, options.told ?? 0, `${name}: what was shown to us`);
  const login = page.locator('[data-login] a');
  is(await login.isVisible(), ['outside', 'failed'].includes(now), `${name}: the log-in on the web`);
  is(new URL(await login.getAttribute('href'), base).pathname, '/login/line', `${name}: leads there`);
  await look(page, `liff-${name}`);
  await context.close();
}

// The SDK as it is served, under the page's own policy: it asks LINE about the
// app, which nobody answers here, and knows that this is no client of LINE's.
async function itself() {
  const { page, context, strangers, refusals } = await participant(browser);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${base}/liff/${slugs.plain}`);
  await state(page, 'outside');
  ok(await page.evaluate(() => typeof window.liff.init === 'function' && !!window.liff.shareTargetPicker), 'the SDK is there');
  is(errors.join('\n'), '', 'no error');
  is(refusals.join('\n'), '', 'nothing against the policy');
  is(strangers.filter((url) => !url.startsWith('https://api.line.me/')).join('\n'), '', 'nobody but LINE is asked');
  await context.close();
}

async function plain() {
  const { page, context } = await participant(browser, { javaScriptEnabled: false });
  await page.goto(`${base}/liff/${slugs.plain}`);
  ok(await page.locator('[data-login] a').isVisible(), 'without JavaScript: the log-in on the web');
  ok(await page.locator('[data-state=outside]').isVisible(), 'and why');
  await context.close();
}

// LINE's button: its icon in its green, our words in ours.
async function button(page, name) {
  const box = await page.locator('.button-line').boundingBox();
  ok(box.height >= 48 && box.width >= 200, `${name}: large enough: ${box.width} by ${box.height}`);
  const green = () => page.locator('.line-mark').evaluate((node) => getComputedStyle(node).backgroundColor);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  is(await green(), 'rgb(6, 199, 85)', `${name}: LINE's green`);
  await page.locator('.button-line').hover();
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.line-mark')).backgroundColor === 'rgb(5, 179, 76)');
  ok(true, `${name}: a tenth darker below the pointer`);
  await page.mouse.move(0, 0);
}

async function gate() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  await page.goto(`${base}/k/${slugs.plain}`);
  await button(page, 'gate-line');
  is(await page.locator('#line-profile').count(), 0, 'no box where nothing is asked for');
  await look(page, 'gate-line');
  await context.close();
}

async function gates() {
  for (const [name, path] of Object.entries({
    'gate-line-asks': slugs.asks, 'gate-line-english': `${slugs.asks}?lang=en`, 'gate-line-yuki': slugs.coded,
    'gate-line-wakaba': slugs.wakaba, 'gate-line-mono': slugs.mono,
  })) {
    const { page, context } = await participant(browser, { bypassCSP: true });
    await page.goto(`${base}/k/${path}`);
    await button(page, name);
    is(await page.locator('#line-profile').isChecked(), false, `${name}: a box, not ticked`);
    await look(page, name);
    await context.close();
  }
}

// The stand-in of LINE: {fault: …} next time, {set: …} from now on.
async function tellLine(what) {
  await fetch(`${process.env.KUJI_LINE}/_control`, { method: 'POST', body: JSON.stringify(what) });
}

// Off to LINE with JavaScript off, the browser's own policy on: LINE sees the
// form's answer.
async function leaves() {
  const { page, context } = await participant(browser, { javaScriptEnabled: false });
  await context.route(`${process.env.KUJI_LINE}/**`, (route) => route.continue());
  await tellLine({ set: { 'login.mode': 'page' } });
  await page.goto(`${base}/k/${slugs.asks}`);
  is(await page.locator('#line-profile').isChecked(), false, 'the box is not ticked');
  await page.locator('#line-profile').check();
  await Promise.all([page.waitForURL(`${process.env.KUJI_LINE}/**`), page.locator('.button-line').click()]);
  const sent = new URL(page.url()).searchParams;
  is(sent.get('scope'), 'profile openid', 'ticked: the profile is asked for');
  await page.goto(`${base}/k/${slugs.asks}`);
  await Promise.all([page.waitForURL(`${process.env.KUJI_LINE}/**`), page.locator('.button-line').click()]);
  is(new URL(page.url()).searchParams.get('scope'), 'openid', 'not ticked: it is not');
  await tellLine({ set: { 'login.mode': 'approve' } });
  await context.close();
}

// Friends only, and LINE says that this is none.
async function stranger() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  const ask = (url) => context.request.get(url, { maxRedirects: 0 });
  const begun = await ask(`${base}/login/line?campaign=${slugs.plain}`);
  const answered = new URL((await ask(begun.headers().location)).headers().location);
  await page.goto(`${base}${answered.pathname}${answered.search}`);
  ok(await page.getByText('友だち追加をお願いします').isVisible(), 'no friend: asked to become one');
  await look(page, 'line-friend');
  await context.close();
}

// What LINE's answers end on, with the way to try again.
async function troubles() {
  const { page, context } = await participant(browser, { bypassCSP: true });
  for (const [name, slug, answer] of [
    ['line-denied', slugs.plain, (state) => `error=ACCESS_DENIED&state=${state}`],
    ['line-denied-asks', slugs.asks, (state) => `error=ACCESS_DENIED&state=${state}`],
    ['line-refused', slugs.plain, (state) => `code=made-up&state=${state}`],
    ['line-foreign', slugs.plain, () => 'code=x&state=another'],
    ['line-away', slugs.plain, (state) => `code=x&state=${state}`],
  ]) {
    if (name === 'line-away') await tellLine({ fault: { path: '/oauth2/v2.1/token', kind: 'status', status: 500 } });
    const begun = await context.request.get(`${base}/login/line?campaign=${slug}`, { maxRedirects: 0 });
    const state = new URL(begun.headers().location).searchParams.get('state');
    await page.goto(`${base}/login/line/callback?${answer(state)}`);
    await page.locator('.trouble').waitFor();
    ok(await page.locator('.button-line').isVisible(), `${name}: another try`);
    await look(page, name);
  }
  await context.close();
}

// Inside the app: the box first, then in.
async function asks() {
  const { page, context, told } = await visit({ ...client, getIDToken: tokens.asks[0], getAccessToken: tokens.asks[1] }, { slug: slugs.asks });
  await state(page, 'ask');
  is(told.length, 0, 'nothing is shown to us before');
  await look(page, 'liff-ask');
  await page.locator('#liff-profile').check();
  await page.locator('[data-ask] button').click();
  await page.waitForURL(`${base}/k/${slugs.asks}`);
  ok(/^[0-9a-f]{32}$/.test(told[0].agreed), 'the words that were read');
  await page.goto(`${base}/k/${slugs.asks}/me/data`);
  ok(await page.getByText('LINEでのお名前', { exact: true }).isVisible(), 'name and picture are held');
  await look(page, 'data-line-named');
  await page.goto(`${base}/liff/${slugs.asks}`);
  is(await page.locator('[data-ask]').count(), 0, 'no second time');
  await context.close();
}

async function declines() {
  const { page, context, told } = await visit({ ...client, getIDToken: tokens.declines[0], getAccessToken: tokens.declines[1] }, { slug: slugs.asks });
  await state(page, 'ask');
  await page.locator('[data-ask] button').click();
  await page.waitForURL(`${base}/k/${slugs.asks}`);
  is(told[0].agreed, undefined, 'nothing agreed to');
  await page.goto(`${base}/k/${slugs.asks}/me/data`);
  ok(await page.locator('#d-line').isVisible(), 'held: who it is');
  is(await page.getByText('LINEでのお名前', { exact: true }).count(), 0, 'and no name');
  await context.close();
}

// The settings differ in whether name and picture are asked for.
if (process.env.KUJI_ASKS === 'friends') {
  await stranger();
} else if (process.env.KUJI_ASKS) {
  await gates();
  await leaves();
  await troubles();
  await asks();
  await declines();
} else {
  await arrives();
  await tells();
  await scans();
  await cancels();
  await fails('outside', { isInClient: false }, 'outside');
  await fails('init-fails', { ...client, initFails: true }, 'failed');
  await fails('no-token', { ...client, getIDToken: null }, 'failed');
  await fails('wrong-token', { ...client, getIDToken: 'a.b.c' }, 'failed', { told: 1 });
  await fails('friend', { ...client, getIDToken: 'x' }, 'friend', { outcome: 'friend', told: 1 });
  await fails('away', { ...client, getIDToken: 'x' }, 'away', { outcome: 'away', told: 1 });
  await itself();
  await plain();
  await gate();
}
await browser.close();
done();
