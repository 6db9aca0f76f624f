"""How well quotations and sums are found: precision and recall, per kind, on sentences written for it.

In goes `facts.jsonl` beside this file (paragraphs, the quotations and the sums a careful reader finds in
them), out come figures per kind and as a whole. Nothing in it is taken from a real release.

The rules were written with these sentences in sight, so 1.0 here only says that nothing got lost. What
they are worth on sentences nobody here had seen was measured once, before any change, on 120 cases that
somebody else wrote blind (63 quotations, 65 sums; spelling of the office and of the sum taken strictly):

|                                       | texts       | speakers    | offices     | sums        |
|---------------------------------------|-------------|-------------|-------------|-------------|
| rules of the first version            | .893 / .794 | .732 / .651 | .607 / .540 | .823 / .785 |
| rewritten from sentences of our own   | .933 / .889 | .817 / .778 | .683 / .651 | .825 / .800 |

(precision / recall). The readers differ from us in two habits, which we keep: to them «pro Jahr» is no part
of a sum, and an office is given with what it is for («Präsident des Städtetags»).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from worker.understanding.amounts import find_amounts
from worker.understanding.quotes import find_quotes

GOLD = Path(__file__).with_name("facts.jsonl")
_PARTS = ("quotes", "speakers", "roles", "amounts")


class _Count:
    """How many were found, how many of them are right, how many there are."""

    def __init__(self) -> None:
        self.right = self.found = self.expected = 0

    def add(self, found: Iterable[object], expected: Iterable[object]) -> None:
        mine, theirs = list(found), list(expected)
        self.right += sum(1 for thing in mine if thing in theirs)
        self.found += len(mine)
        self.expected += len(theirs)

    def __str__(self) -> str:
        precision, recall = self.right / max(self.found, 1), self.right / max(self.expected, 1)
        if not self.expected:
            return f"{self.found} found, none expected"
        return f"precision {precision:.3f}  recall {recall:.3f}  ({self.expected} expected)"


def main() -> int:
    """Print precision and recall of quotations, of their speakers and offices, and of sums."""
    parser = argparse.ArgumentParser(description="Score quotations and sums on a gold set.")
    parser.add_argument("--verbose", action="store_true", help="print every case that differs")
    parser.add_argument("--gold", type=Path, default=GOLD, help="another file of the same form")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.gold.read_text("utf-8").splitlines() if line]
    totals = {part: _Count() for part in _PARTS}
    kinds: dict[str, _Count] = defaultdict(_Count)
    for case in cases:
        for part, (found, expected) in _compare(case).items():
            totals[part].add(found, expected)
            if part in ("roles", "amounts"):  # a role is right only with its text and speaker
                kinds[case.get("kind", "other")].add(found, expected)
            if options.verbose and sorted(map(str, found)) != sorted(map(str, expected)):
                print(f"{part}: {case['texts'][-1]}\n   found    {found}\n   expected {expected}")
    print(f"{len(cases)} cases")
    for part in _PARTS:
        print(f"{part:<12} {totals[part]}")
    print("\nby kind (text, speaker and office, or value and wording)")
    for kind, count in sorted(kinds.items()):
        print(f"{kind:<12} {count}")
    return 0


def _compare(case: dict[str, Any]) -> dict[str, tuple[list[object], list[object]]]:
    """Return for each part of a case what was found and what a reader finds."""
    quotes, amounts = find_quotes(case["texts"]), find_amounts(case["texts"])
    wanted = case["quotes"]
    return {
        "quotes": ([q.text for q in quotes], [q["text"] for q in wanted]),
        "speakers": ([(q.text, q.speaker) for q in quotes], [(q["text"], q["speaker"]) for q in wanted]),
        "roles": (
            [(q.text, q.speaker, q.role) for q in quotes],
            [(q["text"], q["speaker"], q["role"]) for q in wanted],
        ),
        "amounts": ([(a.value, a.text) for a in amounts], [(a["value"], a["text"]) for a in case["amounts"]]),
    }


if __name__ == "__main__":
    sys.exit(main())
