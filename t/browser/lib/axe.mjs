// WCAG 2.2 AA by axe-core. The site's own policy allows no injected script, so
// axe runs in a context that bypasses it. What of the participants' pages was
// looked at is noted for t/last/looked.t.
//
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const noted = new Set();

// Every class and id on the page.
const marksOf = () => [...document.querySelectorAll('*')].flatMap((node) =>
  [...node.classList, ...(node.id ? [`#${node.id}`] : [])]);

async function note(page) {
  const { KUJI_SCRATCH: scratch } = process.env;
  if (!scratch || await page.locator('html.theme-desk').count()) return;
  const fresh = (await page.evaluate(marksOf)).filter((mark) => !noted.has(mark));
  fresh.forEach((mark) => noted.add(mark));
  mkdirSync(`${scratch}/looked`, { recursive: true });
  appendFileSync(`${scratch}/looked/${basename(process.argv[1], '.mjs')}`, [...new Set(fresh), ''].join('\n'));
}

// colours: what another colour scheme may have changed, and nothing else.
export async function violations(page, { colours = false } = {}) {
  await page.evaluate(source);
  const options = { runOnly: colours ? { type: 'rule', values: ['color-contrast'] } : tags };
  const result = await page.evaluate((given) => globalThis.axe.run(document, given), options);
  if (!colours) await note(page);
  return result.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}
