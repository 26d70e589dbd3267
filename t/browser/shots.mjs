// A picture of every page and state of the demo: phone and desk, by day and by
// night, into var/shots (or the directory given).
//
//   node shots.mjs [DIR]      KUJI_URL=http://127.0.0.1:8080 KUJI_CODE=…
//
// SPDX-License-Identifier: Apache-2.0
import { shooter } from './lib/shoot.mjs';
import { base, launch, participant } from './lib/tap.mjs';

const out = process.argv[2] ?? 'var/shots';
const shoot = await shooter(out);
const browser = await launch();

async function draw(page, slug, code) {
  await page.goto(`${base}/k/${slug}`);
  if (code) await page.locator('#code').fill(code);
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  await page.locator('button[form=draw]').click();
  await page.locator('.outcome, .trouble, [aria-invalid=true]').first().waitFor();
}

// Draws until a result of that kind shows.
async function until(page, slug, kind) {
  for (let i = 0; i < 60; i += 1) {
    await draw(page, slug);
    if (await page.locator(`.outcome-${kind}`).count()) return true;
  }
  return false;
}

const { page } = await participant(browser);
for (const slug of ['demo-odds', 'demo-box', 'demo-moment', 'demo-raffle', 'demo-daily']) {
  await page.goto(`${base}/k/${slug}`);
  await shoot(page, `campaign-${slug}`);
}
await page.goto(`${base}/k/demo-odds/me`);
await shoot(page, 'me-empty');
if (await until(page, 'demo-odds', 'win')) await shoot(page, 'result-win');
if (await until(page, 'demo-odds', 'blank')) await shoot(page, 'result-blank');
await draw(page, 'demo-raffle');
await shoot(page, 'result-entry');
await draw(page, 'demo-daily', 'NOT A CODE');
await shoot(page, 'problem-code-unknown');
if (process.env.KUJI_CODE) {
  await draw(page, 'demo-daily', process.env.KUJI_CODE);
  await draw(page, 'demo-daily', process.env.KUJI_CODE);
  await shoot(page, 'problem-refused');
}
for (const [name, path] of [['list', '/'], ['me', '/k/demo-odds/me'], ['rules', '/k/demo-odds/rules'],
  ['rules-box', '/k/demo-box/rules'], ['fairness', '/k/demo-odds/fairness'], ['not-found', '/k/nothing'],
  ['english', '/k/demo-odds?lang=en']]) {
  await page.goto(base + path);
  await shoot(page, name);
}
await browser.close();
console.log(`${shoot.count} pictures in ${out}`);
