"""The ledger: every kind's rules (section 3), the tree (RFC 6962), limits, and each outcome's replay."""
import datetime
import hashlib
import itertools
import zoneinfo

import kuji_draw
from kuji_rules import MAX, REASONS, Refused, canonical, fields, hex_bytes, integer, manifest_rules, need, string


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """RFC 6962's tree by its right edge: one root per set bit of the size."""

    def __init__(self):
        self.size, self.edge = 0, []

    def add(self, leaf):
        digest, size = hashlib.sha256(b"\0" + leaf).digest(), self.size
        while size & 1:
            digest, size = node(self.edge.pop(), digest), size >> 1
        self.edge.append(digest)
        self.size += 1

    def root(self):
        digest = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            digest = node(left, digest)
        return digest


def inclusion_root(leaf, index, size, hashes):
    """The root that an audit path leads to (RFC 9162, 2.1.3.2), or None if it has a wrong length."""
    digest, at, last = hashlib.sha256(b"\0" + leaf).digest(), index, size - 1
    for other in hashes:
        if last == 0:
            return None
        if at & 1 or at == last:
            digest = node(other, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node(digest, other)
        at, last = at >> 1, last >> 1
    return digest if last == 0 else None


def read_manifest(data):
    """The manifest's value. Refused (at leaf 0) where section 1 does not allow it."""
    try:
        m = canonical(data)
        manifest_rules(m)
        return m
    except Refused as refused:
        raise Refused(refused.why, 0) from None


def revealed_seed(line, campaign):
    """The seed in the close leaf LINE, or None where it is none, or is not the one committed to."""
    try:
        seed = hex_bytes(canonical(line.rstrip(b"\n"))["seed"], 32, "seed")
    except (Refused, KeyError, TypeError):
        return None
    return seed if kuji_draw.commitment(campaign["campaign"], seed) == campaign["commitment"] else None


class Ledger:
    """A walk over the leaves. add() refuses the first that is not allowed.
    last: the last line, for its seed. manifest: what leaf 0 has to be. units, added, awarded: by prize's code. roots: the tree's root at each size asked for."""

    def __init__(self, last=b"", sizes=(), manifest=None):
        self.manifest, self.last, self.sizes, self.roots, self.tree = manifest, last, sizes, {}, Tree()
        self.size = self.n = self.t = 0
        self.closed, self.replayed, self.unchecked = False, False, []
        self.manifest_bytes = self.m = self.seed = self.key = None

    def add(self, line):
        try:
            need(line.endswith(b"\n"), "the line has no end")
            leaf = line[:-1]
            if self.size == 0:
                self.begin(leaf)
            else:
                self.event(canonical(leaf))
        except Refused as refused:
            raise Refused(refused.why, self.size) from None
        self.tree.add(leaf)
        self.size += 1
        if self.size in self.sizes:
            self.roots[self.size] = self.tree.root()

    def begin(self, leaf):
        need(self.manifest is None or leaf == self.manifest, "leaf 0 is not the manifest")
        m = self.m = read_manifest(leaf)
        self.manifest_bytes, self.method = leaf, m["method"]
        self.units = {p["code"]: p["units"] for p in m["prizes"]}
        self.added, self.awarded = dict.fromkeys(self.units, 0), dict.fromkeys(self.units, 0)
        self.blanks = m.get("blanks", 0)
        self.who, self.holds, self.void = [None], [None], set()  # by n, which begins at 1
        self.entries, self.alternates, self.raffled, self.vacant = [], [], False, None
        self.counts, self.wins, self.days, self.zone = {}, {}, {}, None
        if m["limits"]["draws_per_day"] or m["limits"]["draws_per_participant_day"]:
            self.find_zone()
        self.seed = revealed_seed(self.last, m)
        if self.seed is not None:
            self.key = kuji_draw.draw_key(self.seed, leaf)
            self.moments = kuji_draw.moments(m, self.key) if self.method == "moment" else []
            self.claimed = 0

    def find_zone(self):
        try:
            self.zone = zoneinfo.ZoneInfo(self.m["timezone"])
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            self.unchecked.append(f"limits by day: this computer does not know the time zone {self.m['timezone']}")

    def left(self, code):
        return self.units[code] + self.added[code] - self.awarded[code]

    def event(self, leaf):
        need(type(leaf) is dict and type(leaf.get("kind")) is str, "the leaf has no kind")
        rule = {"draw": self.draw, "entry": self.entry, "stock": self.stock, "void": self.take_back,
                "raffle": self.raffle, "substitute": self.substitute, "close": self.close}.get(leaf["kind"])
        need(rule, f"the kind {leaf['kind'][:40]} is unknown")
        need(not self.closed, "a leaf stands after the close")
        need(integer(leaf.get("i"), "i") == self.size, "i is not the leaf's index")
        need(integer(leaf.get("t"), "t") >= self.t, "t decreases")
        vacant, self.vacant = self.vacant, None
        rule(leaf, vacant)
        self.t = leaf["t"]

    def own(self, leaf, *names, optional=()):
        fields(leaf, ("i", "t", "kind") + names, optional)

    def ordered(self, leaf):
        """What an admin's leaf says of who and why."""
        string(leaf["by"], "by")
        need(type(leaf["reason"]) is str and leaf["reason"] in REASONS, "the reason is unknown")

    def prize(self, code):
        need(type(code) is str and code in self.units, "there is no such prize")
        return code

    # Draws and entries

    def accept(self, leaf):
        need(integer(leaf["n"], "n", 1) == self.n + 1, "n leaves a gap or comes twice")
        need(self.m["opens_at"] <= leaf["t"] < self.m["closes_at"], "t is outside the campaign's period")
        hex_bytes(leaf["who"], 32, "who")
        self.limits(leaf)
        self.n += 1
        self.who.append(leaf["who"])
        self.holds.append(None)

    def limits(self, leaf):
        who, limits = leaf["who"], self.m["limits"]
        kept = [("draws", 0), ("draws_per_participant", who)]
        if self.zone:
            day = self.day(leaf["t"])
            kept += [("draws_per_day", day), ("draws_per_participant_day", (who, day))]
        for name, of in kept:
            if limits[name] is not None:
                count = self.counts[name, of] = self.counts.get((name, of), 0) + 1
                need(count <= limits[name], f"the limit {name} is exceeded")
        most = limits["wins_per_participant"]
        need(most is None or self.wins.get(who, 0) < most, "the limit wins_per_participant was reached")

    def day(self, t):
        part = t // 30000  # since 1970 no zone's day begins within half a minute
        if part not in self.days:
            try:
                self.days[part] = datetime.datetime.fromtimestamp(t // 1000, self.zone).toordinal()
            except (OverflowError, ValueError):
                self.days[part] = -(t // 86400000)  # past the year 9999 nobody has a calendar
        return self.days[part]

    def entry(self, leaf, _):
        self.own(leaf, "n", "who")
        need(self.method == "raffle", "an entry in a campaign that is no raffle")
        self.accept(leaf)
        self.entries.append(self.n)

    def draw(self, leaf, _):
        self.own(leaf, "n", "who", "prize")
        need(self.method != "raffle", "a draw in a raffle")
        self.accept(leaf)
        code = leaf["prize"]
        if code is not None:
            self.prize(code)
        self.possible(code, leaf["t"])
        if self.key is not None:
            need(code == self.outcome(leaf["t"]), "the outcome is not the one that the seed gives")
        if code is not None:
            self.award(self.n, code)
        elif self.method == "box":
            self.blanks -= 1

    def available(self, code, t):
        releases = next(p.get("releases") for p in self.m["prizes"] if p["code"] == code)
        released = self.units[code] if releases is None else sum(r["units"] for r in releases if r["at"] <= t)
        return self.left(code) > 0 and self.awarded[code] < released + self.added[code]

    def possible(self, code, t):
        """What holds of an outcome even while the seed is unknown."""
        if code is not None:
            need(self.available(code, t) if self.method == "odds" else self.left(code) > 0, "no unit of the prize was left")
            if self.method == "moment":
                start = next(p["from"] for p in self.m["prizes"] if p["code"] == code)
                need(t >= start, "the prize's time had not begun")
        elif self.method == "box":
            need(self.blanks > 0, "no blank was left")

    def outcome(self, t):
        if self.method == "odds":
            return kuji_draw.odds(self.m, lambda code: self.available(code, t), self.key, self.n)
        if self.method == "box":
            return kuji_draw.box([(code, self.left(code)) for code in self.units], self.blanks, self.key, self.n)
        if self.claimed < len(self.moments) and self.moments[self.claimed][0] <= t:
            self.claimed += 1
            return self.m["prizes"][self.moments[self.claimed - 1][1]]["code"]
        return None

    def award(self, n, code):
        self.awarded[code] += 1
        self.holds[n] = code
        self.wins[self.who[n]] = self.wins.get(self.who[n], 0) + 1

    # What an admin may do

    def stock(self, leaf, _):
        self.own(leaf, "prize", "units", "by", "reason")
        self.ordered(leaf)
        need(self.method != "moment" and not self.raffled, "stock cannot be added here")
        code = self.prize(leaf["prize"])
        self.added[code] += integer(leaf["units"], "units", 1)
        many = self.units[code] + self.added[code]
        if self.method == "box":
            many = sum(self.left(c) for c in self.units) + self.blanks
        need(many <= MAX, "more units than can be counted")

    def take_back(self, leaf, _):
        self.own(leaf, "n", "returned", "by", "reason")
        self.ordered(leaf)
        n = integer(leaf["n"], "n", 1)
        need(n <= self.n, "there is no such n before this leaf")
        need(n not in self.void, "n is void already")
        need(type(leaf["returned"]) is bool, "returned is neither true nor false")
        self.void.add(n)
        if leaf["returned"]:
            code = self.holds[n]
            need(code is not None and self.method != "moment", "there is no unit to return")
            self.awarded[code] -= 1
            self.wins[self.who[n]] -= 1
            if self.method == "raffle":
                self.vacant = code

    def raffle(self, leaf, _):
        self.own(leaf, "beacon", "winners", "alternates")
        need(self.method == "raffle" and not self.raffled, "a raffle that cannot be here")
        need(leaf["t"] >= self.m["closes_at"], "the raffle came before the campaign's end")
        randomness = self.beacon(leaf)
        winners, alternates = leaf["winners"], leaf["alternates"]
        need(type(winners) is list and type(alternates) is list, "winners or alternates is no list")
        for winner in winners:
            fields(winner, ("n", "prize"))
        picked = [integer(n, "n", 1) for n in [w["n"] for w in winners] + alternates]
        entries = [n for n in self.entries if n not in self.void]
        need(len(set(picked)) == len(picked) and set(picked) <= set(entries), "a pick is void, unknown or there twice")
        total = sum(self.left(code) for code in self.units)
        need(len(winners) == min(total, len(entries)), "the winners are too many or too few")
        need(len(picked) == min(total + self.m["alternates"], len(entries)), "the alternates are too many or too few")
        if self.seed is not None:
            need(picked == kuji_draw.raffle(self.seed, self.manifest_bytes, self.tree.root(), randomness, entries, len(picked)),
                 "the picks are not the ones that the seed gives")
        order = (code for code in self.units for _ in range(self.left(code)))
        for winner, code in zip(winners, list(itertools.islice(order, len(winners)))):
            need(winner["prize"] == code, "the winners' prizes are not in the manifest's order")
            self.award(winner["n"], code)
        self.alternates, self.raffled = alternates, True

    def beacon(self, leaf):
        announced, beacon = self.m["beacon"], leaf["beacon"]
        need((announced is None) == (beacon is None), "a beacon was announced and not used, or the other way round")
        if beacon is None:
            return b""
        fields(beacon, ("round", "randomness", "signature"))
        need(integer(beacon["round"], "round") == announced["round"], "the beacon's round is not the one announced")
        string(beacon["signature"], "signature", "([0-9a-f]{2})+")
        need(self.t <= announced["time"], "the list was changed after the beacon's time")
        need(leaf["t"] >= announced["time"], "the raffle came before the beacon")
        self.unchecked.append("the beacon's own signature: compare its randomness with the beacon's published round")
        return hex_bytes(beacon["randomness"], 32, "randomness")

    def substitute(self, leaf, vacant):
        self.own(leaf, "n", "prize", "by", "reason")
        self.ordered(leaf)
        need(vacant is not None, "a substitute that does not follow a returned prize")
        while self.alternates and self.alternates[0] in self.void:
            self.alternates = self.alternates[1:]
        n = integer(leaf["n"], "n", 1)
        need(self.alternates and n == self.alternates[0], "the substitute is not the first alternate")
        need(leaf["prize"] == vacant, "the substitute's prize is not the returned one")
        self.alternates = self.alternates[1:]
        self.award(n, vacant)

    def close(self, leaf, _):
        self.own(leaf, "awarded", "seed", optional=("by", "reason"))
        early = leaf["t"] < self.m["closes_at"]
        need(("by" in leaf) == early and ("reason" in leaf) == early, "by and reason belong to an early close, and only there")
        if early:
            self.ordered(leaf)
        need(self.method != "raffle" or self.raffled, "the raffle is missing")
        fields(leaf["awarded"], tuple(self.units))
        for code in self.units:
            need(integer(leaf["awarded"][code], "awarded") == self.awarded[code], f"awarded of {code} is false")
        seed = hex_bytes(leaf["seed"], 32, "seed")
        need(kuji_draw.commitment(self.m["campaign"], seed) == self.m["commitment"], "the seed is not the one committed to")
        self.closed, self.replayed = True, self.seed is not None
