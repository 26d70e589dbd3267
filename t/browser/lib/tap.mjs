// TAP on stdout, and the browser that the tests look through.
//
// SPDX-License-Identifier: Apache-2.0
import { chromium } from 'playwright-core';

let count = 0;
let failed = 0;

export function ok(condition, name) {
  count += 1;
  if (!condition) failed += 1;
  console.log(`${condition ? 'ok' : 'not ok'} ${count} - ${name}`);
  return condition;
}

export function is(actual, expected, name) {
  if (!ok(actual === expected, name)) diag(`got ${actual}, expected ${expected}`);
}

export function diag(text) {
  console.log(String(text).replace(/^/gm, '# '));
}

export function done() {
  console.log(`1..${count}`);
  process.exitCode = failed ? 1 : 0;
}

export const base = process.env.KUJI_URL ?? 'http://127.0.0.1:8080';

// A browser without a word to anybody but the site.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
}

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };

// A participant: own cookies, Japanese unless told otherwise. Requests to any
// other host are counted, and refused.
export async function participant(browser, options = {}) {
  const context = await browser.newContext({
    viewport: phone, locale: 'ja-JP', reducedMotion: 'reduce', ...options,
  });
  // Patience with a loaded machine; nothing here measures speed.
  context.setDefaultTimeout(120_000);
  const strangers = [];
  await context.route((url) => url.origin !== new URL(base).origin, (route) => {
    strangers.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  const refusals = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) refusals.push(message.text());
  });
  return { context, page, strangers, refusals };
}
