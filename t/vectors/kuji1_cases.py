# SPDX-License-Identifier: Apache-2.0
"""The campaigns and streams whose answers kuji1.py works out."""
import random

from kuji1 import MAX, Campaign, Words, be64, draw_words, sha

OPENS, CLOSES = 1_700_000_000_000, 1_700_600_000_000
# The largest R whose rejection is most likely: 2^64 mod R = R - 1, so about
# one word in 2049 is refused.
REJECTING = 2**64 // 2049 + 1
NO_LIMITS = {"draws": None, "draws_per_day": None,
             "draws_per_participant": None, "draws_per_participant_day": None,
             "wins_per_participant": None}


def manifest(number, method, prizes, **more):
    slug = "case-%d" % number
    return {"version": "kuji-manifest/1",
            "campaign": "00000000-0000-4000-8000-%012x" % number,
            "tenant": "テスト", "slug": slug,
            "origin": "kuji.example/k/" + slug, "title": "夏の🎁くじ\n\"%d\"" % number,
            "method": method, "opens_at": OPENS, "closes_at": CLOSES,
            "timezone": "Asia/Tokyo", "prizes": prizes,
            "limits": dict(NO_LIMITS, draws=10000 if number % 2 else None),
            "software": {"name": "mod_kuji", "version": "0.1.0"}, **more}


def seed(number):
    return sha(b"vectors %d" % number)


PEOPLE = {}


def who(rng):
    salt, name = rng.randbytes(16), b"participant %d" % rng.randrange(1000)
    digest = sha(salt + name)
    PEOPLE[digest.hex()] = salt, name
    return digest


def prize(code, units, **more):
    return {"code": code, "name": "賞 " + code, "units": units, **more}


def run(campaign, draws, rng, stock=(), returned=0, closes=True):
    """draws at rising times, with stock leaves and voids in between."""
    t, step = OPENS, (CLOSES - OPENS - 1) // draws
    for d in range(draws):
        t += rng.randrange(step + 1)
        if d in stock and campaign.m["method"] != "moment":
            campaign.stock(t, rng.randrange(len(campaign.left)),
                           rng.randrange(1, 9))
        if d % 17 == 16 and returned:
            free = [n for n in campaign.holds if n not in campaign.void]
            n = rng.choice(free)
            campaign.cancel(t, n, campaign.holds[n] is not None and
                            campaign.m["method"] != "moment" and
                            rng.random() < returned)
        campaign.draw(t, who(rng))
    if closes:
        campaign.close(CLOSES + 5)
    return campaign.result(PEOPLE)


def odds_cases():
    rng = random.Random(1)
    ladder = [prize("A", 3, weight=1), prize("B", 40, weight=30),
              prize("zero", 1, weight=0), prize("C", 500, weight=200)]
    yield run(Campaign(manifest(1, "odds", ladder, odds_total=1000,
                               sold_out="blank"), seed(1)), 500, rng,
              stock=(100, 300), returned=0.7)
    scheduled = [prize("A", 10, weight=500, releases=[
        {"at": OPENS + i * 100_000_000, "units": 2} for i in range(5)]),
        prize("B", 20, weight=300, releases=[{"at": OPENS, "units": 5}]),
        prize("rest", 30, weight=0)]
    yield run(Campaign(manifest(2, "odds", scheduled, odds_total=1000,
                               sold_out="rest"), seed(2)), 300, rng,
              stock=(50, 60, 200), returned=1)
    every = [prize("only", MAX, weight=1)]
    yield run(Campaign(manifest(3, "odds", every, odds_total=1,
                               sold_out="only"), seed(3)), 20, rng)
    yield early(rng)
    yield refusing(rng)


def early(rng):
    """Closed early, by the organiser."""
    c = Campaign(manifest(4, "odds", [prize("A", 5, weight=3)], odds_total=10,
                          sold_out="blank"), seed(4))
    run(c, 40, rng, closes=False)
    c.close(OPENS + 599_999_999, by="admin-1", reason="early")
    return c.result(PEOPLE)


def refusing(rng):
    """odds_total so chosen, and a seed so found, that a draw among the first
    300 takes a second word."""
    prizes = [prize("A", 900, weight=REJECTING // 2),
              prize("B", 90, weight=REJECTING // 3)]
    for number in range(1000, 2000):
        c = Campaign(manifest(5, "odds", prizes, odds_total=REJECTING,
                              sold_out="A"), seed(number))
        result = run(c, 300, rng)
        if max(c.words) > 1:
            return result
    raise AssertionError("no seed refuses a word")


def box_cases():
    rng = random.Random(2)
    small = [prize("A", 1), prize("B", 3), prize("C", 20)]
    yield run(Campaign(manifest(11, "box", small, blanks=26), seed(11)), 60,
              rng)
    yield run(Campaign(manifest(12, "box", small, blanks=500), seed(12)), 400,
              rng, stock=(10, 20, 300), returned=0.5)
    yield run(Campaign(manifest(13, "box", [prize("A", 7)], blanks=0),
                       seed(13)), 12, rng, stock=(5, 10), returned=1)
    huge = [prize("A", 2**52), prize("B", 2**51)]
    yield run(Campaign(manifest(14, "box", huge, blanks=2**50 - 1), seed(14)),
              300, rng)
    yield run(Campaign(manifest(15, "box", [prize("A", 2**52)],
                                blanks=MAX - 2**52), seed(15)), 100, rng)


def moment_cases():
    rng = random.Random(3)
    a = prize("A", 5, **{"from": OPENS, "until": CLOSES})
    b = prize("B", 100, **{"from": OPENS + 1000, "until": OPENS + 300_000_000})
    yield run(Campaign(manifest(21, "moment", [a, b], ), seed(21)), 400, rng,
              returned=0.5)
    # Windows of one and two milliseconds: ties by prize, then by unit.
    ties = [prize("A", 20, **{"from": OPENS + 7, "until": OPENS + 9}),
            prize("B", 20, **{"from": OPENS + 8, "until": OPENS + 9}),
            prize("C", 3, **{"from": CLOSES - 1, "until": CLOSES})]
    yield run(Campaign(manifest(22, "moment", ties), seed(22)), 60, rng)


def raffle(number, entries, prizes, alternates, rng, beacon=None, voids=()):
    c = Campaign(manifest(number, "raffle", prizes, alternates=alternates,
                          beacon=beacon and {"chain_hash": "ab" * 32,
                                             "round": beacon,
                                             "time": CLOSES + 60_000}),
                 seed(number))
    for e in range(entries):
        c.entry(OPENS + e * 1000, who(rng))
    if number % 2:
        c.stock(CLOSES - 1, 0, 2)
    for n in voids:
        c.cancel(CLOSES, n, False)
    c.raffle(CLOSES + 100_000, beacon and {
        "round": beacon, "randomness": sha(b"randomness").hex(),
        "signature": "cafe" * 24})
    return c


def raffle_cases():
    rng = random.Random(4)
    prizes = [prize("A", 1), prize("B", 10), prize("C", 30)]
    c = raffle(31, 300, prizes, 10, rng, voids=(1, 17, 300))
    winners = [n for n, i in c.holds.items()]
    c.cancel(CLOSES + 200_000, c.alternates[1], False)
    for n in winners[:6]:
        i = c.holds[n]
        c.cancel(CLOSES + 200_000, n, True)
        c.substitute(CLOSES + 200_000, i)
    c.cancel(CLOSES + 300_000, winners[7], False)
    c.close(CLOSES + 400_000)
    yield c.result(PEOPLE)
    c = raffle(32, 20, prizes, 5, rng, beacon=123456)
    c.close(CLOSES + 400_000)
    yield c.result(PEOPLE)
    c = raffle(33, 45, prizes, 9, rng, beacon=1, voids=range(1, 4))
    n = next(iter(c.holds))
    i = c.holds[n]
    c.cancel(CLOSES + 200_000, n, True)
    c.substitute(CLOSES + 200_000, i)
    c.close(CLOSES + 400_000)
    yield c.result(PEOPLE)
    c = raffle(34, 0, prizes, 1, rng)
    c.close(CLOSES + 400_000)
    yield c.result(PEOPLE)


RANGES = [1, 2, 3, 5, 6, 7, 10, 255, 256, 257, 1000, 2**31, 2**32 - 1, 2**32,
          2**32 + 1, 10**15, 2**52 + 1, 2**53 - 1, 2**53, REJECTING]


def uniform_cases():
    """[n, R, value, words taken] under one key; the last ones by scanning for
    draws that refuse a word, and one that refuses two."""
    key = sha(b"uniform")
    cases = []

    def case(n, r):
        w = draw_words(key, n)
        value = w.uniform(r)
        return [n, r, value, w.taken]
    for n in range(1, 3001):
        cases.append(case(n, RANGES[n % len(RANGES)]))
    cases += [case(n, r) for n in (2**32, 2**53 - 1) for r in RANGES]
    # Found by trying ten million: the first two words are refused.
    cases.append(case(9_809_285, REJECTING))
    refused = [c for c in (case(n, REJECTING) for n in range(1, 60_000))
               if c[3] > 1]
    return {"key": key.hex(), "cases": cases + refused}


def long_stream():
    """Twenty numbers from one stream: four words a block, in order."""
    key = sha(b"stream")
    w = Words(key, b"kuji/1 draw\0" + be64(9))
    ranges = [RANGES[i] for i in range(20)]
    return {"key": key.hex(), "n": 9, "ranges": ranges,
            "values": [w.uniform(r) for r in ranges]}


def everything():
    campaigns = [c for cases in (odds_cases, box_cases, moment_cases,
                                 raffle_cases) for c in cases()]
    return {"uniform": uniform_cases(), "stream": long_stream(),
            "campaigns": campaigns}
