// WCAG 2.2 AA by axe-core. The site's own policy allows no injected script, so
// axe runs in a context that bypasses it.
//
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// LINE's own button has the colours that LINE prescribes; words of a logotype
// need no contrast (WCAG 2.2, 1.4.3).
function isLogo(rule, node) {
  return rule.id === 'color-contrast' && /class="[^"]*\bbutton-line\b/.test(node.html);
}

// colours: what another colour scheme may have changed, and nothing else.
export async function violations(page, { colours = false } = {}) {
  await page.evaluate(source);
  const options = { runOnly: colours ? { type: 'rule', values: ['color-contrast'] } : tags };
  const result = await page.evaluate((given) => globalThis.axe.run(document, given), options);
  return result.violations.flatMap((rule) =>
    rule.nodes.filter((node) => !isLogo(rule, node)).map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}
