// Frames that a reveal shows of those it should, with the page's thread four
// times slower than this machine: from Chromium's own trace, beside a page on
// which one square moves and nothing else.
//
//   KUJI_URL=… KUJI_REVEALS='{"slot":{"win":SLUG,…},…}' node frames.mjs
//
// A loaded machine drops frames of the square as well; so what is asked for is
// the square's share of a second, or nearly, in the best of three runs. `make
// frames` prints them all, for a machine that does nothing else.
//
// SPDX-License-Identifier: Apache-2.0
import { count, trace } from './lib/frames.mjs';
import { base, diag, done, launch, ok, participant } from './lib/tap.mjs';

const { KUJI_ONLY: only } = process.env;
const slugs = JSON.parse(process.env.KUJI_REVEALS);
const runs = Number(process.env.KUJI_RUNS ?? 3);
// Of the frames that were to be shown, and of those that the square has shown.
const enough = 0.95;
const asTheSquare = 0.85;
const browser = await launch();

// Runs in the page before its own scripts: marks the show's begin and end.
function marks() {
  const marked = new Set();
  const once = (name) => {
    if (!marked.has(name)) performance.mark(name);
    marked.add(name);
  };
  new MutationObserver(() => {
    const outcome = document.querySelector('.outcome.reveal');
    if (outcome?.matches('.playing')) once('movement-begins');
    if (outcome?.matches('.revealed')) once('movement-ends');
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  // Scratching begins when it is asked for.
  addEventListener('click', (event) => {
    if (event.target.matches?.('.stage-start')) performance.mark('movement-begins');
  }, true);
}

async function draw(page, slug) {
  await page.goto(`${base}/k/${slug}`);
  const consent = page.locator('#consent');
  if (await consent.count()) await consent.check();
  await page.locator('button[form=draw]').click();
  await page.waitForURL(/\/draws\/\d+/, { waitUntil: 'commit' });
}

async function measure(name) {
  const { page, context } = await participant(browser, { reducedMotion: 'no-preference' });
  await page.addInitScript(marks);
  const events = await trace(context, page, async () => {
    await draw(page, slugs[name].win);
    if (name === 'scratch') await page.locator('.stage-start').click();
    await page.locator('.outcome.revealed').waitFor();
  });
  await context.close();
  return count(events, { drawn: name === 'scratch' });
}

// A square that a script moves, 40 ms of work for each frame: what a count that
// counts anything would pass.
async function slow() {
  const { page, context } = await participant(browser);
  await page.goto('about:blank');
  await page.setContent('<div style="width:64px;height:64px;background:#c73e3a"></div>');
  const events = await trace(context, page, () => page.evaluate(() => new Promise((resolve) => {
    performance.mark('movement-begins');
    const from = performance.now();
    const draw = (now) => {
      document.querySelector('div').style.marginInlineStart = `${now % 200}px`;
      const begun = performance.now();
      while (performance.now() - begun < 40);
      if (now - from < 1500) requestAnimationFrame(draw);
      else resolve(performance.mark('movement-ends'));
    };
    requestAnimationFrame(draw);
  })));
  await context.close();
  return count(events, { drawn: true });
}

async function square() {
  const { page, context } = await participant(browser);
  await page.goto('about:blank');
  await page.setContent('<div style="width:64px;height:64px;background:#c73e3a;will-change:transform"></div>');
  const events = await trace(context, page, () => page.evaluate(async () => {
    performance.mark('movement-begins');
    await document.querySelector('div').animate([{ transform: 'none' }, { transform: 'translate(240px, 480px)' }], 2000).finished;
    performance.mark('movement-ends');
  }));
  await context.close();
  return count(events);
}

const told = ({ shown, expected, rate, dropped, longest }) => `${rate.toFixed(1)} frames/s: ${shown} of ${expected} ` +
  `(${(100 * dropped).toFixed(1)} % dropped), ${Math.round(longest)} ms at most between two`;

const bad = await slow();
ok(bad.shown > 5 && bad.rate < 30 && bad.dropped > 0.5, 'a square that takes 40 ms a frame is seen to drop the others');
diag(told(bad));

for (const name of Object.keys(slugs).filter((one) => one !== 'plain' && (!only || one === only))) {
  let met = false;
  for (let i = 0; i < runs; i += 1) {
    const peer = await square();
    const own = await measure(name);
    const [share, best] = [1 - own.dropped, 1 - peer.dropped];
    diag(`${name}: ${told(own)}; it moves ${Math.round(own.start)} ms after its begin, takes ${Math.round(own.time)} ms`);
    diag(`${name}: the square: ${told(peer)}; ratio ${(share / best).toFixed(2)}`);
    met ||= own.shown > 0 && share >= Math.min(enough, asTheSquare * best);
    if (met && !process.env.KUJI_RUNS) break;
  }
  ok(met, `${name}: shows its frames`);
}
await browser.close();
done();
