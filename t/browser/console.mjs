// Every page of the console in Chromium, by day and by night: no violation of
// WCAG, nothing wider than the screen, and none that the table of routes has
// and this does not.
//
//   KUJI_URL=http://… KUJI_ADMIN='{"login":"…","password":"…"}'
//   KUJI_CAMPAIGNS='{"draft":"slug",…}' KUJI_IDS='{"account":"…","person":"slug/n",…}'
//   KUJI_ROUTES='["/admin/…",…]' [KUJI_SHOTS=DIR] [KUJI_ONLY=REGEXP] [KUJI_LANG=en]
//   node console.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { every, logIn } from './lib/console.mjs';
import { shooter } from './lib/shoot.mjs';
import { sound as isSound, tester } from './lib/sound.mjs';
import { base, desk, done, is, launch } from './lib/tap.mjs';

const owner = JSON.parse(process.env.KUJI_ADMIN);
const slugs = JSON.parse(process.env.KUJI_CAMPAIGNS);
const ids = JSON.parse(process.env.KUJI_IDS);
const routes = JSON.parse(process.env.KUJI_ROUTES);
const { KUJI_SHOTS: shots, KUJI_ONLY: only, KUJI_LANG: language } = process.env;
const shoot = shots ? await shooter(shots) : null;
const wanted = (name) => !only || new RegExp(only).test(name);
const browser = await launch();

const test = tester(browser);
const seen = every(slugs, ids);

async function sound(page, name) {
  if (!wanted(name)) return;
  if (shoot) await shoot(page, `admin-${name}`);
  if (!only) await isSound(page, name);
}

const pattern = (route) => new RegExp(`^${route.replace('/admin', '').replace(/\{\w+\}/g, '[^/]+')}$`);
is(routes.filter((route) => !seen.some(([, path]) => pattern(route).test(path.replace(/\?.*/, '')))).join(' '), '',
  'every page is looked at');

const submit = (page, path) => page.locator(`form[action$="${path}"] button[type=submit]`).last().click();
const at = (name, path) => `${base}/admin/campaigns/${slugs[name]}${path}`;

await test('pages', async ({ page }) => {
  await logIn(page, owner);
  if (language) await page.goto(`${base}/admin/campaigns?lang=${language}`);
  for (const [name, path] of seen.filter(([one]) => wanted(one))) {
    await page.goto(`${base}/admin${path}`);
    await sound(page, name);
  }
}, { bypassCSP: true, viewport: desk });

// What a form answers.
const answers = {
  preview: async (page) => page.goto(at('draft', '/preview')),
  'codes-report': async (page) => {
    await page.goto(at('coded', '/codes'));
    await page.locator('#f-take_name').fill('印刷ずみ');
    await page.locator('#f-codes').fill('AB-1234\nあいう\nab1234');
    await page.locator('form[action$="/codes/import"] button').first().click();
  },
  'campaign-refused': async (page) => {
    await page.goto(`${base}/admin/campaigns/-/new`);
    await page.locator('#f-title').fill('x');
    await page.locator('#f-slug').fill('Not An Address');
    await page.locator('#f-closes_at').fill('2020-01-01T00:00');
    await submit(page, '/admin/campaigns');
  },
  'prize-refused': async (page) => {
    await page.goto(at('draft', '/new-prize'));
    await page.locator('#f-name').fill('おまけ');
    await page.locator('#f-code').fill('A');
    await page.locator('#f-units').fill('3');
    await page.locator('#f-weight').fill('99999');
    await submit(page, '/prizes');
  },
  conflict: async (page) => {
    await page.goto(at('draft', '/texts'));
    await page.evaluate(() => { document.querySelector('input[name=version]').value = '1000'; });
    await submit(page, '/texts');
  },
  'claims-report': async (page) => {
    await page.goto(at('won', '/claims'));
    await page.locator('#f-list').fill('3,5555\nabc,1\n999,2');
    await submit(page, '/claims/shipped');
  },
  'gifts-report': async (page) => {
    await page.goto(at('gifts', '/gifts'));
    await page.locator('#list-A').fill('GIFT-0003\nGIFT-0002');
    await submit(page, '/gifts/A');
  },
  'people-found': async (page) => {
    await page.goto(`${base}/admin/people`);
    await page.locator('#f-q').fill('佐藤花子');
    await submit(page, '/people');
  },
  'people-nobody': async (page) => {
    await page.goto(`${base}/admin/people`);
    await page.locator('#f-q').fill('どこにもいない人');
    await submit(page, '/people');
  },
  'mail-preview': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('#f-ja_subject').fill('【{{campaign}}】{{prize}} が当たりました');
    await page.locator('button[value=preview]').click();
  },
  'mail-refused': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('#f-ja_subject').fill('{{prise}}');
    await page.locator('#f-ja_body').fill('{{#grade}}');
    await page.locator('button[value=save]').click();
  },
  'mail-saved': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('#f-ja_subject').fill('【{{campaign}}】おめでとうございます');
    await page.locator('button[value=save]').click();
  },
  'mail-own': async (page) => page.goto(at('mailed', '/mail/win')),
  'mail-conflict': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.evaluate(() => { document.querySelector('input[name=version]').value = '1000'; });
    await page.locator('button[value=save]').click();
  },
  'mail-test-refused': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('#f-to').fill('どこか');
    await page.locator('button[value=test]').click();
  },
  'mail-tested': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('#f-to').fill('editor@example.jp');
    await page.locator('button[value=test]').click();
  },
  'mail-restored': async (page) => {
    await page.goto(at('mailed', '/mail/win'));
    await page.locator('button[value=restore]').click();
  },
  'mail-again': async (page) => {
    await page.goto(at('mailed', '/mail?state=bounced'));
    await page.locator('form[action$="/again"] button').first().click();
  },
  'people-visitor': async (page) => {
    await page.goto(`${base}/admin/people`);
    await page.locator('#f-q').fill(ids.address);
    await submit(page, '/people');
  },
  'visitor-refused': async (page) => {
    await page.goto(`${base}/admin/people/${ids.visitor}`);
    await page.locator('#f-confirm').fill('x');
    await submit(page, '/erase');
  },
  erased: async (page) => {
    await page.goto(`${base}/admin/people/${slugs.won}/2`);
    await page.locator('#f-confirm').fill('2');
    await submit(page, '/erase');
  },
  'person-erased': async (page) => page.goto(at('won', '/draws/2')),
  'campaigns-english': async (page) => page.goto(`${base}/admin/campaigns?lang=en`),
  'live-english': async (page) => page.goto(at('live', '')),
  'prize-english': async (page) => page.goto(at('draft', '/prizes/A')),
};
await test('answers', async ({ page }) => {
  await logIn(page, owner);
  for (const [name, go] of Object.entries(answers).filter(([one]) => wanted(one))) {
    await page.setViewportSize(desk);
    await go(page);
    await sound(page, name);
  }
}, { bypassCSP: true, viewport: desk });

await browser.close();
done();
