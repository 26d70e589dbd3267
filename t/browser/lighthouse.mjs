// What Lighthouse says about the campaign's page and the result with its
// reveal: performance, accessibility and best practices, as on a phone.
//
//   KUJI_URL=… KUJI_SLUG=… node lighthouse.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';
import lighthouse from 'lighthouse';
import { base, diag, done, ok } from './lib/tap.mjs';

const slug = process.env.KUJI_SLUG;
const least = 95;
// Another's work on the machine can only make a page slower.
const runs = Number(process.env.KUJI_RUNS ?? 3);

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', `--remote-debugging-port=${port}`],
});

// A result of ours, and the cookies that make it look new at every visit.
async function draw() {
  const context = await browser.newContext({ locale: 'ja-JP' });
  const page = await context.newPage();
  await page.goto(`${base}/k/${slug}`);
  if (await page.locator('#consent').count()) await page.locator('#consent').check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/);
  const url = page.url();
  const cookies = await context.cookies(base);
  await context.close();
  const session = cookies.find(({ name }) => name === 'kuji');
  return [url, [
    { name: 'kuji', value: session.value, url: base },
    { name: 'kuji-new', value: url.match(/\d+$/)[0], url },
  ]];
}

// Lighthouse looks from the browser's own context, which no page of ours has.
const devtools = await browser.newBrowserCDPSession();

async function judge(name, url, cookies = []) {
  const best = {};
  for (let i = 0; i < runs && (i === 0 || Object.values(best).some((score) => score < least)); i += 1) {
    if (cookies.length) await devtools.send('Storage.setCookies', { cookies });
    const { lhr } = await lighthouse(url, {
      port, output: 'json', logLevel: 'silent', onlyCategories: ['performance', 'accessibility', 'best-practices'],
      disableStorageReset: true, extraHeaders: { 'Accept-Language': 'ja' },
    });
    for (const [category, { score }] of Object.entries(lhr.categories)) {
      best[category] = Math.max(best[category] ?? 0, Math.round(score * 100));
    }
    const figures = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];
    diag(`${name}: ${Object.entries(lhr.categories).map(([key, { score }]) => `${key} ${Math.round(score * 100)}`).join(', ')}; ${
      figures.map((key) => `${key} ${lhr.audits[key].displayValue}`).join(', ')}`);
    if (lhr.runtimeError) diag(`${name}: ${lhr.runtimeError.message}`);
    for (const item of lhr.audits['bf-cache']?.details?.items ?? []) diag(`  not kept for going back: ${item.reason}`);
    for (const audit of Object.values(lhr.audits)) {
      if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode === 'binary') diag(`  ${audit.id}: ${audit.title}`);
    }
  }
  for (const [category, score] of Object.entries(best)) ok(score >= least, `${name}: ${category} ${score}`);
}

const [result, cookies] = await draw();
await judge('campaign', `${base}/k/${slug}`);
await judge('result', result, cookies);
await browser.close();
done();
