"""Deciding: section 2 of kuji/1. Nothing here knows a clock, a name or a file."""
import hashlib
import hmac
import struct


def label(text):
    return text.encode("ascii") + b"\0"


def be32(number):
    return number.to_bytes(4, "big")


def be64(number):
    return number.to_bytes(8, "big")


def mac(key, message):
    return hmac.digest(key, message, "sha256")


def commitment(campaign, seed):
    return hashlib.sha256(label("kuji/1 seed") + bytes.fromhex(campaign.replace("-", "")) + seed).hexdigest()


def draw_key(seed, manifest):
    return mac(seed, label("kuji/1 key") + hashlib.sha256(manifest).digest())


def words(key, prefix):
    """The words of a decision, block by block."""
    counter = 0
    while True:
        yield from struct.unpack(">4Q", mac(key, prefix + be32(counter)))
        counter += 1


def uniform(source, size):
    """A number below SIZE (1 to 2^53), without bias: words of the last, incomplete stretch are passed over."""
    end = 2 ** 64 - 2 ** 64 % size
    return next(word for word in source if word < end) % size


def draw_words(key, n):
    return words(key, label("kuji/1 draw") + be64(n))


def walk(parts, v):
    """The key of the first part whose running sum exceeds V, or None."""
    total = 0
    for code, part in parts:
        total += part
        if total > v:
            return code
    return None


def odds(m, available, key, n):
    """available(code): whether a unit of the prize can be had at this draw's time."""
    drawn = walk(((p["code"], p["weight"]) for p in m["prizes"]), uniform(draw_words(key, n), m["odds_total"]))
    if drawn is None or available(drawn):
        return drawn
    return m["sold_out"] if m["sold_out"] != "blank" and available(m["sold_out"]) else None


def box(left, blanks, key, n):
    """left: (code, units left) in the manifest's order. At least one unit or blank must be left."""
    return walk(left, uniform(draw_words(key, n), sum(units for _, units in left) + blanks))


def moments(m, key):
    """Every unit's time: sorted (time, prize's position, unit), which is the order in which they are claimed."""
    return sorted((p["from"] + uniform(words(key, label("kuji/1 moment") + be32(i) + be32(j)), p["until"] - p["from"]), i, j)
                  for i, p in enumerate(m["prizes"]) for j in range(p["units"]))


def raffle(seed, manifest, root, randomness, entries, picks):
    """The first PICKS (at most as many as there are entries) of the shuffled ENTRIES (n, ascending, not void)."""
    key = mac(seed, label("kuji/1 raffle") + hashlib.sha256(manifest).digest() + root + randomness)
    order = list(entries)
    for k in range(picks):
        other = k + uniform(words(key, label("kuji/1 pick") + be64(k)), len(order) - k)
        order[k], order[other] = order[other], order[k]
    return order[:picks]
