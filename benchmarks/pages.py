"""How well unknown pages are read: segments, flawless pages and dates on annotated real pages.

In goes a folder of saved pages with an `index.json` (`file`, `url`, `title`, `date`, `with`, `without`,
`public_sector`), as the first argument or in PRESSEWACHT_PAGES; out come figures. The pages are not
part of this repository: where the folder is missing, one line says so. F1 counts segments: those of
`with` found in lead and body (or missed), those of `without` found there; a refused page finds nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worker.errors import ParseError
from worker.extraction import extract_release
from worker.models.page import Page
from worker.models.release import Release
from worker.text import clean


@dataclass
class Score:
    """Counts over a set of pages."""

    pages: int = 0
    found: int = 0
    missed: int = 0
    wrong: int = 0
    kept_out: int = 0
    flawless: int = 0
    refused: int = 0

    def line(self, name: str) -> str:
        """Return one line of a report."""
        precision = self.found / max(self.found + self.wrong, 1)
        recall = self.found / max(self.found + self.missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        return (
            f"{name:<15} {self.pages:3} pages  P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  "
            f"flawless {self.flawless / max(self.pages, 1):4.0%}  refused {self.refused}"
        )


def main() -> int:
    """Print the figures; `--verbose` names every segment that is missing or too much."""
    parser = argparse.ArgumentParser(description="Read annotated real pages and score the result.")
    parser.add_argument("folder", nargs="?", default=os.environ.get("PRESSEWACHT_PAGES"))
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not options.folder or not (Path(options.folder) / "index.json").exists():
        print("pages: skipped, no folder with an index.json (argument or PRESSEWACHT_PAGES)")
        return 0
    folder = Path(options.folder)
    scores = {"all": Score(), "public bodies": Score()}
    dates: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for entry in json.loads((folder / "index.json").read_text("utf-8")):
        release, refusal = _extract(folder / entry["file"], entry)
        for name, score in scores.items():
            if name == "all" or entry.get("public_sector"):
                _score(score, release, entry)
        dates[_judge_date(release, entry)] += 1
        titles[_judge_title(release, entry)] += 1
        if options.verbose:
            _explain(entry, release, refusal)
    for name, score in scores.items():
        print(score.line(name))
    print("dates          ", dict(dates))
    print("titles         ", dict(titles))
    return 0


def _extract(path: Path, entry: dict[str, Any]) -> tuple[Release | None, str]:
    page = Page(entry.get("url"), path.read_bytes(), "text/html", datetime(2024, 1, 1, tzinfo=UTC))
    try:
        return extract_release(page), ""
    except ParseError as error:
        return None, f"{error.kind}: {error.reason}"


def _text(release: Release | None) -> str:
    return release.text if release else ""


def _score(score: Score, release: Release | None, entry: dict[str, Any]) -> None:
    text = _text(release)
    present = [clean(part) in text for part in entry.get("with", [])]
    leaked = [clean(part) in text for part in entry.get("without", [])]
    score.pages += 1
    score.found += sum(present)
    score.missed += len(present) - sum(present)
    score.wrong += sum(leaked)
    score.kept_out += len(leaked) - sum(leaked)
    score.flawless += all(present) and not any(leaked)
    score.refused += release is None


def _judge_date(release: Release | None, entry: dict[str, Any]) -> str:
    if release is None:
        return "refused"
    if release.published is None:
        return "not known"
    if not entry.get("date"):
        return "not annotated"
    return "right" if release.published.isoformat() == entry.get("date", "") else "wrong"


def _judge_title(release: Release | None, entry: dict[str, Any]) -> str:
    if release is None:
        return "refused"
    if not entry.get("title"):
        return "not annotated"
    return "right" if clean(entry.get("title", "")).casefold() == release.title.casefold() else "other"


def _explain(entry: dict[str, Any], release: Release | None, refusal: str) -> None:
    text = _text(release)
    print(f"\n== {entry['file']} {'PUBLIC ' if entry.get('public_sector') else ''}{refusal}")
    if release is None:
        return
    for part in entry.get("with", []):
        if clean(part) not in text:
            print(f"   missing  {part!r}")
    for part in entry.get("without", []):
        if clean(part) in text:
            print(f"   too much {part!r}")
    if _judge_date(release, entry) in ("wrong", "not known"):
        witness = release.extractor.witness.get("published")
        print(f"   date     {release.published} {witness}, annotated {entry.get('date')}")
    if _judge_title(release, entry) == "other":
        print(f"   title    {release.title!r} for {entry.get('title')!r}")
    for warning in release.extractor.warnings:
        print(f"   warning  {warning}")


if __name__ == "__main__":
    sys.exit(main())
