"""Reading: canonical JSON (RFC 8785 over strings, integers, booleans, null, arrays, objects), types, the manifest's rules."""
import json
import re

MAX = 2 ** 53 - 1
REASONS = {"added", "declined", "disqualified", "duplicate", "unreachable", "expired", "error", "early"}


class Refused(Exception):
    """What the specification does not allow. leaf: the index of the first wrong leaf, or None where no leaf is at fault."""

    def __init__(self, why, leaf=None):
        super().__init__(why)
        self.why, self.leaf = why, leaf

    def __str__(self):
        return "REFUSED" + (f" at leaf {self.leaf}" if self.leaf is not None else "") + f": {self.why}"


def need(condition, why, leaf=None):
    if not condition:
        raise Refused(why, leaf)


def _no_fraction(text):
    raise Refused(f"{text[:40]} is not an integer written plainly")


def _order(value):
    """VALUE with its keys sorted by UTF-16 code units, as RFC 8785 wants."""
    if type(value) is dict:
        return {k: _order(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
    if type(value) is list:
        return [_order(item) for item in value]
    need(type(value) is not int or abs(value) <= MAX, "an integer is beyond 2^53 - 1")
    return value


def canonical(data):
    """The value of canonical JSON bytes. Whatever has another spelling (spaces, order, a key twice, 1.0, -0) is refused
    by writing the value again and comparing."""
    try:
        value = _order(json.loads(data.decode("utf-8"), parse_float=_no_fraction, parse_constant=_no_fraction))
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as problem:
        raise Refused(f"not JSON of the allowed kind: {problem}") from None
    need(again == data, "not canonical JSON")
    return value


def fields(value, required, optional=()):
    """An object with exactly the fields named."""
    need(type(value) is dict, "an object is expected")
    for name in required:
        need(name in value, f"the field {name} is missing")
    for name in value:
        need(name in required or name in optional, f"the field {name[:40]} does not belong here")
    return value


def integer(value, name, least=0):
    need(type(value) is int and value >= least, f"{name} is not an integer of at least {least}")
    return value


def string(value, name, pattern=None):
    need(type(value) is str, f"{name} is not a string")
    need(pattern is None or re.fullmatch(pattern, value, re.ASCII), f"{name} has a wrong form")
    return value


def hex_bytes(value, size, name):
    string(value, name, "[0-9a-f]{%d}" % (2 * size))
    return bytes.fromhex(value)


COMMON = ("version", "campaign", "tenant", "slug", "origin", "title", "method", "opens_at", "closes_at", "timezone",
          "prizes", "limits", "commitment", "software")
OWN = {"odds": ("odds_total", "sold_out"), "box": ("blanks",), "moment": (), "raffle": ("alternates", "beacon")}
LIMITS = ("draws", "draws_per_day", "draws_per_participant", "draws_per_participant_day", "wins_per_participant")


def manifest_rules(m):
    """Holds the value of leaf 0 to section 1."""
    need(type(m) is dict and m.get("version") == "kuji-manifest/1", "this is no manifest of version 1")
    need(type(m.get("method")) is str and m["method"] in OWN, "the method is unknown")
    method = m["method"]
    fields(m, COMMON + OWN[method])
    string(m["campaign"], "campaign", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    for name in ("tenant", "title"):
        string(m[name], name)
    string(m["timezone"], "timezone", "[^\0]*")
    # The origin names a signed note's key as well: no space, plus or control character may be in it.
    string(m["slug"], "slug", "[!-*,-.0-~]+")
    host = string(m["origin"], "origin").removesuffix("/k/" + m["slug"])
    need(re.fullmatch(r"[a-z0-9.:\[\]-]+", host) and not host.endswith(":443") and host != m["origin"],
         "the origin has a wrong form")
    integer(m["opens_at"], "opens_at")
    need(integer(m["closes_at"], "closes_at") > m["opens_at"], "it closes before it opens")
    hex_bytes(m["commitment"], 32, "commitment")
    fields(m["software"], ("name", "version"))
    for name in ("name", "version"):
        string(m["software"][name], name)
    fields(m["limits"], LIMITS)
    for name in LIMITS:
        need(m["limits"][name] is None or integer(m["limits"][name], name, 1), name)
    prizes(m, method)
    {"odds": odds, "box": box, "moment": lambda m: None, "raffle": raffle}[method](m)


def prizes(m, method):
    need(type(m["prizes"]) is list and m["prizes"], "there is no prize")
    own = {"odds": ("weight",), "moment": ("from", "until")}.get(method, ())
    codes = set()
    for prize in m["prizes"]:
        fields(prize, ("code", "name", "units") + own, ("releases",) if method == "odds" else ())
        code = string(prize["code"], "code", "[A-Za-z0-9-]{1,32}")
        need(code != "blank" and code not in codes, "a prize's code is not its own")
        codes.add(code)
        string(prize["name"], "name")
        integer(prize["units"], "units", 1)
        if method == "odds":
            integer(prize["weight"], "weight")
        if "releases" in prize:
            releases(prize)
        if method == "moment":
            need(m["opens_at"] <= integer(prize["from"], "from") < integer(prize["until"], "until") <= m["closes_at"],
                 "a prize's time lies outside the campaign's")
            need(prize["units"] <= 2 ** 32, "a prize has more units than can be numbered")


def releases(prize):
    need(type(prize["releases"]) is list and prize["releases"], "releases is an empty list or none")
    for release in prize["releases"]:
        fields(release, ("at", "units"))
        integer(release["at"], "at")
        integer(release["units"], "units", 1)
    need(sum(r["units"] for r in prize["releases"]) <= prize["units"], "more units are released than there are")


def odds(m):
    need(sum(p["weight"] for p in m["prizes"]) <= integer(m["odds_total"], "odds_total", 1), "the weights exceed odds_total")
    string(m["sold_out"], "sold_out")
    need(m["sold_out"] == "blank" or m["sold_out"] in [p["code"] for p in m["prizes"]], "sold_out names no prize")


def box(m):
    need(sum(p["units"] for p in m["prizes"]) + integer(m["blanks"], "blanks") <= MAX, "the box holds too many")


def raffle(m):
    integer(m["alternates"], "alternates")
    if m["beacon"] is not None:
        beacon = fields(m["beacon"], ("chain_hash", "round", "time"))
        string(beacon["chain_hash"], "chain_hash", "[^\0]*")
        integer(beacon["round"], "round", 1)
        integer(beacon["time"], "time", m["closes_at"])
