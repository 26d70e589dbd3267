// The console in a browser: which pages there are to look at, and the way in.
//
// SPDX-License-Identifier: Apache-2.0
import { base } from './tap.mjs';

// Pages that need no more than an owner: name, and path below /admin.
export const pages = [
  ['accounts', '/accounts'],
  ['account', '/account'],
  ['not-found', '/nothing'],
];

// who: { login, password }.
export async function logIn(page, who) {
  await page.goto(`${base}/admin/login`);
  await page.locator('#f-login').fill(who.login);
  await page.locator('#f-password').fill(who.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}
