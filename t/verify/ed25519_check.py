#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""RFC 8032, 7.1: the test vectors, and what must not verify."""
import sys

from kuji_note import ed25519_verify

VECTORS = (  # public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
     "5141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
     "0d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
     "27beceea1ec40a"),
)
ORDER = 2 ** 252 + 27742317777372353535851937790883648493

for texts in VECTORS:
    public, message, signature = map(bytes.fromhex, texts)
    assert ed25519_verify(public, message, signature), "a vector of RFC 8032"
    assert not ed25519_verify(public, message + b"x", signature), "another message"
    assert not ed25519_verify(public, message, signature[:-1]), "a short signature"
    for at in (0, 31, 32, 63):
        bent = bytearray(signature)
        bent[at] ^= 1
        assert not ed25519_verify(public, message, bytes(bent)), f"byte {at} changed"
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not ed25519_verify(public, message, signature[:32] + s.to_bytes(32, "little")), "S beyond the order"
sys.exit(0)
