// A walk over the ledger: every kind's rules (kuji/1, section 3) and, once the
// seed is known, every outcome.
//
// SPDX-License-Identifier: Apache-2.0
import { canonical, fields, has, hex, integer, need, REASONS, Refused, string } from './canon.js';
import { allMoments, commitmentOf, drawBox, drawKey, drawOdds, Words } from './draw.js';
import { readManifest } from './manifest.js';
import { checkRaffle, takeSubstitute } from './raffle.js';
import { fromHex, sameBytes } from './sha256.js';
import { Tree } from './tree.js';
import { Usage } from './usage.js';

// The seed in a close leaf; null where there is none, or not the one that the
// manifest commits to.
function revealedSeed(line, m) {
  try {
    const seed = fromHex(hex(canonical(line).seed, 32, 'seed'));
    return commitmentOf(m.campaign, seed) === m.commitment ? seed : null;
  } catch {
    return null;
  }
}

/** add() throws Refused with the index of the first leaf that is not allowed.
 * Afterwards: n, prizes [{code, units, added, awarded}], closed, replayed. */
export class Ledger {
  /** last: the last line's bytes (for the seed), or null; manifest: what leaf 0
   * has to be, or null. */
  constructor(last = null, manifest = null) {
    Object.assign(this, { last, manifest, tree: new Tree(), n: 0, t: 0, closed: false, replayed: false, vacant: -1 });
    Object.assign(this, { raffled: false, alternates: [], who: [null], holds: [-1], voided: new Set(), claimed: 0 });
  }

  /** One line's bytes, without its newline; ended: it had one. */
  add(line, ended = true) {
    try {
      need(ended, 'the line has no end');
      if (this.tree.size === 0) this.begin(line);
      else this.event(canonical(line));
    } catch (problem) {
      throw problem instanceof Refused ? new Refused(problem.message, this.tree.size) : problem;
    }
    this.tree.append(line);
  }

  begin(line) {
    need(!this.manifest || sameBytes(line, this.manifest), 'leaf 0 is not the manifest');
    this.manifest = line.slice();
    const m = readManifest(line);
    this.m = m;
    this.prizes = m.prizes.map(({ code, units }) => ({ code, units, added: 0, awarded: 0 }));
    this.index = new Map(m.prizes.map(({ code }, i) => [code, i]));
    this.blanks = m.blanks ?? 0;
    this.usage = new Usage(m);
    this.seed = this.last && revealedSeed(this.last, m);
    if (this.seed) {
      const key = drawKey(this.seed, line);
      this.words = new Words(key, 'kuji/1 draw');
      if (m.method === 'moment') this.moments = allMoments(m, key);
    }
  }

  left(i) {
    const prize = this.prizes[i];
    return prize.units + prize.added - prize.awarded;
  }

  event(leaf) {
    need(leaf !== null && typeof leaf === 'object' && typeof leaf.kind === 'string', 'the leaf has no kind');
    const rule = has(rules, leaf.kind) ? rules[leaf.kind] : null;
    need(rule, 'the kind is unknown');
    need(!this.closed, 'a leaf stands after the close');
    need(leaf.i === this.tree.size, 'i is not the leaf’s index');
    need(integer(leaf.t, 't') >= this.t, 't decreases');
    fields(leaf, ['i', 't', 'kind', ...rule.names], rule.optional);
    if (rule.names.includes('reason')) this.ordered(leaf);
    const { vacant } = this;
    this.vacant = -1;
    rule.check(this, leaf, vacant);
    this.t = leaf.t;
  }

  ordered(leaf) {
    string(leaf.by, 'by');
    need(REASONS.has(leaf.reason), 'the reason is unknown');
  }

  prize(code) {
    need(typeof code === 'string' && this.index.has(code), 'there is no such prize');
    return this.index.get(code);
  }

  /** What a draw and an entry have in common. */
  accept(leaf) {
    need(leaf.n === this.n + 1, 'n leaves a gap or comes twice');
    need(leaf.t >= this.m.opens_at && leaf.t < this.m.closes_at, 't is outside the campaign’s period');
    hex(leaf.who, 32, 'who');
    this.usage.draw(leaf.who, leaf.t);
    this.n += 1;
    this.who.push(this.m.limits.wins_per_participant === null ? null : leaf.who);
    this.holds.push(-1);
  }

  available(i, t) {
    const { releases, units } = this.m.prizes[i];
    const released = releases ? releases.reduce((sum, r) => (r.at <= t ? sum + r.units : sum), 0) : units;
    const { added, awarded } = this.prizes[i];
    return this.left(i) > 0 && awarded - added < released;
  }

  /** What holds of an outcome even while the seed is unknown. */
  possible(i, t) {
    if (i < 0) {
      need(this.m.method !== 'box' || this.blanks > 0, 'no blank was left');
      return;
    }
    need(this.m.method === 'odds' ? this.available(i, t) : this.left(i) > 0, 'no unit of the prize was left');
    need(this.m.method !== 'moment' || t >= this.m.prizes[i].from, 'the prize’s time had not begun');
  }

  outcome(n, t) {
    if (this.m.method === 'odds') return drawOdds(this.m, this.words, n, (i) => this.available(i, t));
    if (this.m.method === 'box') return drawBox(this.prizes.map((_, i) => this.left(i)), this.blanks, this.words, n);
    const next = this.moments[this.claimed];
    if (!next || next.time > t) return -1;
    this.claimed += 1;
    return next.prize;
  }

  award(n, i) {
    this.prizes[i].awarded += 1;
    this.holds[n] = i;
    this.usage.win(this.who[n], 1);
  }
}

function draw(ledger, leaf) {
  need(ledger.m.method !== 'raffle', 'a draw in a raffle');
  ledger.accept(leaf);
  const i = leaf.prize === null ? -1 : ledger.prize(leaf.prize);
  ledger.possible(i, leaf.t);
  if (ledger.seed) need(i === ledger.outcome(leaf.n, leaf.t), 'the outcome is not the one that the seed gives');
  if (i >= 0) ledger.award(leaf.n, i);
  else if (ledger.m.method === 'box') ledger.blanks -= 1;
}

function entry(ledger, leaf) {
  need(ledger.m.method === 'raffle', 'an entry in a campaign that is no raffle');
  ledger.accept(leaf);
}

function stock(ledger, leaf) {
  need(ledger.m.method !== 'moment' && !ledger.raffled, 'stock cannot be added here');
  const prize = ledger.prizes[ledger.prize(leaf.prize)];
  prize.added += integer(leaf.units, 'units', 1);
  const many = ledger.m.method === 'box'
    ? ledger.prizes.reduce((sum, _, i) => sum + ledger.left(i), ledger.blanks) : prize.units + prize.added;
  need(many <= Number.MAX_SAFE_INTEGER, 'more units than can be counted');
}

function takeBack(ledger, leaf) {
  need(integer(leaf.n, 'n', 1) <= ledger.n, 'there is no such n before this leaf');
  need(!ledger.voided.has(leaf.n), 'n is void already');
  need(typeof leaf.returned === 'boolean', 'returned is neither true nor false');
  ledger.voided.add(leaf.n);
  if (!leaf.returned) return;
  const i = ledger.holds[leaf.n];
  need(i >= 0 && ledger.m.method !== 'moment', 'there is no unit to return');
  ledger.prizes[i].awarded -= 1;
  ledger.usage.win(ledger.who[leaf.n], -1);
  if (ledger.m.method === 'raffle') ledger.vacant = i;
}

function close(ledger, leaf) {
  const early = leaf.t < ledger.m.closes_at;
  need(('by' in leaf) === early && ('reason' in leaf) === early, 'by and reason belong to an early close, and only there');
  if (early) ledger.ordered(leaf);
  need(ledger.m.method !== 'raffle' || ledger.raffled, 'the raffle is missing');
  fields(leaf.awarded, ledger.prizes.map(({ code }) => code));
  for (const { code, awarded } of ledger.prizes) need(leaf.awarded[code] === awarded, `awarded of ${code} is false`);
  const seed = fromHex(hex(leaf.seed, 32, 'seed'));
  need(commitmentOf(ledger.m.campaign, seed) === ledger.m.commitment, 'the seed is not the one committed to');
  ledger.closed = true;
  ledger.replayed = ledger.seed !== null;
}

const rules = {
  draw: { names: ['n', 'who', 'prize'], check: draw },
  entry: { names: ['n', 'who'], check: entry },
  stock: { names: ['prize', 'units', 'by', 'reason'], check: stock },
  void: { names: ['n', 'returned', 'by', 'reason'], check: takeBack },
  raffle: { names: ['beacon', 'winners', 'alternates'], check: checkRaffle },
  substitute: { names: ['n', 'prize', 'by', 'reason'], check: takeSubstitute },
  close: { names: ['awarded', 'seed'], optional: ['by', 'reason'], check: close },
};
