"""Why entries were taken or not, as stored. Floor 2."""

from __future__ import annotations

import json

from sqlite_utils import Database

from worker.models.verdict import Evidence, Verdict
from worker.store.rows import select


def stored_verdicts(db: Database, url: str) -> list[Verdict]:
    """The verdicts on an entry, one per topic, as last decided."""
    return [
        Verdict(
            topic=row["topic"],
            relevant=bool(row["relevant"]),
            uncertain=False,
            score=row["score"],
            evidence=tuple(Evidence(**one) for one in json.loads(row["evidence"])),
        )
        for row in select(db, "select * from matches where url = ? order by topic", [url])
    ]
