// The console in a browser: which pages there are to look at, and the way in.
//
// SPDX-License-Identifier: Apache-2.0
import { base } from './tap.mjs';

// Pages that need no more than an owner: name, and path below /admin.
export const pages = [
  ['accounts', '/accounts'],
  ['account', '/account'],
  ['line', '/line'],
  ['not-found', '/nothing'],
];

const below = {
  draft: ['', '/edit', '/texts', '/prizes', '/prizes/A', '/new-prize', '/forecast?visitors=500', '/publish',
    '/duplicate', '/codes', '/gifts', '/winners', '/claims', '/exports', '/figures', '/theme', '/passphrases',
    '/claim-form', '/shops', '/mail', '/mail/win'],
  empty: ['', '/prizes', '/publish', '/forecast'],
  live: ['', '/edit', '/prizes', '/prizes/A', '/close', '/figures', '/figures?by=hour', '/winners', '/winners?which=all',
    '/winners?prize=none', '/gifts', '/claims', '/exports', '/theme', '/draws/1'],
  coded: ['/codes'],
  moment: ['/prizes', '/prizes/B', '/figures'],
  raffle: ['', '/raffle', '/forecast'],
  run: ['', '/raffle', '/figures'],
  won: ['', '/winners', '/winners?state=claimed', '/claims', '/claims?n=1', '/claims?n=999', '/draws/1', '/draws/2',
    '/draws/3', '/draws/4', '/figures'],
  gifts: ['/gifts', '/draws/1'],
};

const named = (slug, path) => `${slug}${path.replace(/[?=/]/g, '-')}`;

// Every page that a GET leads to. slugs: a campaign for each of the names above,
// or less; ids: { account, person: 'slug/n' }, or less.
export function every(slugs, ids = {}) {
  return [
    ['home', ''],
    ['campaigns', '/campaigns'], ['campaigns-archived', '/campaigns?archived=1'], ['campaigns-none', '/campaigns?q=zzz'],
    ['campaign-new', '/campaigns/-/new'],
    ['images', '/images'], ['people', '/people'], ['exports', '/exports'],
    ['audit', '/audit'], ['audit-verified', '/audit?verify=1'], ['audit-none', '/audit?from=2001-01-01&to=2001-01-02'],
    ...pages,
    ...(ids.account ? [['account-one', `/accounts/${ids.account}`]] : []),
    ...(ids.person ? [['person', `/people/${ids.person}`]] : []),
    ...Object.entries(slugs).flatMap(([name, slug]) =>
      (below[name] ?? []).map((path) => [named(name, path), `/campaigns/${slug}${path}`])),
  ];
}

// who: { login, password }.
export async function logIn(page, who) {
  await page.goto(`${base}/admin/login`);
  await page.locator('#f-login').fill(who.login);
  await page.locator('#f-password').fill(who.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}
