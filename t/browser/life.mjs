// A campaign's whole life, by hand of nobody: an admin makes and publishes it
// on the desk, somebody draws, wins and claims on the phone, the prize is
// shipped, the files are taken, the campaign closes, and what it published is
// computed again. Once with JavaScript, once without.
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}' node life.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { logIn } from './lib/console.mjs';
import { tester } from './lib/sound.mjs';
import { base, desk, diag, done, is, launch, ok, participant, phone } from './lib/tap.mjs';

const owner = JSON.parse(process.env.KUJI_ADMIN);
const browser = await launch();
const test = tester(browser);
const winner = { name: '髙橋 はな子', postal: '060-0001', prefecture: '北海道', city: '札幌市中央区', street: '北一条西2丁目', phone: '090-1234-5678' };

const submit = (page, path) => page.locator(`form[action$="${path}"] button[type=submit]`).last().click();
const said = (page) => page.locator('[role=status]').first().innerText();

async function prepare({ page, name, title, slug, home }) {
  await logIn(page, owner);
  await page.goto(`${base}/admin`);
  await page.getByRole('link', { name: '新しいキャンペーン' }).first().click();
  await page.locator('#f-title').fill(title);
  await page.locator('#f-slug').fill(slug);
  await page.locator('#f-opens_at').fill('2020-01-01T00:00');
  await page.locator('#f-odds_total').fill('10');
  await page.locator('#f-draws_per_participant').fill('');
  await submit(page, '/admin/campaigns');
  is(page.url(), home, `${name}: a draft`);
  await page.getByRole('link', { name: '賞品を加えてください' }).first().click();
  await page.getByRole('link', { name: '賞品を加える' }).click();
  await page.locator('#f-name').fill('大当たり');
  await page.locator('#f-code').fill('A');
  await page.locator('#f-kind').selectOption('parcel');
  await page.locator('#f-units').fill('50');
  await page.locator('#f-weight').fill('10');
  await submit(page, '/prizes');
  is(await said(page), '賞品を保存しました。', `${name}: a prize`);
  await page.goto(`${home}/texts`);
  await page.locator('#f-purpose').fill('発送のためだけに使います。');
  await page.locator('#f-retention_days').fill('30');
  await submit(page, '/texts');
  await page.goto(`${home}/claim-form`);
  await page.locator('#f-use_mail').selectOption('optional');
  await submit(page, '/claim-form');
  is(await page.locator('#f-use_mail').inputValue(), 'optional', `${name}: what winners are asked for`);
}

async function publish({ page, name, title, home }) {
  await page.goto(home);
  await page.getByRole('link', { name: '公開する' }).first().click();
  await page.locator('#f-confirm').fill('別の名前');
  await submit(page, '/publish');
  is(await page.locator('#f-confirm[aria-invalid=true]').count(), 1, `${name}: not by another name`);
  await page.locator('#f-confirm').fill(title);
  await submit(page, '/publish');
  const [hash] = (await said(page)).match(/[0-9a-f]{64}/) ?? [];
  const manifest = await page.request.get(`${base}${new URL(home).pathname.replace('/admin/campaigns', '/k')}/manifest.json`);
  is(hash, createHash('sha256').update(await manifest.body()).digest('hex'), `${name}: published, with its hash`);
}

// Somebody else's browser, the size of a phone.
async function win({ page, name, slug }) {
  await page.goto(`${base}/`);
  await page.locator(`a[href="/k/${slug}"]`).first().click();
  await page.locator('#consent').check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/1$/);
  ok(true, `${name}: drawn`);
  is(await page.locator('.outcome-title').innerText(), '大当たり', `${name}: won`);
  await page.getByRole('link', { name: '賞品の受け取りに進む' }).click();
  for (const [field, value] of Object.entries(winner)) {
    const input = page.locator(`#c-${field}`);
    if (field === 'prefecture') await input.selectOption(value);
    else await input.fill(value);
  }
  await page.getByRole('button', { name: '入力内容を確認する' }).click();
  await page.getByRole('button', { name: '同意して送る' }).click();
  ok((await page.locator('main').innerText()).includes('手続きを受け付けました。'), `${name}: claimed`);
}

async function ship({ page, name, home }) {
  await page.goto(home);
  await page.locator('.rail-wide').getByRole('link', { name: '当選者' }).click();
  is(await page.locator('tbody tr').count(), 1, `${name}: the admin sees one winner`);
  await page.locator('tbody a', { hasText: /^1$/ }).click();
  const text = await page.locator('main').innerText();
  ok(Object.values(winner).every((value) => text.includes(value)), `${name}: and all that they gave`);
  await page.locator('#tracking').fill('0123-4567-8901');
  await page.getByRole('button', { name: '発送済みにする' }).click();
  ok((await page.locator('main').innerText()).includes('0123-4567-8901'), `${name}: shipped, with its number`);
}

// One file as its form gives it.
async function take(page, home, what) {
  await page.goto(`${home}/exports`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`form[action$="/${what}.csv"] button:not([formaction])`).click(),
  ]);
  return readFile(await download.path());
}

async function files({ page, name, home }) {
  const sums = [];
  for (const what of ['draws', 'winners', 'claims']) {
    const bytes = await take(page, home, what);
    const lines = bytes.toString('utf8').split('\r\n');
    is(lines[0].codePointAt(0), 0xfeff, `${name}: ${what}.csv opens in Excel`);
    is(lines.length, 3, `${name}: ${what}.csv has one line, and its head`);
    ok(lines[1].includes('大当たり'), `${name}: ${what}.csv has the prize`);
    is(Object.values(winner).every((value) => lines[1].includes(value)), what === 'claims',
      `${name}: ${what}.csv ${what === 'claims' ? 'says' : 'does not say'} who it was`);
    sums.unshift(createHash('sha256').update(bytes).digest('hex'));
  }
  await page.goto(`${base}/admin/exports`);
  const logged = await page.locator('tbody tr').evaluateAll((rows) => rows.slice(0, 3).map((row) => row.innerText));
  is(logged.filter((row, i) => row.includes(sums[i]) && row.includes(owner.login)).length, 3,
    `${name}: the log has all three, by whom, with their sums`);
}

async function close({ page, name, title, home }) {
  await page.goto(home);
  await page.getByRole('link', { name: '早めに終了する' }).click();
  await page.locator('#f-confirm').fill(title);
  await submit(page, '/close');
  is(await page.locator('.head .badge').innerText(), '終了', `${name}: closed`);
}

// What anybody may do with what is published.
async function verify({ page, name, slug }) {
  const url = `${base}/k/${slug}`;
  try {
    const { stdout } = await promisify(execFile)('kuji-verify', [url]);
    diag(stdout.trim());
    ok(true, `${name}: kuji-verify agrees`);
  } catch (error) {
    ok(false, `${name}: kuji-verify agrees`);
    diag(`${error.stdout}${error.stderr}`);
  }
  await page.goto(`${url}/fairness`);
  const text = await page.locator('main').innerText();
  ok(text.includes('すべての結果を計算し直せます'), `${name}: the proof page says that all is open`);
  const cells = await page.locator('tbody tr').first().locator('td').allInnerTexts();
  is(cells.join(' '), '50 1 49 1', `${name}: and the counts: planned, awarded, left, on its way`);
  // The page's own replay, in browsers that run it.
  const replay = page.locator('#verify-all');
  if (await replay.isVisible()) {
    await replay.click();
    await page.locator('#verify-said').filter({ hasText: /\S/ }).waitFor();
    ok(/verdict-good/.test(await page.locator('#verify-said').getAttribute('class')), `${name}: and computes it again`);
  }
  const receipt = page.locator('a[download]');
  is(await receipt.count(), 1, `${name}: with the winner's receipt`);
  const [download] = await Promise.all([page.waitForEvent('download'), receipt.click()]);
  try {
    await promisify(execFile)('kuji-verify', ['--receipt', await download.path(), url]);
    ok(true, `${name}: which is in the ledger`);
  } catch (error) {
    ok(false, `${name}: which is in the ledger`);
    diag(`${error.stdout}${error.stderr}`);
  }
}

for (const javaScriptEnabled of [true, false]) {
  const name = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
  const slug = `life-${Date.now()}-${javaScriptEnabled}`;
  const life = { name, slug, title: `ふゆの「福引」${name}`, home: `${base}/admin/campaigns/${slug}` };
  await test(name, async ({ page }) => {
    const other = await participant(browser, { javaScriptEnabled, viewport: phone });
    const admin = { ...life, page };
    const guest = { ...life, page: other.page };
    for (const [step, who] of [[prepare, admin], [publish, admin], [win, guest], [ship, admin], [files, admin],
      [close, admin], [verify, guest]]) {
      await step(who);
    }
    is(other.strangers.length, 0, `${name}: the participant asks nobody else`);
    is(other.refusals.join(' '), '', `${name}: nor breaks the policy`);
    await other.context.close();
  }, { javaScriptEnabled, viewport: desk });
}

await browser.close();
done();
