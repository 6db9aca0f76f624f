"""The store in Datasette: read-only, with the metadata, templates and settings shipped in `datasette/`.

In goes a store, out comes an application for an ASGI server. The file is never opened immutable (its
counts would stay stale) and never to write. Datasette is imported when it is needed: everything else
works without the extra `web`. Floor 4.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from worker.browsing.plugin import teach_datasette
from worker.bundled import bundled
from worker.errors import UsageError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_SHIPPED_NAME = "monitor"  # the store's name in the shipped metadata
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")  # Datasette's links to other rows do not encode the name
_BUSY_SECONDS = 10.0  # a commit of the worker is shorter
_METHODS = ("GET", "HEAD")  # Datasette would answer a POST with an internal error
_HEADERS = (
    # Datasette's pages hold scripts and styles, so those stay allowed; nothing else may run, leave or frame.
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def build_application(store: Path, *, is_public: bool = False, allows_sql: bool = False) -> Application:
    """Datasette on the store at `store`, under the name of its file.

    Visitors get the tables and the shipped queries, with `is_public` without the operator's; with
    `allows_sql` they may write SQL of their own, read-only and within a time limit. Raises UsageError
    if Datasette is not installed, or for both at once: SQL reads the operator's tables too.
    """
    if is_public and allows_sql:
        raise UsageError("--sql lets visitors read the outbox too; leave out --sql or --public")
    try:
        from datasette.app import Datasette
        from datasette.utils import parse_metadata
    except ModuleNotFoundError as error:
        raise UsageError(f"browse needs Datasette ({error}); pip install 'pressewacht[web]'") from None
    shipped = bundled("datasette")
    metadata = parse_metadata((shipped / "metadata.yaml").read_text(encoding="utf-8"))
    settings = json.loads((shipped / "settings.json").read_text(encoding="utf-8"))
    name = _UNSAFE.sub("-", store.stem).strip("-_") or _SHIPPED_NAME
    teach_datasette()
    datasette = Datasette(
        [],
        metadata=_metadata_for(metadata, name, is_public=is_public),
        settings=settings | {"default_allow_sql": allows_sql},
        template_dir=str(shipped / "templates"),
        static_mounts=[("static", str(shipped / "static"))],
    )
    datasette.remove_database("_memory")
    datasette.add_database(_read_only_database(datasette, store), name=name)
    return _guarded(datasette.app())


def _metadata_for(metadata: dict[str, Any], name: str, *, is_public: bool) -> dict[str, Any]:
    """The shipped metadata for a store called `name`; in public the operator's parts are refused."""
    store = metadata["databases"][_SHIPPED_NAME]
    for part in (*store["tables"].values(), *store["queries"].values()):
        if part.pop("operator_only", False) and is_public:
            part["allow"] = False
    return metadata | {"databases": {name: store}}


def _read_only_database(datasette: Any, store: Path) -> Any:
    """The store as one of `datasette`'s databases.

    Datasette puts a path into a URI as it is and would fail on `?`, `#` and `%`.
    """
    from datasette.database import Database

    class StoreDatabase(Database):  # type: ignore[misc]
        def connect(self, write: bool = False) -> sqlite3.Connection:
            assert not write, "the store is only read"
            uri = f"{store.absolute().as_uri()}?mode=ro"
            conn = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False)
            conn.execute("pragma trusted_schema = off")
            conn.execute("pragma cell_size_check = on")
            self._all_file_connections.append(conn)
            return conn

    return StoreDatabase(datasette, str(store))


def _guarded(application: Application) -> Application:
    """`application` behind a guard: nothing but reading, and headers that keep pages to themselves."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        if scope["type"] == "http" and scope["method"] not in _METHODS:
            await send_guarded(
                {"type": "http.response.start", "status": 405, "headers": [(b"allow", b"GET, HEAD")]}
            )
            await send({"type": "http.response.body", "body": b"This server is for reading."})
            return
        await application(scope, receive, send_guarded)

    return guarded
