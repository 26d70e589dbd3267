// Canonical JSON (RFC 8785 over strings, integers, booleans, null, arrays and
// objects) and the checks of types. Whatever is not allowed is thrown.
//
// SPDX-License-Identifier: Apache-2.0
export const REASONS = new Set(['added', 'declined', 'disqualified', 'duplicate', 'unreachable', 'expired', 'error', 'early']);

/** What kuji/1 does not allow. leaf: the first wrong leaf's index, or null. */
export class Refused extends Error {
  constructor(why, leaf = null) {
    super(why);
    this.leaf = leaf;
  }
}

export function need(condition, why) {
  if (!condition) throw new Refused(why);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// A surrogate without its other half; older browsers know no better way.
function isWellFormed(text) {
  if (!/[\ud800-\udfff]/.test(text)) return true;
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function writeString(text) {
  need(isWellFormed(text), 'a string is not well-formed Unicode');
  return JSON.stringify(text);
}

function write(value) {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') {
    need(Number.isSafeInteger(value), 'a number is no integer within 2^53 - 1');
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  // sort() compares UTF-16 code units, as RFC 8785 does.
  return `{${Object.keys(value).sort().map((key) => `${writeString(key)}:${write(value[key])}`).join(',')}}`;
}

/** The value of canonical bytes: written again it must be the same text. */
export function canonical(bytes) {
  let text;
  let value;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Refused('not JSON');
  }
  let again;
  try {
    again = write(value);
  } catch (problem) {
    throw problem instanceof Refused ? problem : new Refused('nested too deeply');
  }
  need(again === text, 'not canonical JSON');
  return value;
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

/** An object with exactly the fields named. */
export function fields(value, required, optional = []) {
  need(isObject(value), 'an object is expected');
  for (const name of required) need(has(value, name), `the field ${name} is missing`);
  for (const name of Object.keys(value)) {
    need(required.includes(name) || optional.includes(name), `the field ${name.slice(0, 40)} does not belong here`);
  }
  return value;
}

export function integer(value, name, least = 0) {
  need(Number.isSafeInteger(value) && value >= least, `${name} is not an integer of at least ${least}`);
  return value;
}

export function string(value, name, pattern = null) {
  need(typeof value === 'string' && (!pattern || pattern.test(value)), `${name} is no string of the right form`);
  return value;
}

export function hex(value, size, name) {
  string(value, name, /^[0-9a-f]*$/);
  need(value.length === 2 * size, `${name} has a wrong length`);
  return value;
}
