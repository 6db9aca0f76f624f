"""What is usual of each source, trait by trait. Floor 2."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from worker.drift.norms import Norm
from worker.drift.traits import TRAITS, Trait
from worker.instants import maybe_from_text, maybe_to_text
from worker.store.rows import put, select


def load_norm(db: Database, source: str, trait: Trait) -> Norm:
    """What is usual of one trait; an empty norm where nothing was learned yet."""
    for row in select(db, "select * from norms where source = ? and trait = ?", [source, trait.name]):
        return _norm(row)
    return Norm(trait)


def drifting_norms(db: Database, source: str) -> list[Norm]:
    """Those of a source that are in drift, longest first."""
    rows = select(
        db, "select * from norms where source = ? and drift is not null order by odd_since, trait", [source]
    )
    return [_norm(row) for row in rows if row["trait"] in TRAITS]


def save_norm(db: Database, source: str, norm: Norm) -> None:
    """Store what is usual of one trait; for use inside `write`."""
    put(
        db,
        "norms",
        {
            "source": source,
            "trait": norm.trait.name,
            "usual": norm.usual,
            "weight": norm.weight,
            "odd": norm.odd,
            "odd_since": maybe_to_text(norm.odd_since),
            "drift": norm.drift,
            "page_sha256": norm.page_sha256,
        },
        key=("source", "trait"),
    )


def _norm(row: dict[str, Any]) -> Norm:
    return Norm(
        trait=TRAITS[row["trait"]],
        usual=row["usual"],
        weight=row["weight"],
        odd=row["odd"],
        odd_since=maybe_from_text(row["odd_since"]),
        drift=row["drift"],
        page_sha256=row["page_sha256"],
    )
