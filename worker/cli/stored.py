"""From an address a user gives to the entry stored under it. Floor 5."""

from __future__ import annotations

from worker.errors import UsageError
from worker.identity import identity_of
from worker.models.known import KnownItem
from worker.store.connection import Database
from worker.store.items import item_by_identity


def stored_item(db: Database, url: str) -> KnownItem:
    """The entry at any address of a release; raises UsageError if no listing ever contained it."""
    try:
        item = item_by_identity(db, identity_of(url))
    except ValueError:
        raise UsageError(f"{url}: not an address; copy one from `pressewacht search WORDS`") from None
    if item is None:
        raise UsageError(
            f"{url}: no listing that was read contained this; `pressewacht search WORDS` finds what is stored"
        )
    return item
