// The manifest's rules (kuji/1, section 1).
//
// SPDX-License-Identifier: Apache-2.0
import { canonical, fields, has, hex, integer, need, string } from './canon.js';

const common = ['version', 'campaign', 'tenant', 'slug', 'origin', 'title', 'method', 'opens_at', 'closes_at', 'timezone',
  'prizes', 'limits', 'commitment', 'software'];
const ofMethod = { odds: ['odds_total', 'sold_out'], box: ['blanks'], moment: [], raffle: ['alternates', 'beacon'] };
const ofPrize = { odds: ['weight'], box: [], moment: ['from', 'until'], raffle: [] };
const limitNames = ['draws', 'draws_per_day', 'draws_per_participant', 'draws_per_participant_day', 'wins_per_participant'];
const noNul = /^[^\0]*$/;

/** Sums while the sum stays within most; past it numbers are not exact. */
function sumWithin(values, most) {
  return values.reduce((sum, value) => (sum > most ? sum : sum + value), 0) <= most;
}

function checkReleases(prize) {
  need(Array.isArray(prize.releases) && prize.releases.length > 0, 'releases is an empty list or none');
  for (const release of prize.releases) {
    fields(release, ['at', 'units']);
    integer(release.at, 'at');
    integer(release.units, 'units', 1);
  }
  need(sumWithin(prize.releases.map((release) => release.units), prize.units), 'more units are released than there are');
}

function checkPrize(m, prize, codes) {
  fields(prize, ['code', 'name', 'units', ...ofPrize[m.method]], m.method === 'odds' ? ['releases'] : []);
  string(prize.code, 'code', /^[A-Za-z0-9-]{1,32}$/);
  need(prize.code !== 'blank' && !codes.has(prize.code), 'a prize’s code is not its own');
  codes.add(prize.code);
  string(prize.name, 'name');
  integer(prize.units, 'units', 1);
  if (m.method === 'odds') integer(prize.weight, 'weight');
  if (prize.releases !== undefined) checkReleases(prize);
  if (m.method === 'moment') {
    need(integer(prize.from, 'from') >= m.opens_at && integer(prize.until, 'until') > prize.from
      && prize.until <= m.closes_at, 'a prize’s time lies outside the campaign’s');
    need(prize.units <= 2 ** 32, 'a prize has more units than can be numbered');
  }
}

function checkMethod(m, codes) {
  if (m.method === 'odds') {
    need(sumWithin(m.prizes.map((prize) => prize.weight), integer(m.odds_total, 'odds_total', 1)), 'the weights exceed odds_total');
    need(m.sold_out === 'blank' || codes.has(m.sold_out), 'sold_out names no prize');
  } else if (m.method === 'box') {
    integer(m.blanks, 'blanks');
    need(sumWithin([m.blanks, ...m.prizes.map((prize) => prize.units)], Number.MAX_SAFE_INTEGER), 'the box holds too many');
  } else if (m.method === 'raffle') {
    integer(m.alternates, 'alternates');
    if (m.beacon !== null) {
      fields(m.beacon, ['chain_hash', 'round', 'time']);
      string(m.beacon.chain_hash, 'chain_hash', noNul);
      integer(m.beacon.round, 'round', 1);
      integer(m.beacon.time, 'time', m.closes_at);
    }
  }
}

// It names a signed note's key as well: no space, plus or control character.
function checkOrigin(m) {
  string(m.slug, 'slug', /^[!-*,\-.0-~]+$/);
  const end = `/k/${m.slug}`;
  need(string(m.origin, 'origin').endsWith(end), 'the origin has a wrong form');
  const host = m.origin.slice(0, -end.length);
  need(/^[a-z0-9.:[\]-]+$/.test(host) && !/.:443$/.test(host) && m.origin.length <= 320, 'the origin has a wrong form');
}

function checkLimits(m) {
  fields(m.limits, limitNames);
  for (const name of limitNames) {
    if (m.limits[name] !== null) integer(m.limits[name], name, 1);
  }
}

/** The manifest of leaf 0's bytes. */
export function readManifest(bytes) {
  const m = canonical(bytes);
  need(m !== null && m.version === 'kuji-manifest/1', 'this is no manifest of version 1');
  need(typeof m.method === 'string' && has(ofMethod, m.method), 'the method is unknown');
  fields(m, [...common, ...ofMethod[m.method]]);
  string(m.campaign, 'campaign', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  string(m.tenant, 'tenant');
  string(m.title, 'title');
  string(m.timezone, 'timezone', noNul);
  checkOrigin(m);
  integer(m.opens_at, 'opens_at');
  integer(m.closes_at, 'closes_at', m.opens_at + 1);
  hex(m.commitment, 32, 'commitment');
  fields(m.software, ['name', 'version']);
  string(m.software.name, 'name');
  string(m.software.version, 'version');
  checkLimits(m);
  need(Array.isArray(m.prizes) && m.prizes.length > 0, 'there is no prize');
  const codes = new Set();
  for (const prize of m.prizes) checkPrize(m, prize, codes);
  checkMethod(m, codes);
  return m;
}
