"""The store in Datasette: read-only, with the metadata, templates and settings shipped in `datasette/`.

In goes a store, out comes an application for an ASGI server, or that application served until it is
interrupted. The file is never opened immutable (its counts would stay stale) and never to write.
Datasette is imported when it is needed: everything else works without the extra `web`. Floor 4.
"""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from worker.bundled import bundled
from worker.errors import UsageError
from worker.search_terms import search_query

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_HOST = "127.0.0.1"
_SHIPPED_NAME = "monitor"  # the store's name in the shipped metadata
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")  # Datasette's links to other rows do not encode the name
_PLUGIN = "pressewacht-search"
_MATCHES_NOTHING = '""'  # to FTS5 a phrase without words; an empty expression would be an error
_BUSY_SECONDS = 10.0  # a commit of the worker is shorter
_GOODBYE_SECONDS = 3  # for answers under way; no query runs longer than settings.json allows
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


def build_application(store: Path, *, is_public: bool) -> Application:
    """Datasette on the store at `store`, under the name of its file.

    On this machine visitors may write SQL of their own, read-only and within a time limit; with
    `is_public` they get the tables and shipped queries only, without the operator's. Raises UsageError
    if Datasette is not installed.
    """
    try:
        from datasette.app import Datasette
        from datasette.utils import parse_metadata
    except ModuleNotFoundError as error:
        raise UsageError(f"browse needs Datasette ({error}); pip install 'pressewacht[web]'") from None
    shipped = bundled("datasette")
    metadata = parse_metadata((shipped / "metadata.yaml").read_text(encoding="utf-8"))
    settings = json.loads((shipped / "settings.json").read_text(encoding="utf-8"))
    name = _UNSAFE.sub("-", store.stem).strip("-_") or _SHIPPED_NAME
    _teach_search()
    datasette = Datasette(
        [],
        metadata=_metadata_for(metadata, name, is_public=is_public),
        settings=settings | {"default_allow_sql": not is_public},
        template_dir=str(shipped / "templates"),
        static_mounts=[("static", str(shipped / "static"))],
    )
    datasette.remove_database("_memory")
    datasette.add_database(_read_only_database(datasette, store), name=name)
    return _guarded(datasette.app())


def serve(application: Application, port: int, announce: Callable[[str], None]) -> None:
    """Serve on this machine until SIGINT or SIGTERM; `announce` hears the address once it answers.

    Port 0 takes any free one. Raises UsageError for a port that cannot be had.
    """
    import uvicorn

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    with _listening_socket(port) as listener:
        announce(f"http://{_HOST}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            application,
            log_level="warning",
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=_GOODBYE_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _metadata_for(metadata: dict[str, Any], name: str, *, is_public: bool) -> dict[str, Any]:
    """The shipped metadata for a store called `name`; in public the operator's parts are refused."""
    store = metadata["databases"][_SHIPPED_NAME]
    for part in (*store["tables"].values(), *store["queries"].values()):
        if part.pop("operator_only", False) and is_public:
            part["allow"] = False
    return metadata | {"databases": {name: store}}


def _teach_search() -> None:
    """Let Datasette's search boxes find what `pressewacht search` finds, and take any input.

    Its own `escape_fts` knows no inflection, and turns a lone quotation mark into a syntax error.
    """
    from datasette.plugins import pm
    from pluggy import HookimplMarker

    if not pm.has_plugin(_PLUGIN):
        plugin = ModuleType(_PLUGIN)  # Datasette asks its plugins for a module's name
        after_its_own = HookimplMarker("datasette")(trylast=True)
        vars(plugin)["prepare_connection"] = after_its_own(_add_search)
        pm.register(plugin, name=_PLUGIN)


def _add_search(conn: sqlite3.Connection) -> None:
    conn.create_function("escape_fts", 1, _escape_fts, deterministic=True)


def _escape_fts(asked: object) -> str:
    return search_query(str(asked or "")) or _MATCHES_NOTHING


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


def _listening_socket(port: int) -> socket.socket:
    # Named TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms (measured).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        advice = "choose another with --port N, or --port 0 for any free one"
        raise UsageError(f"port {port} on {_HOST} cannot be had ({error.strerror}); {advice}") from None
    return listener


def _leave(number: int, frame: FrameType | None) -> None:
    """End well before the server runs, and when it hands the signal back after its own farewell."""
    raise SystemExit(0)
