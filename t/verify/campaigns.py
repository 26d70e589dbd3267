# SPDX-License-Identifier: Apache-2.0
"""Random campaigns that keep every rule, of every method, with the edges that matter more often than chance has it."""
import datetime
import zoneinfo

from kuji1 import MAX, Campaign, checkpoint, sha, vkey

DAY = 86_400_000
# Autumn in Apia, New York and Dublin has a clock put back; Kathmandu is off by a quarter; Tokyo is where this is used.
ZONES = ("Asia/Tokyo", "UTC", "America/New_York", "Asia/Kathmandu", "Europe/Dublin", "Pacific/Apia")
OPENS = 1_761_900_000_000  # 31 October 2025
# Ranges at which a word is rejected often, seldom, or never.
RANGES = (1, 2, 3, 2**32, 2**32 + 1, 2**52 + 1, 2**53 - 1, 2**64 // 2049 + 1)
LIMITS = ("draws", "draws_per_day", "draws_per_participant", "draws_per_participant_day", "wins_per_participant")
REASONS = ("added", "declined", "disqualified", "duplicate", "unreachable", "expired", "error", "early")

class Made(Campaign):
    """A campaign with what is needed to keep its limits. decisions: draws and picks decided so far."""

    def __init__(self, rng, manifest):
        super().__init__(manifest, sha(b"generated " + manifest["campaign"].encode() + rng.randbytes(8)))
        self.rng, self.t, self.decisions = rng, manifest["opens_at"], 0
        self.zone = zoneinfo.ZoneInfo(manifest["timezone"])
        self.people = [sha(rng.randbytes(24)) for _ in range(rng.choice((1, 3, 20, 500)))]
        self.counts, self.drawn_by = {}, {}

    def keys(self, who):
        day = datetime.datetime.fromtimestamp(self.t // 1000, self.zone).date()
        return {"draws": (), "draws_per_day": (day,), "draws_per_participant": (who,),
                "draws_per_participant_day": (who, day), "wins_per_participant": ("won", who)}

    def admits(self, who):
        limits = self.m["limits"]
        return all(limits[name] is None or self.counts.get(key, 0) < limits[name]
                   for name, key in self.keys(who).items())

    def count(self, who):
        for name, key in self.keys(who).items():
            if name != "wins_per_participant":
                self.counts[key] = self.counts.get(key, 0) + 1

    def participate(self):
        """One draw or entry, if somebody is found whom the limits admit."""
        who = next((w for w in (self.rng.choice(self.people) for _ in range(3)) if self.admits(w)), None)
        if who is None:
            return
        if self.m["method"] == "raffle":
            self.entry(self.t, who)
        elif not self.draw(self.t, who):
            return
        self.decisions += self.m["method"] != "raffle"
        self.count(who)
        self.drawn_by[self.n] = who
        if self.holds.get(self.n) is not None:
            self.counts["won", who] = self.counts.get(("won", who), 0) + 1

    def take_back(self, returned):
        free = [n for n in range(max(1, self.n - 40), self.n + 1) if n not in self.void]
        if not free:
            return
        n = self.rng.choice(free)
        gives = returned and self.holds.get(n) is not None and self.m["method"] != "moment"
        if gives:
            self.counts["won", self.drawn_by[n]] -= 1
        self.cancel(self.t, n, gives)

    def finish(self):
        """The raffle, some substitutes, the close; a part of the campaigns still runs."""
        m, rng = self.m, self.rng
        ends = rng.random()
        if m["method"] == "raffle" and ends > 0.15:
            beacon = m["beacon"] and {"round": m["beacon"]["round"], "randomness": rng.randbytes(32).hex(),
                                      "signature": rng.randbytes(rng.choice((48, 96))).hex()}
            self.t = max(self.t, m["closes_at"], m["beacon"]["time"] if m["beacon"] else 0) + rng.choice((0, 1, 5000))
            self.raffle(self.t, beacon)
            self.decisions += len(self.holds) + len(self.alternates)
            for n in rng.sample(sorted(self.holds), min(len(self.holds), rng.randrange(4))):
                self.t += rng.randrange(2)
                prize = self.holds[n]
                self.cancel(self.t, n, rng.random() < 0.8)
                if self.holds[n] is None and rng.random() < 0.8:
                    self.substitute(self.t, prize)
        if ends > 0.25:
            self.end(early=ends > 0.9 and m["method"] != "raffle" and self.t < m["closes_at"])
        self.checkpoint, self.vkey = checkpoint(m["origin"], self.leaves), vkey(m["origin"])

    def end(self, early):
        if early:
            self.close(self.t, by="admin-1", reason="early")
        else:
            self.close(max(self.t, self.m["closes_at"]))

def prizes(rng, method, count, length):
    out = []
    for i in range(count):
        prize = {"code": rng.choice(("A", "grade-", "7")) + str(i), "name": rng.choice(("賞", "Ein 🎁", "a\"\\\n\u2028b")),
                 "units": rng.choice((1, 2, 5, 40, 300))}
        if method == "odds":
            prize["weight"] = 0
        if method == "moment":
            start = rng.randrange(length)
            prize["from"] = OPENS + start
            prize["until"] = OPENS + rng.choice((start + 1, length, rng.randrange(start + 1, length + 1)))
        out.append(prize)
    return out

def odds(rng, m, length):
    total = m["odds_total"] = rng.choice(RANGES + (100, 1000))
    left = total
    for prize in m["prizes"]:
        prize["weight"] = min(left, rng.choice((0, 1, total // 3, total // 7, total // len(m["prizes"]))))
        left -= prize["weight"]
        if rng.random() < 0.3:
            parts = rng.randrange(1, 5)
            units = max(1, prize["units"] // (parts + rng.randrange(2)))
            if units * parts <= prize["units"]:
                prize["releases"] = [{"at": OPENS + rng.randrange(-5, length), "units": units} for _ in range(parts)]
    m["sold_out"] = rng.choice(["blank"] + [prize["code"] for prize in m["prizes"]])

def limits(rng):
    out = dict.fromkeys(LIMITS)
    for name in LIMITS:
        if rng.random() < 0.25:
            out[name] = rng.choice((1, 2, 3, 10, 1000))
    return out

def manifest(rng, number):
    method = rng.choice(("odds", "box", "moment", "raffle"))
    length = rng.choice((10, 5000, DAY, 9 * DAY))
    m = {"version": "kuji-manifest/1", "campaign": "00000000-0000-4000-8000-%012x" % number, "tenant": "テスト",
         "slug": "g-%d" % number, "origin": rng.choice(("kuji.example", "kuji.example:8443", "[::1]:80")) + "/k/g-%d" % number,
         "title": rng.choice(("夏くじ", "Ünïcode 🎌", "")), "method": method, "opens_at": OPENS,
         "closes_at": OPENS + length, "timezone": rng.choice(ZONES), "limits": limits(rng),
         "prizes": prizes(rng, method, rng.choice((1, 2, 5, 12)), length),
         "software": {"name": "mod_kuji", "version": "0.1.0"}}
    if method == "odds":
        odds(rng, m, length)
    elif method == "box":
        m["blanks"] = rng.choice((0, 1, 30, 1000, 10**6))
        if rng.random() < 0.1:
            m["prizes"][0]["units"] = MAX - m["blanks"] - sum(p["units"] for p in m["prizes"][1:])
    elif method == "raffle":
        m["alternates"] = rng.choice((0, 1, 3, 50))
        m["beacon"] = rng.choice((None, {"chain_hash": "ab" * 32, "round": rng.randrange(1, 10**7),
                                         "time": m["closes_at"] + rng.choice((0, 1, DAY))}))
    return m

def make(rng, number, size):
    campaign = Made(rng, manifest(rng, number))
    length = campaign.m["closes_at"] - OPENS
    step = max(1, 2 * length // size)
    stocked = campaign.m["method"] != "moment" and campaign.m["prizes"][0]["units"] < 1000
    for _ in range(size):
        if campaign.t < OPENS + length - 1 and rng.random() < 0.7:  # else several share a t
            campaign.t = min(OPENS + length - 1, campaign.t + rng.randrange(step))
        what = rng.random()
        if what < 0.03 and stocked:
            campaign.stock(campaign.t, rng.randrange(len(campaign.left)), rng.choice((1, 2, 30)))
        elif what < 0.07 and campaign.n:
            campaign.take_back(rng.random() < 0.7)
        else:
            campaign.participate()
    campaign.finish()
    return campaign

__all__ = ["DAY", "REASONS", "Made", "key_id", "make"]
