"""How well quotations and sums are found: precision and recall on sentences written for it.

In goes `facts.jsonl` beside this file (paragraphs, the quotations and the sums a careful reader finds in
them), out come figures per kind. Nothing in it is taken from a real release.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from worker.understanding.amounts import find_amounts
from worker.understanding.quotes import find_quotes

GOLD = Path(__file__).with_name("facts.jsonl")


def main() -> int:
    """Print precision and recall of quotations, of their speakers and offices, and of sums."""
    parser = argparse.ArgumentParser(description="Score quotations and sums on a gold set.")
    parser.add_argument("--verbose", action="store_true", help="print every case that differs")
    options = parser.parse_args()
    cases = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines() if line]
    counts = {kind: [0, 0, 0] for kind in ("quotes", "speakers", "roles", "amounts")}
    for case in cases:
        quotes = find_quotes(case["texts"])
        amounts = find_amounts(case["texts"])
        wanted = case["quotes"]
        pairs = {
            "quotes": ([q.text for q in quotes], [q["text"] for q in wanted]),
            "speakers": ([(q.text, q.speaker) for q in quotes], [(q["text"], q["speaker"]) for q in wanted]),
            "roles": ([(q.text, q.role) for q in quotes], [(q["text"], q["role"]) for q in wanted]),
            "amounts": (
                [(a.value, a.text) for a in amounts],
                [(a["value"], a["text"]) for a in case["amounts"]],
            ),
        }
        for kind, (found, expected) in pairs.items():
            _count(counts[kind], found, expected)
            if options.verbose and sorted(map(str, found)) != sorted(map(str, expected)):
                print(f"{kind}: {case['texts'][-1]}\n   found    {found}\n   expected {expected}")
    print(f"{len(cases)} cases")
    for kind, (right, found, expected) in counts.items():
        precision, recall = right / max(found, 1), right / max(expected, 1)
        print(f"{kind:<9} precision {precision:.3f}  recall {recall:.3f}  ({expected} expected)")
    return 0


def _count(count: list[int], found: Iterable[object], expected: Iterable[object]) -> None:
    mine, theirs = list(found), list(expected)
    count[0] += sum(1 for thing in mine if thing in theirs)
    count[1] += len(mine)
    count[2] += len(theirs)


if __name__ == "__main__":
    sys.exit(main())
