"""Canary secrets, every way to fail, and then a search for them in all that the program leaves behind."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import pressewacht
from tests.service.test_serve import wait_for
from tests.transports.servers import (
    Mailbox,
    Receiver,
    free_port,
    mail_server,
    raw_server,
    smtp_script,
    webhook_receiver,
)
from tests.world import World

READER = "canary-reader@example.org"
SECRETS = {
    "MAIL_PASSWORD": "CANARY-password",
    "HOOK_SECRET": "whsec_" + base64.b64encode(b"CANARY-secret-of-24-bytes").decode(),
    "BAD_SECRET": "CANARY-no-base64-ü",
}
# Encodings of a secret count as well: SMTP sends base64, addresses write percent signs.
TRACES = (
    *("canary", SECRETS["HOOK_SECRET"][8:]),
    *(base64.b64encode(text).decode().rstrip("=")[1:-1] for text in (b"CANARY", b"\0presse\0CANARY")),
)

_MAIL = """
[[channels]]
id = "{id}"
kind = "email"
to = ["{reader}"]
sender = "pressewacht@example.net"
smtp_host = "127.0.0.1"
smtp_port = {port}
smtp_security = "{security}"
"""
_LOGIN = 'smtp_user = "presse"\nsmtp_password_env = "MAIL_PASSWORD"\n'
_HOOK = '\n[[channels]]\nid = "{id}"\nkind = "webhook"\nurl_env = "{variable}"\nsecret_env = "{secret}"\n'


def traces(text: str | bytes) -> list[str]:
    """The secrets that can be found in a text."""
    seen = text if isinstance(text, str) else text.decode("latin-1")
    return [trace for trace in TRACES if trace.lower() in seen.lower()]


def left_behind(folder: Path) -> dict[str, list[str]]:
    """Every file with a trace in it, the configuration aside, which names the readers."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "config.toml"]
    return {path.name: found for path in files if (found := traces(path.read_bytes()))}


@contextlib.contextmanager
def hostile_receivers(world: World) -> Iterator[dict[str, str]]:
    """Channels that each fail in another way, and repeat what they were told; the program's environment."""
    echo = f"<{READER}> CANARY-password {SECRETS['HOOK_SECRET']}"
    refused = smtp_script(b"250-hello\r\n250 AUTH PLAIN", f"535 5.7.8 {echo}".encode())
    unhelpful = smtp_script(f"554 5.0.0 {echo}".encode(), f"554 5.0.0 {echo}".encode())
    with contextlib.ExitStack() as open_:
        mail = {
            "unknown": open_.enter_context(mail_server(Mailbox(at_recipient=f"550 5.1.1 {echo}"))),
            "later": open_.enter_context(mail_server(Mailbox(at_end=f"451 4.3.0 {echo}"))),
            "login": open_.enter_context(raw_server(refused)),
            "greeting": open_.enter_context(raw_server(unhelpful)),
            "down": free_port(),
        }
        statuses = {"gone": 410, "forbidden": 403, "broken": 500, "moved": 302}
        hooks = {
            name: open_.enter_context(
                webhook_receiver(Receiver(status, {"Location": "/CANARY", "X": "CANARY"}, body=echo.encode()))
            ).url.replace("/hook", "/CANARY-path")
            for name, status in statuses.items()
        }
        closed = f"127.0.0.1:{free_port()}/CANARY-path?token=CANARY-query"
        hooks |= {
            "down": f"http://{closed}",
            "tls": f"https://127.0.0.1:{mail['unknown']}/CANARY-path",
            "name": "http://canary-host.localhost.invalid/CANARY-path",
            "user": f"http://canary:CANARY@{closed}",
            "odd": "https://[CANARY-path",
            "none": "CANARY",
        }
        channels = [
            _MAIL.format(id=f"mail-{name}", reader=READER, port=port, security="none")
            + (_LOGIN if name == "login" else "")
            for name, port in mail.items()
        ]
        channels.append(_MAIL.format(id="mail-tls", reader=READER, port=mail["later"], security="starttls"))
        channels += [
            _HOOK.format(id=f"hook-{name}", variable=f"HOOK_{name.upper()}", secret="HOOK_SECRET")
            for name in hooks
        ]
        channels.append(_HOOK.format(id="hook-key", variable="HOOK_BROKEN", secret="BAD_SECRET"))
        files = '\n[[channels]]\nid = "archiv"\nkind = "files"\npath = "digests"\n'
        atom = '\n[[channels]]\nid = "feed"\nkind = "atom"\npath = "feed.atom"\n'
        alerts = '[alerts]\nchannels = ["archiv"]\n'
        service = f'[service]\nhttp = "127.0.0.1:{free_port()}"\nping_url_env = "PING"\n'
        world.configure(alerts + service + "".join(channels) + files + atom)
        hooked = {f"HOOK_{name.upper()}": url for name, url in hooks.items()}
        yield SECRETS | hooked | {"PING": hooks["broken"], "PYTHONWARNINGS": "default"}


@pytest.mark.timeout(300)
@pytest.mark.soak
def test_no_command_tells_a_secret(world: World) -> None:
    """Whatever fails, and however much is asked for: nothing printed, logged, stored, copied or sent on."""
    world.publish("Sprachkurse für alle")
    with hostile_receivers(world) as environment:
        for arguments in (
            ("--verbose", "run"),
            ("--verbose", "--log-format", "json", "deliver", "--now", "--json"),
            ("deliver", "--now"),
            ("--verbose", "check", "--online"),
            ("status",),
            ("--verbose", "status", "--json"),
            ("deliver", "--now", "--dry-run"),
            ("backup", "kopie.db"),
            ("export", "--jsonl", "alles.jsonl"),
            ("export", "--csv", "alles.csv"),
        ):
            ran = pressewacht(*arguments, folder=world.folder, **environment)
            assert not traces(ran.out + ran.err), (arguments, ran.out + ran.err)
            assert "unexpected" not in ran.out + ran.err
    failed = world.rows("select channel, last_error from digests where state <> 'sent'")
    assert len({row["channel"] for row in failed}) >= 15
    assert all(row["last_error"] for row in failed)
    assert left_behind(world.folder) == {}


@pytest.mark.timeout(120)
@pytest.mark.soak
def test_the_service_tells_no_secret(world: World) -> None:
    """Nor do its log, health, metrics and command line; its environment is as the operator set it."""
    world.publish("Sprachkurse für alle")
    with hostile_receivers(world) as environment:
        address = world.runtime.config.service.http
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", "--config", str(world.config_path), "--verbose", "serve"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | environment,
        )
        try:
            wait_for(lambda: (world.folder / "feed.atom").exists(), "nothing was delivered")
            wait_for(lambda: "hook-none" in _asked(f"http://{address}/healthz"), "no health")
            assert not traces(_asked(f"http://{address}/healthz") + _asked(f"http://{address}/metrics"))
            assert not traces(Path(f"/proc/{process.pid}/cmdline").read_bytes())
        finally:
            process.send_signal(signal.SIGTERM)
            log, _ = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert not traces(log), log
    assert left_behind(world.folder) == {}


def _asked(url: str) -> str:
    """What an address answers, whatever its status."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            content: str = answer.read().decode()
    except urllib.error.HTTPError as error:
        content = error.read().decode()
    except (TimeoutError, urllib.error.URLError):
        content = ""
    return content


def test_the_search_would_find_a_secret() -> None:
    """In plain words, as SMTP's login sends it, and inside JSON."""
    login = base64.b64encode(b"\0presse\0CANARY-password").decode()
    assert traces("… Canary-reader …")
    assert traces(f"AUTH PLAIN {login}")
    assert traces(json.dumps({"secret": SECRETS["HOOK_SECRET"]}))
