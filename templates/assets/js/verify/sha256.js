// SHA-256 and HMAC, at once rather than by promise: a ledger takes some six
// million blocks a million leaves, and Web Crypto answers each call only in a
// later turn.
//
// SPDX-License-Identifier: Apache-2.0
const roundWords = new Int32Array(64);
const firstState = new Int32Array(8);
const schedule = new Int32Array(64);

// FIPS 180-4, 4.2.2 and 5.3.3: the fractional parts of the roots of primes.
function fillConstants() {
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
  let count = 0;
  for (let n = 2; count < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) prime &&= n % d !== 0;
    if (prime) {
      if (count < 8) firstState[count] = fraction(Math.sqrt(n));
      roundWords[count] = fraction(Math.cbrt(n));
      count += 1;
    }
  }
}
fillConstants();

function compress(state, bytes, at) {
  const w = schedule;
  for (let i = 0; i < 16; i += 1, at += 4) {
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    w[i] = (w[i - 16] + w[i - 7]
      + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3))
      + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))
      + ((e & f) ^ (~e & g)) + roundWords[i] + w[i]) | 0;
    const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))
      + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

const tail = new Uint8Array(128);

// Takes bytes into the state, which has taken `before` bytes (whole blocks)
// already, ends it, and writes it out.
function finish(state, bytes, before) {
  const { length } = bytes;
  const whole = length - (length % 64);
  for (let at = 0; at < whole; at += 64) compress(state, bytes, at);
  tail.fill(0);
  tail.set(bytes.subarray(whole));
  tail[length - whole] = 0x80;
  const end = length - whole < 56 ? 64 : 128;
  const view = new DataView(tail.buffer);
  view.setUint32(end - 8, Math.floor((before + length) / 2 ** 29));
  view.setUint32(end - 4, ((before + length) * 8) >>> 0);
  for (let at = 0; at < end; at += 64) compress(state, tail, at);
  const out = new Uint8Array(32);
  for (let i = 0; i < 8; i += 1) new DataView(out.buffer).setInt32(4 * i, state[i]);
  return out;
}

export function sha256(bytes) {
  return finish(firstState.slice(), bytes, 0);
}

export class Hmac {
  /** @param {Uint8Array} key of at most 64 bytes, as all of kuji/1 are. */
  constructor(key) {
    const pad = (value) => {
      const block = new Uint8Array(64).fill(value);
      key.forEach((byte, i) => { block[i] ^= byte; });
      const state = firstState.slice();
      compress(state, block, 0);
      return state;
    };
    this.inner = pad(0x36);
    this.outer = pad(0x5c);
  }

  mac(bytes) {
    return finish(this.outer.slice(), finish(this.inner.slice(), bytes, 64), 64);
  }
}

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Of any text, as UTF-8. */
export const utf8 = (text) => new TextEncoder().encode(text);
