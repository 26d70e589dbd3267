#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Python verifier says of many campaigns, a line each: NAME, a space, and the first wrong leaf's index, or
"signed" where every rule holds and the ledger is the one that the checkpoint signs, or "other" where it is another.

    judge.py DIRECTORY...        each holds campaigns as generate.py writes them
"""
import io
import os
import sys

from kuji_ledger import read_manifest
from kuji_note import open_checkpoint
from kuji_rules import Refused
from kuji_verify import check_ledger, last_line, read


def verdict(directory):
    manifest, data = read(f"{directory}/manifest.json"), read(f"{directory}/ledger.jsonl")
    note, key = read(f"{directory}/checkpoint").decode(), read(f"{directory}/key").decode()
    try:
        origin = read_manifest(manifest)["origin"]
        ledger = check_ledger(io.BytesIO(data), last_line(data), manifest, range(1, data.count(b"\n") + 1))
    except Refused as refused:
        return str(refused.leaf)
    try:
        size, root = open_checkpoint(note, origin, key)
    except Refused:
        return "other"
    return "signed" if ledger.roots.get(size) == root else "other"


for top in sys.argv[1:]:
    for name in sorted(os.listdir(top)):
        print(name, verdict(os.path.join(top, name)))
