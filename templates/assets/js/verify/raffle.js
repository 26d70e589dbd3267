// The raffle leaf, and the substitutes that may follow (kuji/1, section 3).
//
// SPDX-License-Identifier: Apache-2.0
import { fields, hex, integer, need, string } from './canon.js';
import { drawRaffle } from './draw.js';
import { fromHex } from './sha256.js';

/** The beacon's randomness; none: no bytes. */
function beaconOf(ledger, leaf) {
  const announced = ledger.m.beacon;
  const { beacon } = leaf;
  need((announced === null) === (beacon === null), 'a beacon was announced and not used, or the other way round');
  if (beacon === null) return new Uint8Array(0);
  fields(beacon, ['round', 'randomness', 'signature']);
  need(beacon.round === announced.round, 'the beacon’s round is not the one announced');
  string(beacon.signature, 'signature', /^([0-9a-f]{2})+$/);
  need(ledger.t <= announced.time, 'the list was changed after the beacon’s time');
  need(leaf.t >= announced.time, 'the raffle came before the beacon');
  return fromHex(hex(beacon.randomness, 32, 'randomness'));
}

function picksOf(leaf) {
  need(Array.isArray(leaf.winners) && Array.isArray(leaf.alternates), 'winners or alternates is no list');
  for (const winner of leaf.winners) fields(winner, ['n', 'prize']);
  const picks = [...leaf.winners.map((winner) => winner.n), ...leaf.alternates];
  for (const n of picks) integer(n, 'n', 1);
  return picks;
}

/** Prizes go in the manifest's order, unit by unit. */
function awardWinners(ledger, winners) {
  let i = 0;
  for (const { n, prize } of winners) {
    while (ledger.left(i) === 0) i += 1;
    need(prize === ledger.prizes[i].code, 'the winners’ prizes are not in the manifest’s order');
    ledger.award(n, i);
  }
}

export function checkRaffle(ledger, leaf) {
  need(ledger.m.method === 'raffle' && !ledger.raffled, 'a raffle that cannot be here');
  need(leaf.t >= ledger.m.closes_at, 'the raffle came before the campaign’s end');
  const randomness = beaconOf(ledger, leaf);
  const picks = picksOf(leaf);
  const entries = [];
  for (let n = 1; n <= ledger.n; n += 1) if (!ledger.voided.has(n)) entries.push(n);
  need(new Set(picks).size === picks.length
    && picks.every((n) => n <= ledger.n && !ledger.voided.has(n)), 'a pick is void, unknown or there twice');
  const total = ledger.prizes.reduce((sum, _, i) => sum + ledger.left(i), 0);
  need(leaf.winners.length === Math.min(total, entries.length), 'the winners are too many or too few');
  need(picks.length === Math.min(total + ledger.m.alternates, entries.length), 'the alternates are too many or too few');
  if (ledger.seed) {
    const due = drawRaffle(ledger.seed, ledger.manifest, ledger.tree.root(), randomness, entries, picks.length);
    need(picks.every((n, k) => n === due[k]), 'the picks are not the ones that the seed gives');
  }
  awardWinners(ledger, leaf.winners);
  ledger.alternates = [...leaf.alternates];
  ledger.raffled = true;
}

export function takeSubstitute(ledger, leaf, vacant) {
  need(vacant >= 0, 'a substitute that does not follow a returned prize');
  const due = ledger.alternates.findIndex((n) => !ledger.voided.has(n));
  need(due >= 0 && leaf.n === ledger.alternates[due], 'the substitute is not the first alternate');
  need(leaf.prize === ledger.prizes[vacant].code, 'the substitute’s prize is not the returned one');
  ledger.alternates = ledger.alternates.slice(due + 1);
  ledger.award(leaf.n, vacant);
}
