"""ID tokens as LINE makes them, and wrong ones as nobody should.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return b64(json.dumps(value, separators=(",", ":")).encode())


class Keys:
    """The set that /oauth2/v2.1/certs shows; the last one signs."""

    def __init__(self):
        self._keys = []
        self.rotate()

    def rotate(self, keep=1):
        kid = hashlib.sha256(str(len(self._keys) + time.time_ns()).encode())
        self._keys.append((kid.hexdigest(), ec.generate_private_key(
            ec.SECP256R1())))
        self._keys = self._keys[-1 - keep:]

    def current(self):
        return self._keys[-1]

    def public(self):
        out = []
        for kid, key in self._keys:
            numbers = key.public_key().public_numbers()
            out.append({"kty": "EC", "crv": "P-256", "alg": "ES256",
                        "use": "sig", "kid": kid,
                        "x": b64(numbers.x.to_bytes(32, "big")),
                        "y": b64(numbers.y.to_bytes(32, "big"))})
        return {"keys": out}


def claims(channel, user, nonce=None, **more):
    now = int(time.time())
    body = {"iss": "https://access.line.me", "sub": user, "aud": channel,
            "exp": now + 3600, "iat": now, "amr": ["linesso"]}
    if nonce is not None:
        body["nonce"] = nonce
    body.update(more)
    return {k: v for k, v in body.items() if v is not None}


def hs256(body, secret, alg="HS256"):
    text = part({"typ": "JWT", "alg": alg}) + "." + part(body)
    if alg == "none":
        return text + "."
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return text + "." + b64(mac)


def es256(body, keys, kid=None):
    own, key = keys.current()
    text = part({"typ": "JWT", "alg": "ES256", "kid": kid or own}) + "." + \
        part(body)
    r, s = utils.decode_dss_signature(
        key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return text + "." + b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
