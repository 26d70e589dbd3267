// Every page of the site after an attacker has written into each field of it,
// opened in Chromium: nothing of theirs runs, with our policy and without it.
//
//   KUJI_URL=http://… KUJI_VISITS='[{"cookies":[{"name","value"}],"paths":["/…"]}]'
//   node attacks.mjs
//
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { base, desk, diag, done, is, launch, ok, participant } from './lib/tap.mjs';

const visits = JSON.parse(await readFile(process.env.KUJI_VISITS, 'utf8'));
const browser = await launch();

// What is in a frame that is not ours.
const foreign = () => [
  ...(globalThis.__xss === undefined ? [] : ['a script ran']),
  ...[...document.querySelectorAll('img[src="x"], xss, script:not([src]), style, base, object, embed, ' +
    // The charts place their parts by script.
    '[style]:not(.uplot, .uplot *)')].map((node) => node.outerHTML.slice(0, 100)),
  ...[...document.querySelectorAll('a[href], form[action], [formaction]')]
    .map((node) => node.href ?? node.formAction ?? node.action)
    .filter((to) => typeof to === 'string' && !/^(https?|mailto|tel):/.test(to)),
  ...[...document.querySelectorAll('*')].flatMap((node) => [...node.attributes].map((one) => one.name))
    .filter((name) => name.startsWith('on')),
];

// A preview may be on its way to the next one.
async function inspect(frame) {
  for (let tries = 0; ; tries += 1) {
    try {
      await frame.waitForLoadState();
      return await frame.evaluate(foreign);
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

// What a page does that it should not.
async function look(page, path) {
  const found = [];
  const onDialog = (dialog) => {
    found.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  };
  page.on('dialog', onDialog);
  const answer = await page.goto(base + path);
  if (answer.status() >= 500) found.push(`status ${answer.status()}`);
  for (const frame of page.frames()) found.push(...await inspect(frame));
  page.off('dialog', onDialog);
  return found;
}

for (const bypassCSP of [false, true]) {
  const how = bypassCSP ? 'without the policy' : 'with the policy';
  let pages = 0;
  let shown = 0;
  for (const { cookies, paths } of visits) {
    const who = await participant(browser, { viewport: desk, bypassCSP });
    await who.context.addCookies(cookies.map((one) => ({ ...one, url: base })));
    const errors = [];
    who.page.on('pageerror', (error) => errors.push(error.message));
    const bad = [];
    for (const path of paths) {
      const found = await look(who.page, path);
      bad.push(...found.map((one) => `${path}: ${one}`));
      pages += 1;
      if ((await who.page.content()).includes('&lt;img src=x')) shown += 1;
    }
    is(bad.length, 0, `${how}: nothing runs on ${paths.length} pages`);
    bad.slice(0, 20).forEach(diag);
    is(errors.join(' | '), '', `${how}: no script of ours stumbles over it`);
    is(who.refusals.join(' '), '', `${how}: nothing that the policy had to stop`);
    is(who.strangers.join(' '), '', `${how}: nobody else is asked`);
    await who.context.close();
  }
  ok(pages > 60 && shown > 10, `${how}: ${pages} pages, on ${shown} of them it stands as text`);
}

await browser.close();
done();
