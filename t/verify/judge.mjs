// What the browsers' verifier says of many campaigns: as judge.py.
//
//   node judge.mjs DIRECTORY…
//
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { Refused } from '../../templates/assets/js/verify/canon.js';
import { Ledger } from '../../templates/assets/js/verify/ledger.js';
import { readManifest } from '../../templates/assets/js/verify/manifest.js';
import { openCheckpoint } from '../../templates/assets/js/verify/note.js';
import { sameBytes } from '../../templates/assets/js/verify/sha256.js';

const read = (...path) => new Uint8Array(readFileSync(path.join('/')));
const text = (bytes) => new TextDecoder().decode(bytes);

function* linesOf(data) {
  for (let at = 0; at < data.length;) {
    const end = data.indexOf(10, at);
    yield { line: data.subarray(at, end < 0 ? data.length : end), ended: end >= 0 };
    at = end < 0 ? data.length : end + 1;
  }
}

/** The roots of every size, and the manifest's origin; throws Refused. */
function walk(directory) {
  const manifest = read(directory, 'manifest.json');
  const lines = [...linesOf(read(directory, 'ledger.jsonl'))];
  let origin;
  try {
    ({ origin } = readManifest(manifest));
  } catch (problem) {
    throw new Refused(problem.message, 0);
  }
  const ledger = new Ledger(lines.length ? lines.at(-1).line : null, manifest);
  if (!lines.length) throw new Refused('the ledger is empty', 0);
  const roots = [];
  for (const { line, ended } of lines) {
    ledger.add(line, ended);
    roots.push(ledger.tree.root());
  }
  return { roots, origin };
}

async function verdict(directory) {
  let walked;
  try {
    walked = walk(directory);
  } catch (problem) {
    if (problem instanceof Refused) return String(problem.leaf);
    throw problem;
  }
  try {
    const note = await openCheckpoint(text(read(directory, 'checkpoint')), walked.origin, text(read(directory, 'key')));
    const root = walked.roots[note.size - 1];
    return note.signed && root && sameBytes(root, note.root) ? 'signed' : 'other';
  } catch (problem) {
    if (problem instanceof Refused) return 'other';
    throw problem;
  }
}

for (const top of process.argv.slice(2)) {
  for (const name of readdirSync(top).sort()) console.log(name, await verdict(`${top}/${name}`));
}
