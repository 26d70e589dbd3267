#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes campaigns for verifiers to agree on: valid ones, and spoilt ones.

    generate.py [--seed N] [--vectors N] [--tampered N] DIRECTORY

DIRECTORY/valid/NAME and DIRECTORY/tampered/NAME each become a directory with manifest.json, ledger.jsonl, checkpoint
(of the whole ledger; where it was spoilt: of the one before) and key. The campaigns are made by t/vectors/kuji1.py,
which shares code with none of the verifiers. The same seed gives the same bytes.
"""
import argparse
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))

import campaigns  # noqa: E402
import mutations  # noqa: E402


def write(directory, campaign, manifest, lines):
    os.makedirs(directory)
    for name, data in (("manifest.json", manifest), ("ledger.jsonl", lines),
                       ("checkpoint", campaign.checkpoint.encode()), ("key", campaign.vkey.encode() + b"\n")):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(data)


def ledger(leaves):
    return b"".join(leaf + b"\n" for leaf in leaves)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--tampered", type=int, default=1_000)
    parser.add_argument("directory")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    vectors = number = 0
    while vectors < args.vectors:
        campaign = campaigns.make(rng, number, size=rng.choice((5, 50, 300, 2000)))
        write(f"{args.directory}/valid/{number:04}-{campaign.m['method']}", campaign, campaign.bytes,
              ledger(campaign.leaves))
        vectors += campaign.decisions
        number += 1
    print(f"{vectors} decisions in {number} campaigns")
    for spoilt in range(args.tampered):
        campaign = campaigns.make(rng, number + spoilt, size=rng.choice((8, 25, 60)))
        name, manifest, lines = mutations.spoil(rng, campaign)
        write(f"{args.directory}/tampered/{spoilt:04}-{campaign.m['method']}-{name}", campaign, manifest, lines)


if __name__ == "__main__":
    main()
