// A picture of every page of the console and its states, as shots.mjs does of
// the participants'.
//
//   node shots-admin.mjs [DIR]      KUJI_URL=… KUJI_CREDENTIALS=FILE
//
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { every, logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { base, launch, participant } from './lib/tap.mjs';

const file = process.env.KUJI_CREDENTIALS ?? 'var/demo/credentials.json';
const credentials = JSON.parse(await readFile(file, 'utf8'));
const shoot = await shooter(process.argv[2] ?? 'var/shots');
const browser = await launch();
const { page } = await participant(browser);

await page.goto(`${base}/admin/login`);
await shoot(page, 'admin-login');
await page.goto(`${base}/admin/login?lang=en`);
await shoot(page, 'admin-login-english');
await page.goto(`${base}/admin/login?lang=ja`);
await page.locator('#f-login').fill(credentials.admin);
await page.locator('#f-password').fill('not the password');
await page.locator('button[type=submit]').click();
await shoot(page, 'admin-login-wrong');

await logIn(page, { login: credentials.admin, password: credentials.admin_password });
// The demo's own campaigns, and a draft of one of them.
const draft = 'demo-draft';
await page.goto(`${base}/admin/campaigns/demo-odds/duplicate`);
await page.locator('#f-title').fill('歳末大福引');
await page.locator('#f-slug').fill(draft);
await page.locator('form[action$="/duplicate"] button[type=submit]').click();
const slugs = { draft, live: 'demo-odds', coded: 'demo-daily', moment: 'demo-moment', raffle: 'demo-raffle' };
for (const [name, path] of every(slugs)) {
  await page.goto(`${base}/admin${path}`);
  await shoot(page, `admin-${name}`);
}

// An invitation: the link, its page, a password that will not do, the list.
const guest = `hanako.${Date.now()}@example.jp`;
await page.goto(`${base}/admin/accounts`);
await page.locator('#f-login').fill(guest);
await page.locator('form[action$="/accounts"] button').click();
await shoot(page, 'admin-invited');
const link = await page.locator('.secret').innerText();
await page.goto(link);
await shoot(page, 'admin-invitation');
await page.locator('#f-new').fill('password1234');
await page.locator('main button[type=submit]').click();
await shoot(page, 'admin-invitation-refused');
await page.locator('#f-generated').check();
await page.locator('main button[type=submit]').click();
await page.goto(link);
await shoot(page, 'admin-invitation-gone');
await page.goto(`${base}/admin/accounts`);
await page.locator('tbody a', { hasText: guest }).click();
await shoot(page, 'admin-account-one');
await page.locator('form[action$="/disable"] button').click();
await shoot(page, 'admin-account-disabled');
await page.locator('#f-name').fill(guest);
await page.locator('form[action$="/remove"] button').click();
await shoot(page, 'admin-account-removed');

await page.setViewportSize({ width: 390, height: 844 });
await page.goto(`${base}/admin/accounts`);
await page.locator('.rail-menu summary').click();
await page.screenshot({ path: `${process.argv[2] ?? 'var/shots'}/admin-menu-open.png` });
await browser.close();
console.log(`${shoot.count} pictures of the console`);
