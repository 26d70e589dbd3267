"""Checkpoints: C2SP tlog-checkpoint, a signed note, and Ed25519's verification after RFC 8032."""
import base64
import binascii
import hashlib
import re

from kuji_rules import Refused, need

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Extended homogeneous coordinates (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, w = f - e, h - g, h + g, f + e
    return (x * y % P, z * w % P, y * z % P, x * w % P)


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _point(data):
    """The point of 32 bytes (5.1.3), or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    """RFC 8032, 5.1.7."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(h, a)))


def base64_bytes(text, name):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    need(data is not None and base64.b64encode(data).decode() == text, f"{name} is not base64")
    return data


def open_vkey(text):
    """(name, key id, public key) of a vkey: NAME+HEX ID+base64(01 || key)."""
    match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", text)
    need(match, "the key is no vkey")
    name, key_id, key = match[1], bytes.fromhex(match[2]), base64_bytes(match[3], "the key")
    need(len(key) == 33 and key[0] == 1, "the key is no Ed25519 key")
    need(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4] == key_id, "the key's id is not its own")
    return name, key_id, key[1:]


def open_checkpoint(note, origin, vkey):
    """(size, root) of a checkpoint of ORIGIN that VKEY's key has signed."""
    need(vkey is not None, "a checkpoint cannot be checked without the key")
    name, key_id, public = open_vkey(vkey)
    need(name == origin, "the key is another campaign's")
    body, gap, rest = note.rpartition("\n\n")
    need(gap and rest.endswith("\n"), "the checkpoint is no signed note")
    text = body + "\n"
    lines = body.split("\n")
    need(len(lines) == 3 and lines[0] == origin, "the checkpoint is of another campaign or has a wrong form")
    need(re.fullmatch("0|[1-9][0-9]{0,15}", lines[1], re.ASCII), "the checkpoint's size has a wrong form")
    root = base64_bytes(lines[2], "the checkpoint's root")
    need(len(root) == 32, "the checkpoint's root is no hash")
    for line in rest[:-1].split("\n"):
        dash, _, blob = line.partition(" ")
        signer, _, blob = blob.partition(" ")
        need(dash == "\u2014" and blob, "a signature's line has a wrong form")
        data = base64_bytes(blob, "a signature")
        # Other signers (witnesses, later keys) may stand here too; a note is as good as its signature by the known key.
        if signer == name and data[:4] == key_id:
            need(ed25519_verify(public, text.encode(), data[4:]), "the checkpoint's signature is wrong")
            return int(lines[1]), root
    raise Refused("the checkpoint bears no signature by this key")
