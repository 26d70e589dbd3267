#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A closed campaign of many draws, for the figures.

    large.py DRAWS ORIGIN DIRECTORY        e.g. 100000 127.0.0.1:8080/k/large var/large
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vectors"))

from generate import ledger, write  # noqa: E402
from kuji1 import Campaign, checkpoint, vkey  # noqa: E402
from kuji1_cases import CLOSES, OPENS, manifest, prize, seed  # noqa: E402


def main():
    draws, origin, directory = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    rng = random.Random(draws)
    m = manifest(0, "odds", [prize("A", 10, weight=1), prize("B", draws, weight=2000), prize("C", draws, weight=3000)],
                 odds_total=10_000, sold_out="blank")
    m.update(origin=origin, slug=origin.rpartition("/")[2])
    m["limits"].update(draws_per_participant=1, draws_per_day=draws)
    campaign = Campaign(m, seed(0))
    for d in range(draws):
        campaign.draw(OPENS + d * (CLOSES - OPENS - 1) // draws, rng.randbytes(32))
    campaign.close(CLOSES)
    campaign.checkpoint, campaign.vkey = checkpoint(origin, campaign.leaves), vkey(origin)
    write(directory, campaign, campaign.bytes, ledger(campaign.leaves))


if __name__ == "__main__":
    main()
