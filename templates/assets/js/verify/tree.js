// The tree of leaves (RFC 6962).
//
// SPDX-License-Identifier: Apache-2.0
import { sha256 } from './sha256.js';

export function leafHash(leaf) {
  const bytes = new Uint8Array(leaf.length + 1);
  bytes.set(leaf, 1);
  return sha256(bytes);
}

const pair = new Uint8Array(65);
pair[0] = 1;

function nodeHash(left, right) {
  pair.set(left, 1);
  pair.set(right, 33);
  return sha256(pair);
}

/** By its right edge: one root for each bit of the size. */
export class Tree {
  constructor() {
    this.size = 0;
    this.edge = [];
  }

  append(leaf) {
    let hash = leafHash(leaf);
    for (let size = this.size; size % 2 === 1; size = (size - 1) / 2) hash = nodeHash(this.edge.pop(), hash);
    this.edge.push(hash);
    this.size += 1;
  }

  root() {
    return this.edge.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root that an audit path leads to (RFC 9162, 2.1.3.2), or null where the
 * path has a wrong length. */
export function inclusionRoot(leaf, index, size, hashes) {
  let hash = leafHash(leaf);
  let at = index;
  let last = size - 1;
  for (const other of hashes) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(other, hash);
      while (at % 2 === 0 && at > 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, other);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}
