"""The shipped metadata: complete, and every query runs on an empty store with nothing but Datasette."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasette.app import DEFAULT_SETTINGS
from datasette.utils import escape_fts
from sqlite_utils import Database

from worker.bundled import bundled
from worker.store.connection import open_store

METADATA: dict[str, Any] = yaml.safe_load((bundled("datasette") / "metadata.yaml").read_text("utf-8"))
TABLES: dict[str, dict[str, Any]] = METADATA["databases"]["monitor"]["tables"]
QUERIES: dict[str, dict[str, Any]] = METADATA["databases"]["monitor"]["queries"]
_TRICKS = ("", '"', '""', '"\n"', "foo AND", "NEAR(", "*", "col:x", "-", "'", "%", "a\0b", '"a\0b')
HOSTILE = (*_TRICKS, "ä" * 9000, "a " * 5000)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A fresh store, with the one function Datasette adds."""
    db = open_store(tmp_path / "monitor.db")
    db.conn.create_function("escape_fts", 1, escape_fts)
    yield db
    db.conn.close()


def test_every_table_is_described(empty: Database) -> None:
    """No table, view or column of the schema is missing from the metadata, and none is made up."""
    assert set(empty.table_names() + empty.view_names()) == set(TABLES)
    for name, table in TABLES.items():
        if table.get("allow") is not False:
            assert table["description"], name
            assert set(table["columns"]) == {column.name for column in empty[name].columns}, name


def test_everything_named_exists(empty: Database) -> None:
    """Labels, sort orders, facets and units name columns of their table."""
    for name, table in TABLES.items():
        named = {table[key] for key in ("label_column", "sort", "sort_desc", "fts_pk") if key in table}
        named |= {*table.get("facets", ()), *table.get("units", ())}
        assert named <= {column.name for column in empty[name].columns}, name


@pytest.mark.parametrize("name", QUERIES)
def test_query_runs_on_an_empty_store(empty: Database, name: str) -> None:
    """A query is titled and described, with its blanks, and answers any parameter with rows or none."""
    query = QUERIES[name]
    assert query["title"]
    assert query["description"]
    parameters = set(re.findall(r":([a-z_]+)", query["sql"]))
    assert parameters == set(query.get("parameters", ()))
    for text in HOSTILE:
        assert empty.execute(query["sql"], dict.fromkeys(parameters, text)).fetchall() == []


def test_no_query_writes() -> None:
    """Queries are for reading."""
    assert not [name for name, query in QUERIES.items() if query.get("write")]
    assert len(QUERIES) >= 8


def test_settings_are_known_and_hardened() -> None:
    """The settings exist in this Datasette, and as shipped they fit a public server."""
    settings = json.loads((bundled("datasette") / "settings.json").read_text("utf-8"))
    assert set(settings) <= set(DEFAULT_SETTINGS)
    assert settings["allow_download"] is False
    assert settings["default_allow_sql"] is False
    assert settings["sql_time_limit_ms"] <= 2000
