// The manifest's limits, as far as the ledger shows them.
//
// SPDX-License-Identifier: Apache-2.0
import { need } from './canon.js';

// Since 1970 no zone's day begins within half a minute.
const DAY_STEP = 30000;

export class Usage {
  constructor(m) {
    this.limits = m.limits;
    this.counts = new Map();
    this.wins = new Map();
    this.dayAt = null;
    this.zoneUnknown = false;
    if (m.limits.draws_per_day || m.limits.draws_per_participant_day) this.findZone(m.timezone);
  }

  findZone(timeZone) {
    try {
      const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
      this.dayAt = (t) => format.format(t);
    } catch {
      this.zoneUnknown = true;
    }
  }

  day(t) {
    const part = Math.floor(t / DAY_STEP);
    if (part !== this.part) {
      this.part = part;
      this.dayName = this.dayAt(t);
    }
    return this.dayName;
  }

  count(name, of) {
    const limit = this.limits[name];
    if (limit === null) return;
    const key = `${name} ${of}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    need(count <= limit, `the limit ${name} is exceeded`);
  }

  draw(who, t) {
    this.count('draws', '');
    this.count('draws_per_participant', who);
    if (this.dayAt) {
      this.count('draws_per_day', this.day(t));
      this.count('draws_per_participant_day', `${who} ${this.day(t)}`);
    }
    const most = this.limits.wins_per_participant;
    need(most === null || (this.wins.get(who) ?? 0) < most, 'the limit wins_per_participant was reached');
  }

  win(who, by) {
    if (this.limits.wins_per_participant !== null) this.wins.set(who, (this.wins.get(who) ?? 0) + by);
  }
}
