// The verifier at work, apart from the page so that the page stays alive.
// In: {kind: 'receipt', base, text} or {kind: 'all', base}. Out: {progress: {done,
// size}}, and at last {receipt: …}, {all: …}, {refused: {leaf, why}} or {failed}.
//
// SPDX-License-Identifier: Apache-2.0
import { Refused, need } from './canon.js';
import { Ledger } from './ledger.js';
import { readManifest } from './manifest.js';
import { openCheckpoint } from './note.js';
import { checkInclusion, checkOwner, readReceipt } from './receipt.js';
import { sameBytes } from './sha256.js';

const PROGRESS_MS = 100;

async function answerTo(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
}

const bytesOf = async (url) => new Uint8Array(await (await answerTo(url)).arrayBuffer());
const textOf = async (url) => (await answerTo(url)).text();

async function campaignOf(base) {
  const manifest = await bytesOf(`${base}/manifest.json`);
  const m = readManifest(manifest);
  return { manifest, m, vkey: await textOf(`${base}/key`), now: await textOf(`${base}/checkpoint`) };
}

async function inclusion(base, receipt, { size, root }) {
  const proof = await (await answerTo(`${base}/proof?leaf=${receipt.index}&size=${size}`)).json();
  checkInclusion(receipt, size, root, proof);
}

/** In the ledger as it is now, and in the one that was signed with the receipt. */
async function checkReceipt({ base, text }) {
  const receipt = readReceipt(text);
  const { n, prize, mine } = checkOwner(receipt);
  const { m, vkey, now } = await campaignOf(base);
  const current = await openCheckpoint(now, m.origin, vkey);
  const notes = [current];
  if (typeof receipt.checkpoint === 'string') notes.push(await openCheckpoint(receipt.checkpoint, m.origin, vkey));
  for (const note of notes) {
    need(note.size > receipt.index, 'the checkpoint does not reach the receipt’s leaf');
    await inclusion(base, receipt, note);
  }
  return { receipt: { n, prize, mine, index: receipt.index, signed: notes.every((note) => note.signed) } };
}

/** Calls each(line, ended) for every line of a body, as it comes. */
async function eachLine(body, each) {
  const reader = body.getReader();
  let rest = new Uint8Array(0);
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const data = new Uint8Array(rest.length + part.value.length);
    data.set(rest);
    data.set(part.value, rest.length);
    let at = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, at)) {
      each(data.subarray(at, end), true);
      at = end + 1;
    }
    rest = data.slice(at);
  }
  if (rest.length) each(rest, false);
}

async function checkAll({ base }) {
  const { manifest, m, vkey, now } = await campaignOf(base);
  const { size, root, signed } = await openCheckpoint(now, m.origin, vkey);
  const last = size > 0 ? await bytesOf(`${base}/ledger.jsonl?from=${size - 1}&to=${size}`) : null;
  const ledger = new Ledger(last && last.subarray(0, -1), manifest);
  const { body } = await answerTo(`${base}/ledger.jsonl?from=0&to=${size}`);
  let told = 0;
  await eachLine(body, (line, ended) => {
    ledger.add(line, ended);
    if (Date.now() - told >= PROGRESS_MS) {
      told = Date.now();
      postMessage({ progress: { done: ledger.tree.size, size } });
    }
  });
  if (ledger.tree.size !== size) throw new Refused('the ledger ends before its checkpoint', ledger.tree.size);
  need(sameBytes(ledger.tree.root(), root), 'the ledger is not the one that was signed');
  return {
    all: {
      size, signed, draws: ledger.n, closed: ledger.closed, replayed: ledger.replayed, zoneUnknown: ledger.usage.zoneUnknown,
      round: ledger.raffled && m.beacon ? m.beacon.round : null, prizes: ledger.prizes,
    },
  };
}

self.addEventListener('message', async ({ data }) => {
  try {
    postMessage(await (data.kind === 'all' ? checkAll(data) : checkReceipt(data)));
  } catch (problem) {
    postMessage(problem instanceof Refused
      ? { refused: { leaf: problem.leaf, why: problem.message } } : { failed: String(problem) });
  }
});
