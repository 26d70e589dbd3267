# SPDX-License-Identifier: Apache-2.0
"""Ways to spoil a ledger. Each takes (rng, campaign, lines) and returns the spoilt lines (bytes without newline), or None
where the campaign has nothing of the kind. Some leave by chance a ledger that keeps every rule: that, too, has to be seen
by every verifier alike."""
import json
import re

from campaigns import DAY, REASONS
from kuji1 import MAX, canonical

ALL = []


def mutation(function):
    ALL.append(function)
    return function


def pick(rng, lines, *kinds):
    """The index of a leaf of one of the kinds (any: not the manifest), or None."""
    found = [i for i, line in enumerate(lines) if i and (not kinds or json.loads(line)["kind"] in kinds)]
    return rng.choice(found) if found else None


def renumbered(leaves):
    return [leaves[0]] + [canonical(dict(json.loads(leaf), i=i)) for i, leaf in enumerate(leaves[1:], 1)]


def edited(lines, i, edit):
    """With leaf i's value changed in place by edit."""
    leaf = json.loads(lines[i])
    edit(leaf)
    return lines[:i] + [canonical(leaf)] + lines[i + 1:]


def textual(rng, lines, pattern, replacement, kinds=()):
    i = pick(rng, lines, *kinds)
    if i is None:
        return None
    spoilt = re.sub(pattern, replacement, lines[i], count=1)
    return None if spoilt == lines[i] else lines[:i] + [spoilt] + lines[i + 1:]


@mutation
def flipped_byte(rng, _, lines):
    i = rng.randrange(len(lines))
    line = bytearray(lines[i])
    line[rng.randrange(len(line))] = rng.choice((rng.randrange(256), rng.randrange(32, 127)))
    return lines[:i] + [bytes(line)] + lines[i + 1:]


@mutation
def flipped_digit(rng, _, lines):
    i = rng.randrange(1, len(lines)) if len(lines) > 1 else 0
    line = bytearray(lines[i])
    at = rng.choice([m.start() for m in re.finditer(rb"[0-9a-f]", line)])
    line[at] = rng.choice(b"0123456789abcdef")
    return lines[:i] + [bytes(line)] + lines[i + 1:]


@mutation
def swapped(rng, _, lines):
    if len(lines) < 3:
        return None
    i, j = rng.sample(range(1, len(lines)), 2)
    lines[i], lines[j] = lines[j], lines[i]
    return renumbered(lines) if rng.random() < 0.6 else lines


@mutation
def missing(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    del lines[i]
    return renumbered(lines) if rng.random() < 0.6 else lines


@mutation
def duplicate(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    lines.insert(rng.randrange(i, len(lines)) + 1, lines[i])
    return renumbered(lines) if rng.random() < 0.7 else lines


@mutation
def changed_time(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    by = rng.choice((-1, 1, -1000, DAY, -DAY, rng.randrange(-DAY, DAY)))
    return edited(lines, i, lambda leaf: leaf.update(t=max(0, leaf["t"] + by)))


@mutation
def later_together(rng, _, lines):
    """From some leaf on all are later: order stays, days and releases do not."""
    i = pick(rng, lines)
    if i is None:
        return None
    by = rng.choice((1, 1000, DAY // 2, DAY))
    for k in range(i, len(lines)):
        lines = edited(lines, k, lambda leaf: leaf.update(t=leaf["t"] + by))
    return lines


@mutation
def changed_number(rng, _, lines):
    i = pick(rng, lines)
    names = [name for name, value in json.loads(lines[i]).items() if type(value) is int] if i else []
    if not names:
        return None
    name = rng.choice(names)
    to = rng.choice((lambda v: v + 1, lambda v: v - 1, lambda v: 0, lambda v: -v, lambda v: MAX, lambda v: MAX + 1))
    return edited(lines, i, lambda leaf: leaf.update({name: to(leaf[name])}))


@mutation
def changed_prize(rng, campaign, lines):
    i = pick(rng, lines, "draw", "stock", "substitute")
    if i is None:
        return None
    codes = [prize["code"] for prize in campaign.m["prizes"]]
    return edited(lines, i, lambda leaf: leaf.update(prize=rng.choice(codes + [None, "nothing", "blank", 3])))


@mutation
def changed_who(rng, campaign, lines):
    i = pick(rng, lines, "draw", "entry")
    if i is None:
        return None
    who = rng.choice((rng.choice(campaign.people).hex(), rng.randbytes(32).hex(), "00" * 31, "AB" * 32))
    return edited(lines, i, lambda leaf: leaf.update(who=who))


@mutation
def one_person(rng, campaign, lines):
    """A stretch of draws becomes one participant's."""
    i = pick(rng, lines, "draw", "entry")
    if i is None:
        return None
    who = rng.choice(campaign.people).hex()
    for k in range(i, min(len(lines), i + rng.choice((2, 4, 12)))):
        if json.loads(lines[k])["kind"] in ("draw", "entry"):
            lines = edited(lines, k, lambda leaf: leaf.update(who=who))
    return lines


@mutation
def changed_seed(rng, _, lines):
    i = pick(rng, lines, "close")
    return i and edited(lines, i, lambda leaf: leaf.update(seed=rng.choice((rng.randbytes(32).hex(), "00", None))))


@mutation
def changed_awarded(rng, _, lines):
    i = pick(rng, lines, "close")

    def edit(leaf):
        code = rng.choice(list(leaf["awarded"]))
        leaf["awarded"][rng.choice((code, "other"))] = rng.choice((leaf["awarded"][code] + 1, 0, -1, "1", True))
    return i and edited(lines, i, edit)


@mutation
def changed_cause(rng, _, lines):
    i = pick(rng, lines, "stock", "void", "substitute", "close")
    return i and edited(lines, i, lambda leaf: leaf.update(rng.choice((
        {"reason": rng.choice(REASONS)}, {"reason": "because"}, {"by": 1}, {"by": ""}, {"by": "x", "reason": "early"}))))


@mutation
def one_more_void(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    i = rng.randrange(i, len(lines) + 1)
    before = json.loads(lines[i - 1])
    leaf = {"i": i, "t": before.get("t", DAY), "kind": "void", "n": rng.randrange(max(1, i + 1)),
            "returned": rng.random() < 0.5, "by": "admin-2", "reason": rng.choice(REASONS)}
    return renumbered(lines[:i] + [canonical(leaf)] + lines[i:])


@mutation
def void_turned(rng, _, lines):
    i = pick(rng, lines, "void")
    return i and edited(lines, i, lambda leaf: leaf.update(returned=rng.choice((not leaf["returned"], 0, None))))


@mutation
def other_substitute(rng, campaign, lines):
    i = pick(rng, lines, "substitute")
    codes = [prize["code"] for prize in campaign.m["prizes"]]
    return i and edited(lines, i, lambda leaf: leaf.update(rng.choice((
        {"n": rng.randrange(1, campaign.n + 1)}, {"prize": rng.choice(codes)}))))


@mutation
def one_more_substitute(rng, campaign, lines):
    i = pick(rng, lines, "void", "raffle")
    if i is None or campaign.m["method"] != "raffle":
        return None
    leaf = {"i": i + 1, "t": json.loads(lines[i])["t"], "kind": "substitute", "n": rng.randrange(1, campaign.n + 2),
            "prize": campaign.m["prizes"][0]["code"], "by": "admin-2", "reason": "declined"}
    return renumbered(lines[:i + 1] + [canonical(leaf)] + lines[i + 1:])


@mutation
def changed_raffle(rng, campaign, lines):
    i = pick(rng, lines, "raffle")

    def edit(leaf):
        lists = [leaf["winners"], leaf["alternates"]]
        what = rng.randrange(6)
        if what == 0 and len(leaf["winners"]) > 1:
            a, b = leaf["winners"][:2]
            a["n"], b["n"] = b["n"], a["n"]
        elif what == 1:
            rng.choice(lists)[:1] = []
        elif what == 2:
            rng.choice(lists)[0:0] = [{"n": 1, "prize": campaign.m["prizes"][0]["code"]}]
        elif what == 3:
            leaf["alternates"].append(rng.randrange(campaign.n + 2))
        elif what == 4:
            leaf["beacon"] = rng.choice((None, {}, {"round": 1, "randomness": "00" * 32, "signature": "00"}))
        elif leaf["beacon"]:
            leaf["beacon"][rng.choice(("randomness", "signature"))] = rng.choice(("", "0", "cd" * 32, "CD" * 32))
    return i and edited(lines, i, edit)


@mutation
def extra_field(rng, _, lines):
    i = pick(rng, lines)
    name = rng.choice(("note", "prize", "by", "reason", "n", "who", "beacon", "__proto__", ""))
    return i and edited(lines, i, lambda leaf: leaf.setdefault(name, rng.choice((None, 1, "x", [], {}))))


@mutation
def missing_field(rng, _, lines):
    i = pick(rng, lines)
    return i and edited(lines, i, lambda leaf: leaf.pop(rng.choice(sorted(set(leaf) - {"i"}))))


@mutation
def other_type(rng, _, lines):
    i = pick(rng, lines)
    values = (None, True, False, 0, "", "1", [], {}, [1], {"n": 1})
    return i and edited(lines, i, lambda leaf: leaf.update({rng.choice(sorted(leaf)): rng.choice(values)}))


@mutation
def other_kind(rng, _, lines):
    i = pick(rng, lines)
    kinds = ("draw", "entry", "stock", "void", "raffle", "substitute", "close", "gift", "toString", "")
    return i and edited(lines, i, lambda leaf: leaf.update(kind=rng.choice(kinds)))


@mutation
def other_number(rng, _, lines):
    form = rng.choice((rb"\1.0", rb"\1e0", rb"0\1", rb"-\1", rb"\1.5", rb"+\1", rb'"\1"', rb"\g<1>000000000000000000000",
                       rb"9007199254740992", rb"9007199254740993", rb"-0", rb"1E400", rb"NaN"))
    return textual(rng, lines, rb":([0-9]+)", b":" + form)


@mutation
def other_spelling(rng, _, lines):
    return textual(rng, lines, *rng.choice(((rb":", b": "), (rb",", b", "), (rb"^", b" "), (rb"$", b"\r"),
                                            (rb"^", b"\xef\xbb\xbf"), (rb'"kind"', rb'"\\u006bind"'),
                                            (rb'"by":"', rb'"by":"\\ud800'), (rb'"by":"', rb'"by":"\\ud83c\\udf81'),
                                            (rb'"by":"', b'"by":"\xed\xa0\x80'), (rb'"by":"', b'"by":"\xc0\xaf'),
                                            (rb'"by":"', b'"by":"\xff'), (rb'"by":"', rb'"by":"\\u0000'),
                                            (rb'"by":"', rb'"by":"\\u001f\\b'), (rb'"by":"', rb'"by":"\\/'),
                                            (rb'"by":"', b'"by":"\x7f\xe2\x80\xa8'), (rb'"by":"', rb'"by":"\\u001F'),
                                            (rb"true|null", b"True"), (rb"}$", b",}"), (rb"}$", b"}}"))))


@mutation
def key_twice(rng, _, lines):
    return textual(rng, lines, rb'^\{("[a-z]+":[^,{\[]+,)', rb"{\1\1")


@mutation
def other_order(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    items = list(json.loads(lines[i]).items())
    rng.shuffle(items)
    spoilt = json.dumps(dict(items), ensure_ascii=False, separators=(",", ":")).encode()
    return lines[:i] + [spoilt] + lines[i + 1:]


@mutation
def moved(rng, _, lines):
    i = pick(rng, lines)
    if i is None:
        return None
    leaf = lines.pop(i)
    lines.insert(rng.randrange(1, len(lines) + 1), leaf)
    return renumbered(lines)


@mutation
def ends_early(rng, _, lines):
    return lines[:rng.randrange(len(lines)) + 1]


@mutation
def odd_line(rng, _, lines):
    i = rng.randrange(len(lines) + 1)
    return lines[:i] + [rng.choice((b"", b"{}", b"[]", b"null", b"1", b'"x"', b"\0", b"[" * 5000, b'{"kind":1}'))] + lines[i:]


def change_manifest(rng, m):
    """Public bytes may say anything; most of this breaks a rule or moves every outcome."""
    prize = rng.choice(m["prizes"])
    values = (None, 0, -1, 1, 2, "x", "", MAX, MAX + 1, True, [], {})
    target = rng.choice((m, m, prize, m["limits"], m["software"]))
    name = rng.choice(sorted(target) + ["extra"])
    if name == "extra" or rng.random() < 0.6:
        target[name] = rng.choice(values)
    else:
        del target[name]


def spoil_manifest(rng, campaign):
    m = json.loads(campaign.bytes)
    change_manifest(rng, m)
    data = canonical(m)
    leaves = [data] + campaign.leaves[1:]
    return ("manifest", data, leaves) if rng.random() < 0.8 else ("leaf0", campaign.bytes, leaves)


def cut(rng, data):
    return data[:rng.randrange(len(data))]


def spoil(rng, campaign):
    """(name, manifest, ledger) with one thing spoilt."""
    if rng.random() < 0.08:
        name, manifest, leaves = spoil_manifest(rng, campaign)
        return name, manifest, b"".join(leaf + b"\n" for leaf in leaves)
    lines = None
    while lines is None or lines == campaign.leaves:
        how = rng.choice(ALL)
        lines = how(rng, campaign, list(campaign.leaves)) or None
    data = b"".join(line + b"\n" for line in lines)
    if rng.random() < 0.02:
        return "cut", campaign.bytes, cut(rng, data)
    return how.__name__.replace("_", "-"), campaign.bytes, data
