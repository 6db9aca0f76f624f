"""What Datasette does not know of itself: German search, and what the readable pages show. Floor 4."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from types import ModuleType
from typing import Any

from worker.browsing.release_page import read_release_page
from worker.browsing.start_page import read_start_page
from worker.digests.cleaning import web_link
from worker.digests.wording import ENGLISH, say_date, say_moment
from worker.search_terms import search_query
from worker.store.connection import Database

_NAME = "pressewacht"
_MATCHES_NOTHING = '""'  # to FTS5 a phrase without words; an empty expression would be an error


def teach_datasette() -> None:
    """Register our hooks with Datasette, once per process."""
    from datasette.plugins import pm
    from pluggy import HookimplMarker

    if not pm.has_plugin(_NAME):
        plugin = ModuleType(_NAME)  # Datasette asks its plugins for a module's name
        after_its_own = HookimplMarker("datasette")(trylast=True)
        vars(plugin)["prepare_connection"] = after_its_own(_add_search)
        vars(plugin)["register_routes"] = after_its_own(lambda: [("/$", _start_page)])
        vars(plugin)["extra_template_vars"] = after_its_own(_template_variables)
        pm.register(plugin, name=_NAME)


def _add_search(conn: sqlite3.Connection) -> None:
    """Let search boxes find what `pressewacht search` finds, and take any input.

    Datasette's own `escape_fts` knows no inflection, and turns a lone quotation mark into a syntax error.
    """
    conn.create_function("escape_fts", 1, _escape_fts, deterministic=True)


def _escape_fts(asked: object) -> str:
    return search_query(str(asked or "")) or _MATCHES_NOTHING


async def _start_page(datasette: Any, request: Any) -> Any:
    """Our own start page; Datasette's asks every table for its columns and rights before it shows a name."""
    from datasette.utils.asgi import Response

    name, store = _store_of(datasette)
    now = datetime.now(UTC)
    context = {
        "database": name,
        "metadata": datasette.metadata(),
        "page": await store.execute_fn(lambda conn: read_start_page(Database(conn), now)),
        "questions": _questions(datasette, name),
    }
    return Response.html(await datasette.render_template("start.html", context, request=request))


def _template_variables(
    datasette: Any, view_name: str | None, table: str | None, request: Any
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The words and addresses every template may use, and the release that a row is about."""

    async def read() -> dict[str, Any]:
        name, store = _store_of(datasette)
        variables: dict[str, Any] = {
            "page_of": partial(_page_of, datasette, name),
            "web_link": web_link,
            "say_date": partial(say_date, ENGLISH),
            "say_moment": partial(say_moment, ENGLISH),
        }
        if view_name == "row" and table in ("releases", "revisions"):
            key = _key_of(request)[: 1 if table == "releases" else 2]
            variables["page"] = await store.execute_fn(lambda conn: read_release_page(Database(conn), *key))
        return variables

    return read


def _store_of(datasette: Any) -> tuple[str, Any]:
    """The one database that is served, with its name."""
    (name,) = datasette.metadata("databases")
    return name, datasette.get_database(name)


def _page_of(datasette: Any, database: str, url: str, revision: int | None = None) -> str:
    """Where the release at `url`, or one of its revisions, can be read here."""
    from datasette.utils import tilde_encode

    if revision is None:
        return str(datasette.urls.row(database, "releases", tilde_encode(url)))
    return str(datasette.urls.row(database, "revisions", f"{tilde_encode(url)},{revision}"))


def _questions(datasette: Any, database: str) -> dict[str, dict[str, Any]]:
    """The shipped queries this visitor may ask, by name."""
    queries = datasette.metadata("databases")[database]["queries"]
    return {name: query for name, query in queries.items() if query.get("allow") is not False}


def _key_of(request: Any) -> list[str]:
    """The primary key in the address of a row: url, or url and revision."""
    from datasette.utils import urlsafe_components

    return list(urlsafe_components(request.url_vars["pks"]))
