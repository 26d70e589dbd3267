#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kuji/1 in plain Python, written from the rules alone, and the known answers
that the C implementation is held to.

    python3 t/vectors/kuji1.py > t/vectors/kuji1.json

Nothing here shares code with the product, on purpose.
"""
import base64
import hashlib
import hmac
import json
import sys

import ed25519

NUL = b"\0"
MAX = 2**53 - 1


def be32(v):
    return v.to_bytes(4, "big")


def be64(v):
    return v.to_bytes(8, "big")


def sha(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.digest(key, data, "sha256")


def canonical(value):
    def ordered(v):
        if isinstance(v, dict):
            keys = sorted(v, key=lambda k: k.encode("utf-16-be"))
            return {k: ordered(v[k]) for k in keys}
        if isinstance(v, list):
            return [ordered(e) for e in v]
        return v
    return json.dumps(ordered(value), ensure_ascii=False,
                      separators=(",", ":")).encode()


class Words:
    def __init__(self, key, prefix):
        self.key, self.prefix, self.taken = key, prefix, 0

    def word(self):
        block = mac(self.key, self.prefix + be32(self.taken // 4))
        at = self.taken % 4 * 8
        self.taken += 1
        return int.from_bytes(block[at:at + 8], "big")

    def uniform(self, r):
        while True:
            w = self.word()
            if w < 2**64 - 2**64 % r:
                return w % r


def draw_words(k, n):
    return Words(k, b"kuji/1 draw" + NUL + be64(n))


def root_of(hashes):
    """RFC 6962 MTH, straight from its definition."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha(b"")
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha(b"\x01" + root_of(hashes[:k]) + root_of(hashes[k:]))


SIGNER = sha(b"checkpoint key")
PUBLIC = ed25519.public_key(SIGNER)


def key_id(name):
    return sha(name.encode() + b"\n\x01" + PUBLIC)[:4]


def vkey(name):
    key = base64.b64encode(b"\x01" + PUBLIC).decode()
    return "%s+%s+%s" % (name, key_id(name).hex(), key)


def checkpoint(origin, leaves):
    root = root_of([sha(b"\0" + leaf) for leaf in leaves])
    text = "%s\n%d\n%s\n" % (origin, len(leaves),
                             base64.b64encode(root).decode())
    signature = key_id(origin) + ed25519.sign(SIGNER, text.encode())
    return "%s\n\u2014 %s %s\n" % (text, origin,
                                   base64.b64encode(signature).decode())


class Campaign:
    """Keeps a ledger by the rules."""

    def __init__(self, manifest, seed):
        self.m, self.seed = manifest, seed
        uuid = bytes.fromhex(manifest["campaign"].replace("-", ""))
        self.commitment = sha(b"kuji/1 seed" + NUL + uuid + seed)
        manifest["commitment"] = self.commitment.hex()
        self.bytes = canonical(manifest)
        self.hash = sha(self.bytes)
        self.k = mac(seed, b"kuji/1 key" + NUL + self.hash)
        self.leaves = [self.bytes]
        self.left = [p["units"] for p in manifest["prizes"]]
        self.awarded = [0] * len(self.left)
        self.added = [0] * len(self.left)
        self.blanks = manifest.get("blanks", 0)
        self.n = 0
        self.holds = {}
        self.void = set()
        self.words = []
        if manifest["method"] == "moment":
            self.moments = sorted(self.all_moments())

    def all_moments(self):
        for i, p in enumerate(self.m["prizes"]):
            for j in range(p["units"]):
                w = Words(self.k, b"kuji/1 moment" + NUL + be32(i) + be32(j))
                yield (p["from"] + w.uniform(p["until"] - p["from"]), i, j)

    def append(self, t, kind, **fields):
        leaf = {"i": len(self.leaves), "t": t, "kind": kind, **fields}
        self.leaves.append(canonical(leaf))

    def available(self, i, t):
        p = self.m["prizes"][i]
        units = p["units"]
        if "releases" in p:
            units = sum(r["units"] for r in p["releases"] if r["at"] <= t)
        return self.left[i] > 0 and self.awarded[i] < units + self.added[i]

    def odds(self, w, t):
        v, total = w.uniform(self.m["odds_total"]), 0
        for i, p in enumerate(self.m["prizes"]):
            total += p["weight"]
            if total > v:
                if self.available(i, t):
                    return i
                for j, q in enumerate(self.m["prizes"]):
                    if q["code"] == self.m["sold_out"] and self.available(j, t):
                        return j
                return None
        return None

    def box(self, w):
        v, total = w.uniform(sum(self.left) + self.blanks), 0
        for i, left in enumerate(self.left):
            total += left
            if total > v:
                return i
        self.blanks -= 1
        return None

    def moment(self, t):
        if self.moments and self.moments[0][0] <= t:
            return self.moments.pop(0)[1]
        return None

    def decide(self, t):
        self.n += 1
        w = draw_words(self.k, self.n)
        method = self.m["method"]
        i = (self.moment(t) if method == "moment" else
             self.box(w) if method == "box" else self.odds(w, t))
        self.words.append(w.taken)
        if i is not None:
            self.left[i] -= 1
            self.awarded[i] += 1
        return i

    def draw(self, t, who):
        if self.m["method"] == "box" and sum(self.left) + self.blanks == 0:
            return False
        i = self.decide(t)
        code = None if i is None else self.m["prizes"][i]["code"]
        self.holds[self.n] = i
        self.append(t, "draw", n=self.n, who=who.hex(), prize=code)
        return True

    def entry(self, t, who):
        self.n += 1
        self.append(t, "entry", n=self.n, who=who.hex())

    def stock(self, t, i, units):
        self.left[i] += units
        self.added[i] += units
        self.append(t, "stock", prize=self.m["prizes"][i]["code"], units=units,
                    by="admin-1", reason="added")

    def cancel(self, t, n, returned):
        i = self.holds.get(n)
        self.void.add(n)
        if returned:
            self.left[i] += 1
            self.awarded[i] -= 1
            self.holds[n] = None
        self.append(t, "void", n=n, returned=returned, by="admin-1",
                    reason="duplicate")

    def raffle(self, t, beacon=None):
        root = root_of([sha(b"\0" + leaf) for leaf in self.leaves])
        randomness = bytes.fromhex(beacon["randomness"]) if beacon else b""
        kr = mac(self.seed, b"kuji/1 raffle" + NUL + self.hash + root +
                 randomness)
        ns = [n for n in range(1, self.n + 1) if n not in self.void]
        wanted = [i for i, left in enumerate(self.left) for _ in range(left)]
        wanted += [None] * self.m["alternates"]
        winners, self.alternates = [], []
        for k, i in enumerate(wanted[:len(ns)]):
            w = Words(kr, b"kuji/1 pick" + NUL + be64(k))
            j = k + w.uniform(len(ns) - k)
            ns[k], ns[j] = ns[j], ns[k]
            if i is None:
                self.alternates.append(ns[k])
                continue
            winners.append({"n": ns[k], "prize": self.m["prizes"][i]["code"]})
            self.holds[ns[k]] = i
            self.left[i] -= 1
            self.awarded[i] += 1
        self.append(t, "raffle", beacon=beacon, winners=winners,
                    alternates=self.alternates)
        self.standby = list(self.alternates)

    def substitute(self, t, i):
        n = next((a for a in self.standby if a not in self.void), None)
        if n is None:
            return
        self.standby = self.standby[self.standby.index(n) + 1:]
        self.holds[n] = i
        self.left[i] -= 1
        self.awarded[i] += 1
        self.append(t, "substitute", n=n, prize=self.m["prizes"][i]["code"],
                    by="admin-1", reason="declined")

    def close(self, t, **early):
        codes = [p["code"] for p in self.m["prizes"]]
        self.append(t, "close", awarded=dict(zip(codes, self.awarded)),
                    seed=self.seed.hex(), **early)

    def receipt(self, people):
        """Of the first draw, if any."""
        for i, leaf in enumerate(self.leaves[1:], 1):
            value = json.loads(leaf)
            if value["kind"] in ("draw", "entry"):
                salt, name = people[value["who"]]
                return {"leaf": leaf.decode(), "index": i, "salt": salt.hex(),
                        "participant": name.decode()}
        return None

    def result(self, people):
        origin = self.m["origin"]
        return {"vkey": vkey(origin), "receipt": self.receipt(people),
                "checkpoint": checkpoint(origin, self.leaves),
                "old": checkpoint(origin,
                                  self.leaves[:len(self.leaves) // 2]),
                "manifest": self.bytes.decode(), "seed": self.seed.hex(),
                "hash": self.hash.hex(), "k": self.k.hex(),
                "leaves": [leaf.decode() for leaf in self.leaves[1:]],
                "words": self.words,
                "root": root_of([sha(b"\0" + leaf)
                                 for leaf in self.leaves]).hex()}


if __name__ == "__main__":
    import kuji1_cases
    json.dump(kuji1_cases.everything(), sys.stdout, ensure_ascii=False,
              separators=(",", ":"), sort_keys=True)
    sys.stdout.write("\n")
