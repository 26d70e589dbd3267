// The proof page in Chromium: receipts and whole ledgers, good and forged, with
// and without JavaScript; 100,000 draws in time; no violation of WCAG.
//
//   KUJI_URL=http://… KUJI_SLUGS='{"open":"…","closed":"…","large":"…"}'
//   KUJI_LARGE=DIR node proof.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { violations } from './lib/axe.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, diag, done, is, launch, ok, participant } from './lib/tap.mjs';

const slugs = JSON.parse(process.env.KUJI_SLUGS);
const browser = await launch();
const at = (slug, path = '/fairness') => `${base}/k/${slug}${path}`;
const said = (page) => page.locator('#verify-said');
const shoot = process.env.KUJI_SHOTS ? await shooter(process.env.KUJI_SHOTS) : null;

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

async function draw(page) {
  await page.goto(at(slugs.open, ''));
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
}

async function checkAll(page) {
  await page.locator('#verify-all').click();
  await said(page).waitFor();
  return said(page).innerText();
}

await test('receipts', async ({ page }) => {
  await draw(page);
  await draw(page);
  const link = page.locator('.receipt a');
  ok(/\/fairness#draw=\d+$/.test(await link.getAttribute('href')), 'receipts: the result links to its check');
  await link.click();
  await page.locator('.verdict-good').first().waitFor();
  is(await page.locator('.verdict-good').count(), 1, 'receipts: the draw that was asked for');
  await page.locator('#verify-mine').click();
  await page.locator('.verdict-good').nth(1).waitFor();
  const text = await page.locator('.verdict-good').last().innerText();
  ok(/No\. \d+ は、署名された記録の \d+行目/.test(text), 'receipts: found in the signed record');
  ok(text.includes('持ち主とも一致'), 'receipts: and its participant');
  ok(!text.includes('署名だけは'), 'receipts: the signature was checked');
  if (shoot) await shoot(page, 'proof-receipts');

  const href = await page.locator('.tickets a').first().getAttribute('href');
  const receipt = await (await page.request.get(new URL(href, base).href)).json();
  const give = async (value) => {
    await page.locator('#verify-file').setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) });
    const box = page.locator('#verify-file-said:not(.verdict-none)');
    await box.waitFor();
    const kind = await box.getAttribute('class');
    await box.evaluate((element) => { element.className = 'verdict verdict-none'; });
    return kind;
  };
  is(await give(receipt), 'verdict verdict-good', 'receipts: from a file');
  is(await give({ ...receipt, participant: 'somebody else' }), 'verdict verdict-bad', 'receipts: somebody else’s');
  is(await give({ ...receipt, salt: '00'.repeat(16) }), 'verdict verdict-bad', 'receipts: another salt');
  is(await give({ ...receipt, leaf: receipt.leaf.replace(/"t":\d/, '"t":2') }), 'verdict verdict-bad', 'receipts: another leaf');
  is(await give({ ...receipt, checkpoint: receipt.checkpoint.replace(/\n\d+\n/, '\n99\n') }), 'verdict verdict-bad', 'receipts: another checkpoint');
  is(await give('{'), 'verdict verdict-bad', 'receipts: no JSON');
});

await test('an open campaign', async ({ page }) => {
  await page.goto(at(slugs.open));
  const text = await checkAll(page);
  ok(text.includes('くじが終わってから'), 'open: all but the outcomes');
  if (shoot) await shoot(page, 'proof-open');
});

await test('a closed campaign', async ({ page, context }) => {
  await page.goto(at(slugs.closed));
  ok((await checkAll(page)).includes('すべて計算のとおり'), 'closed: every outcome');
  if (shoot) await shoot(page, 'proof-closed');
  // What if the server lied? One participant is another, one prize a blank.
  const forge = (edit) => context.route('**/ledger.jsonl?from=0*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: edit(await answer.text()) });
  });
  await forge((ledger) => ledger.replace(/("who":")(.)/, (all, head, one) => head + (one === '0' ? '1' : '0')));
  const other = await checkAll(page);
  ok(other.includes('しおりと一致しません'), 'closed: another participant does not fit the signature');
  await context.unroute('**/ledger.jsonl?from=0*');
  await forge((ledger) => ledger.replace(/"prize":"[AB]"/, '"prize":null'));
  ok(/\d+行目が、決まりに合いません/.test(await checkAll(page)), 'closed: another outcome is told with its line');
  if (shoot) await shoot(page, 'proof-forged');
  await context.unroute('**/ledger.jsonl?from=0*');
  await context.route('**/checkpoint', (route) => route.abort());
  ok((await checkAll(page)).includes('読み込めませんでした'), 'closed: no network says so');
});

await test('100,000 draws', async ({ page, context }) => {
  const types = { 'manifest.json': 'application/json', key: 'text/plain', checkpoint: 'text/plain' };
  for (const [name, contentType] of Object.entries(types)) {
    await context.route(`**/k/${slugs.large}/${name}`, (route) => route.fulfill(
      { contentType, body: readFileSync(`${process.env.KUJI_LARGE}/${name}`) }));
  }
  const ledger = readFileSync(`${process.env.KUJI_LARGE}/ledger.jsonl`);
  const last = ledger.subarray(ledger.lastIndexOf(10, ledger.length - 2) + 1);
  await context.route(`**/k/${slugs.large}/ledger.jsonl?*`, (route) => route.fulfill(
    { contentType: 'application/jsonl', body: route.request().url().includes('from=0&') ? ledger : last }));
  await page.goto(at(slugs.large));
  const started = Date.now();
  await page.locator('#verify-all').click();
  await page.waitForFunction(() => Number(document.getElementById('verify-bar').getAttribute('aria-valuenow')) > 0);
  if (shoot) await shoot(page, 'proof-progress');
  await page.locator('#verify-cancel').click();
  ok((await said(page).innerText()).includes('途中でやめました'), 'large: can be stopped');
  diag(`large: stopped after ${Date.now() - started} ms`);
  const times = [];
  for (let i = 0; i < 3; i += 1) {
    const from = Date.now();
    const text = await checkAll(page);
    ok(text.includes('100,002件') && text.includes('すべて計算のとおり'), 'large: checked, every outcome');
    times.push(Date.now() - from);
  }
  diag(`large: 100,000 draws in ${times.join(', ')} ms`);
  ok(Math.min(...times) <= 10_000, 'large: 100,000 draws in ten seconds');
});

await test('without JavaScript', async ({ page }) => {
  await page.goto(at(slugs.closed));
  is(await page.locator('button:visible').count(), 0, 'without JavaScript: no button that does nothing');
  ok((await page.locator('.command').allInnerTexts()).some((text) => text.includes('kuji_verify.py')), 'without JavaScript: what to run');
  is(await page.locator('.files a').count(), 4, 'without JavaScript: what to save');
}, { javaScriptEnabled: false });

await test('English', async ({ page }) => {
  await page.goto(at(slugs.closed, '/fairness?lang=en'));
  ok((await checkAll(page)).includes('Every rule holds, and every result is as calculated'), 'English: says so');
  if (shoot) await shoot(page, 'proof-english');
});

await test('accessibility', async ({ page }) => {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.goto(at(slugs.closed));
    await checkAll(page);
    const found = await violations(page, { colours: colorScheme === 'dark' });
    is(found.length, 0, `accessibility: ${colorScheme}`);
    for (const fault of found) diag(fault);
    is(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `accessibility: ${colorScheme}: not wider than the screen`);
  }
}, { bypassCSP: true });

await browser.close();
done();
