#!/usr/bin/env python3
"""Checks a prize draw's public files by the rules of kuji/1, with nothing but Python's standard library.

    kuji_verify.py --manifest manifest.json --ledger ledger.jsonl [--checkpoint checkpoint --key key]
                   [--receipt receipt.json [--participant ID] [--proof proof.json]]

It was written from the specification alone and shares no code with the server, so that the same answer means something.
Exit status: 0 everything holds, 1 refused (the first wrong leaf is named), 2 wrong use.
"""
import argparse
import hashlib
import json
import mmap
import sys

from kuji_ledger import Ledger, inclusion_root, read_manifest
from kuji_note import open_checkpoint
from kuji_rules import Refused, canonical, hex_bytes, need


def last_line(data):
    """The bytes of the last line, with its end if it has one."""
    return data[data.rfind(b"\n", 0, len(data) - 1) + 1:]


def check_ledger(lines, last, manifest=None, sizes=()):
    """Walks the ledger; LAST is its last line, from which the seed is taken so that each outcome is replayed where it
    stands. Returns the ledger with the root at each of SIZES. Refused names the first leaf that is not allowed."""
    ledger = Ledger(last, set(sizes), manifest)
    for line in lines:
        ledger.add(line)
    if ledger.size == 0:
        raise Refused("the ledger is empty", 0)
    return ledger


def check_receipt(receipt, campaign, key, participant=None, proof=None, ledger_lines=None):
    """Whether a receipt's leaf stands in the tree its checkpoint signs, and (with PARTICIPANT) is that person's."""
    need(type(receipt) is dict and {"leaf", "index", "salt"} <= set(receipt), "the receipt lacks leaf, index or salt")
    leaf, index = receipt["leaf"].encode(), receipt["index"]
    body = canonical(leaf)
    need(type(body) is dict and type(index) is int and body.get("i") == index, "the receipt's leaf is not at its index")
    need(body.get("kind") in ("draw", "entry"), "the receipt's leaf is no draw")
    if participant is not None:
        salt = hex_bytes(receipt["salt"], 16, "salt")
        who = hashlib.sha256(salt + participant.encode()).hexdigest()
        need(who == body.get("who"), "the receipt is another participant's")
    if ledger_lines is not None:
        need(index < len(ledger_lines) and ledger_lines[index] == leaf, "the ledger has another leaf there", index)
    if proof is not None:
        size, root = open_checkpoint(receipt["checkpoint"], campaign["origin"], key)
        need(type(proof) is dict and proof.get("leaf") == index and proof.get("size") == size and index < size,
             "the proof is for another leaf or another checkpoint")
        hashes = [hex_bytes(h, 32, "hash") for h in proof["hashes"]]
        need(inclusion_root(leaf, index, size, hashes) == root, "the leaf is not in the signed tree", index)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_receipt(args):
    """{leaf, index, salt, checkpoint?, participant?}, flat or with "receipt" around the first three."""
    receipt = json.loads(read(args.receipt))
    need(type(receipt) is dict, "the receipt is no object")
    inner = receipt.get("receipt")
    receipt = {**receipt, **(inner if type(inner) is dict else {})}
    if args.participant is None and type(receipt.get("salt")) is str:
        args.participant = receipt.get("participant")
    return receipt


def run(args):
    manifest = read(args.manifest)
    campaign = read_manifest(manifest)
    print(f"manifest: {campaign['title']} ({campaign['origin']}), "
          f"SHA-256 {hashlib.sha256(manifest).hexdigest()}")
    key = read(args.key).decode() if args.key else None
    notes = []
    receipt = read_receipt(args) if args.receipt else None
    if args.checkpoint:
        notes.append(read(args.checkpoint).decode())
    if receipt is not None and "checkpoint" in receipt and key:
        notes.append(receipt["checkpoint"])
    signed = [open_checkpoint(note, campaign["origin"], key) for note in notes]
    lines = None
    if args.ledger:
        lines = walk(args, manifest, signed, receipt is not None)
    if receipt is not None:
        proof = json.loads(read(args.proof)) if args.proof else None
        need(proof is None or key, "a proof needs --key, too")
        need(proof or lines is not None, "a receipt is checked against --ledger or against --proof with --key")
        check_receipt(receipt, campaign, key, args.participant, proof, lines)
        print("receipt: its leaf stands there" + (" and is the participant's" if args.participant is not None else
                                                   " (whose it is was not asked: --participant)"))


def walk(args, manifest, signed, keep):
    with open(args.ledger, "rb") as file:
        if file.seek(0, 2) == 0:
            raise Refused("the ledger is empty", 0)
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    ledger = check_ledger(iter(data.readline, b""), last_line(data), manifest, [size for size, _ in signed])
    for size, root in signed:
        need(size <= ledger.size, f"the ledger ends before the checkpoint's {size} leaves", ledger.size)
        need(ledger.roots[size] == root, f"the tree of {size} leaves is not the one that was signed")
        print(f"checkpoint: {size} leaves, root and signature are right")
    print(f"ledger: {ledger.size} leaves, {ledger.n} draws or entries: every rule holds")
    print("outcomes: " + ("replayed from the revealed seed, all the same" if ledger.replayed else
                          "not checked: the campaign is open, its seed is not revealed yet"))
    for note in ledger.unchecked:
        print("not checked: " + note)
    for code in ledger.awarded:
        print(f"prize {code}: declared {ledger.units[code]}, added {ledger.added[code]}, "
              f"awarded {ledger.awarded[code]}, left {ledger.left(code)}")
    return data[:].split(b"\n")[:-1] if keep else None


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--manifest", required=True)
    for name in ("ledger", "checkpoint", "key", "receipt", "participant", "proof"):
        parser.add_argument("--" + name)
    args = parser.parse_args(argv)
    if args.checkpoint and not (args.key and args.ledger):
        parser.error("--checkpoint needs --key and --ledger")
    try:
        run(args)
    except Refused as refused:
        print(refused)
        return 1
    except (OSError, UnicodeDecodeError, ValueError, KeyError) as problem:
        print(f"unreadable: {problem}", file=sys.stderr)
        return 2
    print("OK")
    return 0


if __name__ == "__main__":
    sys.exit(main())
