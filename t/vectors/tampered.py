#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ledgers that break one rule each: what is wrong, and at which leaf.

    python3 t/vectors/tampered.py > t/vectors/tampered.json
"""
import copy
import json
import random
import sys

from kuji1 import MAX, Campaign, canonical, sha
from kuji1_cases import CLOSES, OPENS, manifest, prize, seed, who

BASES, CASES = [], []


class Ledger:
    """A base ledger as values, to be spoilt."""

    def __init__(self, campaign):
        self.number = len(BASES)
        BASES.append([leaf.decode() for leaf in campaign.leaves])
        self.manifest = campaign.bytes.decode()
        self.first = self.manifest
        self.leaves = [None] + [json.loads(leaf) for leaf in
                                campaign.leaves[1:]]

    def find(self, kind, nth=0, **fields):
        hits = [i for i, leaf in enumerate(self.leaves) if leaf and
                leaf["kind"] == kind and
                all(leaf[k] == v for k, v in fields.items())]
        return hits[nth]

    def renumber(self):
        for i, leaf in enumerate(self.leaves):
            if isinstance(leaf, dict):
                leaf["i"] = i


def case(name, why, base, at, spoil):
    """spoil(ledger, leaf at) changes the copy; where it returns a number the
    difference is expected there."""
    ledger = copy.deepcopy(base)
    moved = spoil(ledger, ledger.leaves[at])
    lines = [ledger.first] + [
        leaf if isinstance(leaf, str) else canonical(leaf).decode()
        for leaf in ledger.leaves[1:]]
    whole = BASES[base.number]
    head = tail = 0
    while head < min(len(lines), len(whole)) and lines[head] == whole[head]:
        head += 1
    while (tail < min(len(lines), len(whole)) - head and
           lines[-1 - tail] == whole[-1 - tail]):
        tail += 1
    # The spoilt ledger is the base's first `head` lines, `middle`, and the
    # base's last `tail` lines.
    CASES.append({"name": name, "why": why, "base": base.number, "head": head,
                  "at": at if moved is None else moved, "tail": tail,
                  "middle": lines[head:len(lines) - tail]})


def change(**fields):
    def spoil(_, leaf):
        leaf.update(fields)
    return spoil


def without(field):
    def spoil(_, leaf):
        del leaf[field]
    return spoil


def drop(ledger, leaf):
    ledger.leaves.remove(leaf)
    ledger.renumber()


def put(offset=0, **fields):
    """A new leaf before (or offset after) the one at hand."""
    def spoil(ledger, leaf):
        at = leaf["i"] + offset
        ledger.leaves.insert(at, {"t": leaf["t"], **fields})
        ledger.renumber()
        return at
    return spoil


def text(edit):
    def spoil(ledger, leaf):
        ledger.leaves[leaf["i"]] = edit(canonical(leaf).decode())
    return spoil


def running(spoil):
    """The same before the close, so without the seed."""
    def both(ledger, leaf):
        ledger.leaves.pop()
        return spoil(ledger, leaf)
    return both


CAUSE = {"by": "admin-1", "reason": "error"}


def odds_base():
    rng = random.Random(41)
    prizes = [prize("A", 3, weight=400, releases=[
        {"at": OPENS, "units": 1}, {"at": OPENS + 50_000, "units": 2}]),
        prize("B", 5, weight=300)]
    m = manifest(41, "odds", prizes, odds_total=1000, sold_out="blank")
    m["limits"]["draws"] = 14
    c = Campaign(m, seed(41))
    for d in range(14):
        if d == 5:
            c.stock(OPENS + d * 10_000, 1, 2)
        c.draw(OPENS + d * 10_000, who(rng))
    held = [n for n, i in c.holds.items() if i is not None]
    blank = [n for n, i in c.holds.items() if i is None]
    c.cancel(OPENS + 200_000, held[0], True)
    c.cancel(OPENS + 200_000, held[1], False)
    c.cancel(OPENS + 200_000, blank[0], False)
    c.close(CLOSES)
    return Ledger(c), held, blank


def box_base():
    rng = random.Random(42)
    c = Campaign(manifest(42, "box", [prize("A", 2), prize("B", 3)],
                          blanks=4), seed(42))
    for d in range(9):
        c.draw(OPENS + d, who(rng))
    c.close(CLOSES)
    return Ledger(c)


def moment_base():
    rng = random.Random(44)
    c = Campaign(manifest(44, "moment", [
        prize("A", 4, **{"from": OPENS + 1000, "until": OPENS + 5000}),
        prize("B", 1, **{"from": CLOSES - 10, "until": CLOSES})]), seed(44))
    for d in range(12):
        c.draw(OPENS + d * 500, who(rng))
    c.cancel(OPENS + 9000, next(n for n, i in c.holds.items() if i == 0),
             False)
    c.close(CLOSES)
    return Ledger(c)


def raffle_base(number, beacon):
    rng = random.Random(number)
    c = Campaign(manifest(number, "raffle", [prize("A", 1), prize("B", 2)],
                          alternates=3, beacon=beacon), seed(number))
    for d in range(12):
        c.entry(OPENS + d, who(rng))
    c.cancel(OPENS + 100, 4, False)
    c.stock(OPENS + 101, 0, 1)
    c.raffle(CLOSES + 2000, beacon and {
        "round": beacon["round"], "randomness": sha(b"beacon").hex(),
        "signature": "ab" * 48})
    held = list(c.holds)
    c.cancel(CLOSES + 3000, held[0], True)
    c.substitute(CLOSES + 3000, 0)
    c.cancel(CLOSES + 3000, c.alternates[1], False)
    c.cancel(CLOSES + 3000, held[2], True)
    c.substitute(CLOSES + 3000, 1)
    c.cancel(CLOSES + 3000, held[3], False)
    c.close(CLOSES + 4000)
    return Ledger(c), c, held


def form(base):
    at = base.find("draw", 3)
    why = "canonical"
    case("another leaf 0", "is not the manifest", base, at,
         lambda l, _: (setattr(l, "first", l.first.replace("A", "Z", 1)), 0)[1])
    case("a space", why, base, at, text(lambda s: s.replace(":", ": ", 1)))
    case("order of keys", why, base, at, text(
        lambda s: '{"kind":"draw",' + s[1:].replace('"kind":"draw",', "")))
    case("a real", "integer", base, at, text(
        lambda s: s.replace('"n":4', '"n":4.0')))
    case("minus zero", why, base, at, text(
        lambda s: s.replace('"n":4', '"n":-0')))
    case("an escape", why, base, at, text(
        lambda s: s.replace("draw", "dr\\u0061w")))
    case("a key twice", "not JSON", base, at, text(
        lambda s: s.replace('"n":4', '"n":4,"n":4')))
    case("no JSON", "not JSON", base, at, text(lambda s: s[:-1]))
    case("an empty line", "not JSON", base, at, text(lambda s: ""))
    case("a list", "no object", base, at, text(lambda s: "[]"))
    case("a carriage return", why, base, at, text(lambda s: s + "\r"))
    case("an unknown kind", "kind is unknown", base, at, change(kind="gift"))
    case("a field too many", "field too many", base, at, change(note="x"))
    case("a field too few", "who is missing", base, at, without("who"))
    case("prize missing", "prize is missing", base, at, without("prize"))
    case("n a string", "n must be an integer", base, at, change(n="4"))
    case("n zero", "n is out of range", base, at, change(n=0))
    case("n too large", "integer", base, at, change(n=2**53))
    case("t negative", "t is out of range", base, at, change(t=-1))
    case("prize a number", "prize must be a string", base, at, change(prize=1))
    case("who in capitals", "who must be", base, at, lambda _, leaf:
         leaf.update(who=leaf["who"].upper()))
    case("who too short", "who must be", base, at, lambda _, leaf:
         leaf.update(who=leaf["who"][2:]))


def order(base):
    at = base.find("draw", 6)
    case("i skips", "calls itself leaf", base, at, change(i=at + 1))
    case("t falls", "earlier than the leaf", base, at, lambda l, leaf:
         leaf.update(t=l.leaves[at - 1]["t"] - 1))
    case("before the opening", "outside the campaign's period", base, 1,
         change(t=OPENS - 1))
    last = base.find("draw", -1)
    case("at the close", "outside the campaign's period", base, last,
         change(t=CLOSES))
    case("n skips", "has n = 8 where 7 comes next", base, at, change(n=8))
    case("n again", "has n = 6 where 7 comes next", base, at, change(n=6))
    case("an unknown prize", "no prize has the code", base, at,
         change(prize="C"))
    case("an entry among draws", "this is no raffle", base, at,
         put(kind="entry", n=7, who="00" * 32))
    case("a leaf dropped", "calls itself leaf", base, at,
         lambda l, leaf: l.leaves.remove(leaf))
    case("two leaves swapped", "calls itself leaf", base, at, swap)
    case("a draw after the close", "follows the close", base,
         base.find("close"), put(1, kind="draw", n=15, who="00" * 32,
                                 prize=None))
    case("a draw beyond the limit", "beyond the campaign's limit", base, last,
         put(1, kind="draw", n=15, who="00" * 32, prize=None))


def swap(ledger, leaf):
    i = leaf["i"]
    ledger.leaves[i], ledger.leaves[i + 1] = (ledger.leaves[i + 1],
                                              ledger.leaves[i])


def outcomes(base, held, blank):
    a = base.find("draw", n=held[0])
    b = base.find("draw", n=blank[0])
    code = base.leaves[a]["prize"]
    other = "B" if code == "A" else "A"
    case("a prize taken away", "'%s' was due" % code, base, a,
         change(prize=None))
    case("another prize", "'%s' was due" % code, base, a, change(prize=other))
    case("a prize made up", "'a blank' was due", base, b, change(prize="B"))
    case("the prize of the manifest's schedule", "no unit is available", base,
         base.find("draw", 1), running(lambda l, leaf: (
             [x.update(prize="A") for x in l.leaves[1:3]], 2)[1]))
    case("too many of a prize", "no unit is available", base, 1,
         running(lambda l, leaf: ([x.update(prize="B") for x in l.leaves[1:]
                                   if x["kind"] == "draw"],
                                  l.find("draw", 7))[1]))


def stock(base, box, moment):
    at = base.find("stock")
    case("stock of no prize", "no prize has the code", base, at,
         change(prize="X"))
    case("no units", "units is out of range", base, at, change(units=0))
    case("units taken away", "units is out of range", base, at,
         change(units=-1))
    case("units past counting", "more units than can be counted", base, at,
         change(units=MAX))
    case("a private reason", "reason is none", base, at,
         change(reason="the boss said so"))
    case("nobody did it", "by is missing", base, at, without("by"))
    case("a box past counting", "more units than can be counted", box, 1,
         put(kind="stock", prize="A", units=MAX - 8, by="x", reason="added"))
    case("stock of a moment", "moments are fixed", moment, 3,
         put(kind="stock", prize="A", units=1, by="x", reason="added"))


def voids(base, held, blank, moment):
    at = base.find("void")
    case("a void of nothing", "not been given", base, at, change(n=15))
    case("a void too early", "not been given", base, base.find("draw", 4),
         put(kind="void", n=5, returned=False, **CAUSE))
    case("voided twice", "second time", base, at + 1, change(n=held[0]))
    case("a blank returned", "does not hold", base, at + 2,
         change(returned=True))
    case("a void's n zero", "n is out of range", base, at, change(n=0))
    case("returned a number", "returned must be", base, at, change(returned=1))
    case("a moment returned", "returns a winning moment", moment,
         moment.find("void"), change(returned=True))
    case("void after the close", "follows the close", base, base.find("close"),
         put(1, kind="void", n=1, returned=False, **CAUSE))


def closing(base, raffle):
    at = base.find("close")
    awarded = base.leaves[at]["awarded"]
    case("awarded too many", "units of 'A' were awarded", base, at,
         change(awarded=dict(awarded, A=awarded["A"] + 1)))
    case("awarded incomplete", "does not name every prize", base, at,
         change(awarded={"A": awarded["A"]}))
    case("awarded another", "no prize has the code", base, at,
         change(awarded={"A": awarded["A"], "C": awarded["B"]}))
    case("awarded negative", "awarded must hold", base, at,
         change(awarded=dict(awarded, A=-1)))
    case("awarded a list", "awarded must be an object", base, at,
         change(awarded=[]))
    case("another seed", "does not open the commitment", base, at,
         change(seed="00" * 32))
    case("early without a reason", "gives no reason", base, at,
         change(t=CLOSES - 1))
    case("a reason but not early", "is not early", base, at,
         change(by="admin-1", reason="early"))
    case("half a reason", "reason is missing", base, at, change(by="x"))
    case("closed twice", "follows the close", base, at, lambda l, leaf: (
        l.leaves.append(dict(leaf, i=at + 1)), at + 1)[1])
    case("a raffle not drawn", "not drawn", raffle, raffle.find("raffle"),
         lambda l, leaf: (l.leaves.__delitem__(slice(leaf["i"], -1)),
                          l.renumber())[1])
    case("a raffle closed early", "not drawn", raffle, raffle.find("raffle"),
         lambda l, leaf: (l.leaves.__delitem__(slice(leaf["i"], -1)),
                          l.renumber(), l.leaves[-1].update(
                              t=CLOSES - 1, **CAUSE))[1])


def seed_cases(box):
    case("a draw from an empty box", "from an empty box", box,
         box.find("close"), lambda l, leaf: (l.leaves.insert(
             leaf["i"], {"t": OPENS + 20, "kind": "draw", "n": 10,
                         "who": "00" * 32, "prize": None}),
             l.renumber())[1])
    case("a blank too many", "none is left", box, 1, running(
        lambda l, leaf: ([x.update(prize=None) for x in l.leaves[1:]], 5)[1]))


def moments(moment):
    at = moment.find("draw", prize="A")
    case("a moment taken away", "'A' was due", moment, at, change(prize=None))
    case("a moment made up", "'a blank' was due", moment, 1,
         change(prize="A"))
    case("a moment too early", "before its first moment", moment, 1,
         running(change(prize="A")))
    case("the wrong moment", "'A' was due", moment, at, change(prize="B"))


def raffle_form(base):
    at = base.find("raffle")
    case("a draw in a raffle", "has entries", base, 3, lambda l, leaf: (
        leaf.update(kind="draw", prize=None)))
    case("an entry with a prize", "field too many", base, 3,
         change(prize=None))
    case("an entry returned", "does not hold", base, base.find("void"),
         change(returned=True))
    case("winners no list", "winners must be a list", base, at,
         change(winners={}))
    case("a winner's field", "field too many", base, at, lambda _, leaf:
         leaf["winners"][0].update(x=1))
    case("alternates not n", "alternates must be", base, at,
         change(alternates=[0]))
    case("the raffle too early", "before closes_at", base, at,
         change(t=CLOSES - 1))
    case("the raffle twice", "second time", base, at, lambda l, leaf: (
        l.leaves.insert(at + 1, dict(leaf)), l.renumber(), at + 1)[2])
    case("stock after the raffle", "stock after the raffle", base, at,
         put(1, kind="stock", prize="A", units=1, by="x", reason="added"))
    case("no beacon promised", "none was promised", base, at, change(
        beacon={"round": 1, "randomness": "00" * 32, "signature": "00"}))


def picks(base, wrap, why_pick):
    at = base.find("raffle")

    def winners(edit):
        return wrap(lambda _, leaf: edit(leaf["winners"]) and None)

    def alternates(edit):
        return wrap(lambda _, leaf: edit(leaf["alternates"]) and None)
    case("a winner too few", "winners instead of 4", base, at,
         winners(lambda w: w.pop()))
    case("an alternate too few", "alternates instead of 3", base, at,
         alternates(lambda a: a.pop()))
    case("a void winner", why_pick, base, at, winners(
        lambda w: w[1].update(n=4)))
    case("a winner twice", why_pick, base, at, winners(
        lambda w: w[1].update(n=w[0]["n"])))
    case("a winner from nowhere", why_pick, base, at, winners(
        lambda w: w[1].update(n=13)))
    case("an alternate who won", why_pick, base, at, lambda l, leaf: wrap(
        lambda _, x: x["alternates"].__setitem__(0, x["winners"][0]["n"]))(
            l, leaf))
    case("prizes out of order", "is next", base, at, winners(
        lambda w: w[0].update(prize="B")))


def raffle_outcome(base, beacon):
    at = base.find("raffle")
    case("winners swapped", "was due", base, at, lambda _, leaf:
         leaf["winners"][0].update(n=leaf["winners"][1]["n"]))
    case("alternates swapped", "was due", base, at, lambda _, leaf:
         leaf["alternates"].reverse())
    case("another entry list", "was due", base, 3, lambda _, leaf: (
        leaf.update(who="11" * 32), at)[1])
    at = beacon.find("raffle")
    value = beacon.leaves[at]["beacon"]
    case("the beacon left out", "one was promised", beacon, at,
         change(beacon=None))
    case("another round", "another round", beacon, at,
         change(beacon=dict(value, round=8)))
    case("other randomness", "was due", beacon, at,
         change(beacon=dict(value, randomness="00" * 32)))
    case("a signature not hex", "signature must be", beacon, at,
         change(beacon=dict(value, signature="xyz")))
    case("before the beacon", "before the beacon", beacon, at,
         change(t=CLOSES + 999))
    case("a list changed after the beacon", "later than the beacon", beacon,
         at, lambda l, leaf: (l.leaves.insert(at, {
             "t": CLOSES + 1001, "kind": "void", "n": 9, "returned": False,
             **CAUSE}), l.renumber(), at + 1)[2])


def substitutes(base, c, held):
    at = base.find("substitute")
    case("a substitute out of turn", "takes entry", base, at,
         change(n=c.alternates[2]))
    case("a substitute who is none", "takes entry", base, at, change(n=4))
    case("a substitute for another prize", "became free", base, at,
         change(prize="B"))
    case("a substitute for nobody", "does not follow", base, at, put(
        1, kind="substitute", n=c.alternates[1], prize="A", **CAUSE))
    case("a substitute later", "does not follow", base, at, lambda l, leaf: (
        l.leaves.insert(at, {"t": leaf["t"], "kind": "void", "n": held[3],
                             "returned": False, **CAUSE}),
        l.renumber(), at + 1)[2])
    second = base.find("substitute", 1)
    case("a void alternate", "takes entry", base, second,
         change(n=c.alternates[1]))
    case("no alternate left", "no alternate is left", base, second,
         lambda l, leaf: (l.leaves.__setitem__(slice(second + 1, second + 2), [
             {"t": leaf["t"], "kind": "void", "n": held[3], "returned": True,
              **CAUSE},
             {"t": leaf["t"], "kind": "substitute", "n": 4, "prize": "B",
              **CAUSE}]), l.renumber(), second + 2)[2])
    case("a substitute before the raffle", "does not follow", base,
         base.find("raffle"), put(kind="substitute", n=1, prize="A", **CAUSE))


def main():
    base, held, blank = odds_base()
    box, moment = box_base(), moment_base()
    raffle, campaign, winners = raffle_base(45, None)
    beacon = raffle_base(46, {"chain_hash": "ab" * 32, "round": 7,
                              "time": CLOSES + 1000})[0]
    form(base)
    order(base)
    outcomes(base, held, blank)
    stock(base, box, moment)
    voids(base, held, blank, moment)
    closing(base, raffle)
    seed_cases(box)
    moments(moment)
    raffle_form(raffle)
    picks(raffle, lambda spoil: spoil, "was due")
    picks(raffle, running, "void, no entry or picked already")
    raffle_outcome(raffle, beacon)
    substitutes(raffle, campaign, winners)
    for whole in (base, box, moment, raffle, beacon):
        case("nothing", None, whole, 1, lambda l, leaf: -1)
    json.dump({"bases": BASES, "cases": CASES}, sys.stdout,
              ensure_ascii=False, indent=0, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
