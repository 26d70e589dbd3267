// How a draw is decided (kuji/1, section 2).
//
// SPDX-License-Identifier: Apache-2.0
import { concat, fromHex, Hmac, sha256, toHex, utf8 } from './sha256.js';

const labelled = (text) => utf8(`${text}\0`);

function be(size, value) {
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(size - 4, value % 2 ** 32);
  if (size === 8) view.setUint32(0, Math.floor(value / 2 ** 32));
  return out;
}

export function commitmentOf(campaign, seed) {
  return toHex(sha256(concat(labelled('kuji/1 seed'), fromHex(campaign.replaceAll('-', '')), seed)));
}

export function drawKey(seed, manifest) {
  return new Hmac(seed).mac(concat(labelled('kuji/1 key'), sha256(manifest)));
}

/** The words of decisions that one key makes, kind by kind. */
export class Words {
  /** @param {string} label e.g. 'kuji/1 draw' */
  constructor(key, label) {
    this.hmac = new Hmac(key);
    this.label = labelled(label);
  }

  /** Starts anew: be64(n), or be32(a) || be32(b), behind the label. */
  start(...numbers) {
    this.message = concat(this.label, ...numbers, new Uint8Array(4));
    this.block = null;
    this.taken = 0;
    return this;
  }

  startN(n) {
    return this.start(be(8, n));
  }

  word() {
    const at = this.taken % 4;
    if (at === 0) {
      new DataView(this.message.buffer).setUint32(this.message.length - 4, this.taken / 4);
      this.block = new DataView(this.hmac.mac(this.message).buffer);
    }
    this.taken += 1;
    return this.block.getBigUint64(8 * at);
  }

  /** Below size (1 to 2^53). */
  uniform(size) {
    const range = BigInt(size);
    const end = (1n << 64n) - ((1n << 64n) % range);
    let word = this.word();
    while (word >= end) word = this.word();
    return Number(word % range);
  }
}

/** The first index whose running sum exceeds v, or -1. */
function walk(parts, v) {
  let sum = 0;
  return parts.findIndex((part) => {
    sum += part;
    return sum > v;
  });
}

/** available(i): has prize i a unit at this draw's time? The prize's index, or
 * -1 for a blank. */
export function drawOdds(m, words, n, available) {
  const drawn = walk(m.prizes.map((prize) => prize.weight), words.startN(n).uniform(m.odds_total));
  if (drawn < 0 || available(drawn)) return drawn;
  const instead = m.prizes.findIndex((prize) => prize.code === m.sold_out);
  return instead >= 0 && available(instead) ? instead : -1;
}

/** left: units by prize. At least one unit or blank must be left. */
export function drawBox(left, blanks, words, n) {
  return walk(left, words.startN(n).uniform(left.reduce((sum, units) => sum + units, blanks)));
}

/** Every unit's time, in the order in which they are claimed: {time, prize}. */
export function allMoments(m, key) {
  const words = new Words(key, 'kuji/1 moment');
  const list = [];
  m.prizes.forEach((prize, i) => {
    for (let j = 0; j < prize.units; j += 1) {
      const time = prize.from + words.start(be(4, i), be(4, j)).uniform(prize.until - prize.from);
      list.push({ time, prize: i });
    }
  });
  // The order of making is i, then j; the sort keeps it where times are equal.
  return list.sort((a, b) => a.time - b.time);
}

/** The first `picks` of the shuffled entries (n's, ascending, not void). */
export function drawRaffle(seed, manifest, root, randomness, entries, picks) {
  const key = new Hmac(seed).mac(concat(labelled('kuji/1 raffle'), sha256(manifest), root, randomness));
  const words = new Words(key, 'kuji/1 pick');
  const order = [...entries];
  for (let k = 0; k < picks; k += 1) {
    const other = k + words.startN(k).uniform(order.length - k);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order.slice(0, picks);
}
