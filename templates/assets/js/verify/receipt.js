// A participant's receipt: {leaf, index, salt, participant?, checkpoint}, flat
// or with "receipt" around the first three, as the pages and the API give it.
//
// SPDX-License-Identifier: Apache-2.0
import { canonical, hex, need } from './canon.js';
import { concat, fromHex, sameBytes, sha256, toHex, utf8 } from './sha256.js';
import { inclusionRoot } from './tree.js';

/** From what somebody pasted. */
export function readReceipt(text) {
  let value = null;
  try {
    value = JSON.parse(text);
  } catch { /* told below */ }
  need(value !== null && typeof value === 'object', 'the receipt is not JSON');
  const receipt = { ...value, ...value.receipt };
  need(typeof receipt.leaf === 'string' && Number.isSafeInteger(receipt.index) && receipt.index > 0, 'the receipt has no leaf or index');
  return receipt;
}

/** Whether its leaf is a draw, and the draw of the participant that the receipt
 * names. Returns the leaf's value, with mine: null where nobody is named. */
export function checkOwner(receipt) {
  const leaf = canonical(utf8(receipt.leaf));
  need(leaf !== null && (leaf.kind === 'draw' || leaf.kind === 'entry') && leaf.i === receipt.index, 'the receipt’s leaf is no draw, or has another index');
  if (typeof receipt.participant !== 'string' || typeof receipt.salt !== 'string') return { ...leaf, mine: null };
  const salt = fromHex(hex(receipt.salt, 16, 'the salt'));
  need(toHex(sha256(concat(salt, utf8(receipt.participant)))) === leaf.who, 'the receipt is another participant’s');
  return { ...leaf, mine: true };
}

/** Whether the leaf stands in the tree of `size` leaves with this root. */
export function checkInclusion(receipt, size, root, proof) {
  need(size > receipt.index, 'the checkpoint does not reach the receipt’s leaf');
  need(proof?.leaf === receipt.index && proof.size === size && Array.isArray(proof.hashes), 'the proof is for another leaf');
  const hashes = proof.hashes.map((hash) => fromHex(hex(hash, 32, 'a hash')));
  const reached = inclusionRoot(utf8(receipt.leaf), receipt.index, size, hashes);
  need(reached && sameBytes(reached, root), 'the leaf is not in the signed ledger');
}
