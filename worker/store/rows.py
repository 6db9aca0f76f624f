"""Rows in and out with as few statements as there are rows. Floor 2.

sqlite-utils asks for the schema before each write, tries out an upsert on a table of its own, and wraps
each query into a savepoint: 84 statements for one unchanged source, where there are now 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

Parameters = Sequence[object]


def select(db: Database, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
    """All rows of a query, by the names of its columns."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def insert(db: Database, table: str, row: Mapping[str, object], *, if_new: bool = False) -> bool:
    """Insert a row; with `if_new` false, and nothing done, where there is one with a key of it."""
    unless = " on conflict do nothing" if if_new else ""
    return bool(db.execute(_insertion(table, row) + unless, tuple(row.values())).rowcount)


def put(db: Database, table: str, row: Mapping[str, object], key: Iterable[str]) -> None:
    """Insert a row, or change the one with the same `key` to it; columns that are not named stay."""
    key = tuple(key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key)
    unless = f" on conflict ({', '.join(key)}) do update set {changes}"
    db.execute(_insertion(table, row) + unless, tuple(row.values()))


def change(db: Database, table: str, row: Mapping[str, object], **key: object) -> None:
    """Change the row with that `key`."""
    assignments = ", ".join(f"{name} = ?" for name in row)
    condition = " and ".join(f"{name} = ?" for name in key)
    sql = f"update {table} set {assignments} where {condition}"  # noqa: S608 - names are our own
    db.execute(sql, (*row.values(), *key.values()))


def _insertion(table: str, row: Mapping[str, object]) -> str:
    marks = ", ".join("?" * len(row))
    return f"insert into {table} ({', '.join(row)}) values ({marks})"  # noqa: S608 - names are our own
