// Checkpoints: C2SP tlog-checkpoint, a signed note.
//
// SPDX-License-Identifier: Apache-2.0
import { need } from './canon.js';
import { concat, sameBytes, sha256, utf8 } from './sha256.js';

function fromBase64(text, name) {
  let bytes = null;
  try {
    bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch { /* told below */ }
  need(bytes && btoa(String.fromCharCode(...bytes)) === text, `${name} is not base64`);
  return bytes;
}

/** {name, id, key} of a vkey: NAME+HEX ID+base64(01 || key). */
export function openVkey(text) {
  const [, name, id, blob] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?$/.exec(text) ?? [];
  need(name, 'the key is no vkey');
  const bytes = fromBase64(blob, 'the key');
  need(bytes.length === 33 && bytes[0] === 1, 'the key is no Ed25519 key');
  const own = sha256(concat(utf8(`${name}\n`), bytes)).subarray(0, 4);
  need(own.every((byte, i) => byte === Number.parseInt(id.slice(2 * i, 2 * i + 2), 16)), 'the key’s id is not its own');
  return { name, id: own, key: bytes.slice(1) };
}

/** true or false; null: this browser cannot check such signatures. */
export async function verifyEd25519(key, message, signature) {
  try {
    const imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, message);
  } catch {
    return null;
  }
}

/** {size, root, signed} of a checkpoint of origin; signed is false where this
 * browser cannot check signatures. */
export async function openCheckpoint(note, origin, vkey) {
  const { name, id, key } = openVkey(vkey);
  need(name === origin, 'the key is another campaign’s');
  const gap = note.lastIndexOf('\n\n');
  need(gap >= 0 && note.endsWith('\n') && note.length > gap + 2, 'the checkpoint is no signed note');
  const lines = note.slice(0, gap).split('\n');
  need(lines.length === 3 && lines[0] === origin, 'the checkpoint is of another campaign or has a wrong form');
  need(/^(0|[1-9][0-9]{0,15})$/.test(lines[1]), 'the checkpoint’s size has a wrong form');
  const root = fromBase64(lines[2], 'the checkpoint’s root');
  need(root.length === 32, 'the checkpoint’s root is no hash');
  for (const line of note.slice(gap + 2, -1).split('\n')) {
    const [, signer, blob] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    need(signer, 'a signature’s line has a wrong form');
    const bytes = fromBase64(blob, 'a signature');
    // Others may have signed as well (witnesses, later keys).
    if (signer === name && sameBytes(bytes.subarray(0, 4), id)) {
      const good = await verifyEd25519(key, utf8(note.slice(0, gap + 1)), bytes.subarray(4));
      need(good !== false, 'the checkpoint’s signature is wrong');
      return { size: Number(lines[1]), root, signed: good === true };
    }
  }
  need(false, 'the checkpoint bears no signature by this key');
  return null;
}
