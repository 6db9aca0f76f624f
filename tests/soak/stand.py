"""A test stand for a program that is killed: a portal, a mail server, a webhook receiver."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.soak.doomed import Death, Order
from tests.transports.servers import Mailbox, Receiver, mail_server, webhook_receiver
from tests.world import FILES, World
from worker.demo.answers import SeenRequest
from worker.demo.pages import LISTING_PATH
from worker.demo.portal import Portal
from worker.demo.release import PortalRelease

KILLED = (-signal.SIGKILL, -signal.SIGXFSZ)
_PATIENCE = 60.0
_CHANNELS = (
    FILES
    + """
[[channels]]
id = "atom"
kind = "atom"
path = "news.atom"

[[channels]]
id = "post"
kind = "email"
to = ["rat@example.org", "amt@example.org"]
sender = "wacht@example.org"
smtp_host = "127.0.0.1"
smtp_port = {port}
smtp_security = "none"

[[channels]]
id = "haken"
kind = "webhook"
url = "{url}"
"""
)


class Starter:
    """Starts the program as `doomed` does: loaded once, forked for each order."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.soak.doomed"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(_PATIENCE)

    def start(self, order: Order) -> int:
        """The id of the process that carries it out."""
        assert self._process.stdin is not None
        self._process.stdin.write(order.as_json() + "\n")
        self._process.stdin.flush()
        return self._answer()

    def wait(self) -> int:
        """The exit code of the process started last, negative if a signal ended it."""
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@dataclass
class _Post(Mailbox):
    """A mail server that says what it is doing."""

    stand: Stand = field(kw_only=True)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await super().handle_RCPT(server, session, envelope, address, options)
        self.stand.reached("mail: recipient named")
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.stand.reached("mail: taken, not yet said so")
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.stand.reached("mail: said goodbye")
        return "221 Bye"


class Stand:
    """One store and the world around it; `truth` is what each reader has to hear, exactly once."""

    def __init__(self, folder: Path, starter: Starter, chance: random.Random) -> None:
        self.chance = chance
        self.truth: Counter[tuple[str, str]] = Counter()
        self.seconds: dict[str, float] = {}  # how long each command took when it was let live
        self.kills = 0
        self._folder = folder
        self._starter = starter
        self._moment: str | None = None
        self._victim: int | None = None
        self._has_victim = threading.Event()
        self._open = contextlib.ExitStack()
        self._number = 0
        self._looks = 0  # how many are needed until everything that changed is known
        self._settled: list[PortalRelease] = []
        self._fresh: list[PortalRelease] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        self.portal = self._open.enter_context(Portal(page_size=6))
        self.portal.on_request = self._asked
        self.world = self._open.enter_context(World(self.portal, self._folder))
        self.mailbox = _Post(stand=self)
        self.receiver = Receiver(on_moment=lambda moment: self.reached(f"hook: {moment}"))
        port = self._open.enter_context(mail_server(self.mailbox))
        self._open.enter_context(webhook_receiver(self.receiver))
        self.world.configure(_CHANNELS.format(port=port, url=self.receiver.url))
        for number in range(8):
            self.world.publish(f"Archiv {number}", days_ago=400)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        if error is None:
            shutil.rmtree(self._folder)

    # What the ministry does

    def publish(self) -> None:
        """One release about the topic, and now and then one about something else."""
        self._number += 1
        title = f"Sprachkurs {self._number}"
        self._fresh.append(self.world.publish(title))
        self.truth["new", title] += 1
        if self.chance.random() < 0.3:
            self.world.publish_elsewhere(f"Brücke {self._number}")

    def edit(self) -> None:
        """Change the page of a release the worker knows, without a word in the listing."""
        if release := self._one_left_alone():
            body = release.rewritten("Herbst", f"Sommer {self._number}")
            self.portal.edit_silently(release.slug, body=body)
            self.truth["changed", release.title] += 1
            self._looks = max(self._looks, 1)

    def withdraw(self) -> None:
        """Take a release the worker knows from the portal."""
        if release := self._one_left_alone():
            self.portal.withdraw(release.slug)
            self.truth["withdrawn", release.title] += 1
            self._looks = 2

    def _one_left_alone(self) -> PortalRelease | None:
        """A release that the worker has stored and nobody has touched since, if there is one."""
        return self._settled.pop(self.chance.randrange(len(self._settled))) if self._settled else None

    # What is done to the program

    def run(
        self, *command: str, death: Death | None = None, moment: str | None = None, after: float | None = None
    ) -> int:
        """Run a command; killed at `death`, when a server sees `moment`, or `after` seconds."""
        arguments = ("--config", str(self.world.config_path), *command)
        self._moment = moment
        began = time.monotonic()
        pid = self._starter.start(Order(arguments, str(self._folder / "log"), death))
        self._victim = os.pidfd_open(pid)
        self._has_victim.set()
        if after is not None:
            time.sleep(after)
            self._kill()
        code = self._starter.wait()
        self._has_victim.clear()
        os.close(self._victim)
        self._moment = None
        if code == 0:
            self.seconds[command[0]] = time.monotonic() - began
        self.kills += code in KILLED
        return code

    def run_from_scratch(self, *command: str, after: float) -> int:
        """The same with an interpreter of its own, so that starting up can be hit too."""
        arguments = [sys.executable, "-m", "worker", "--config", str(self.world.config_path), *command]
        with (self._folder / "log").open("a") as log, subprocess.Popen(
            arguments, stdout=log, stderr=log, cwd=self._folder
        ) as process:  # fmt: skip
            time.sleep(after)
            process.kill()
        self.kills += process.returncode in KILLED
        return process.returncode

    def settle(self) -> None:
        """Let the program finish what it was kept from: one cycle, looks back, what waited."""
        for command in (("run",), *[("recheck",)] * self._looks):
            assert self.run(*command) == 0, self.log()
        if self._looks or self.world.rows("select 1 from digests where state != 'sent'"):
            assert self.run("deliver", "--now") == 0, self.log()
        self._settled += self._fresh
        self._fresh.clear()
        self._looks = 0

    def log(self) -> str:
        """What the program said last."""
        return (self._folder / "log").read_text(encoding="utf-8")[-4000:]

    def reached(self, moment: str) -> None:
        """A server has come to `moment`: the end of the program, if it is that one's turn."""
        if moment == self._moment and self._has_victim.wait(_PATIENCE):
            self._moment = None
            self._kill()

    def _kill(self) -> None:
        assert self._victim is not None
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._victim, signal.SIGKILL)

    def _asked(self, request: SeenRequest) -> None:
        kind = {"/robots.txt": "robots", LISTING_PATH: "listing"}.get(request.path, "release")
        self.reached(f"portal: {kind} asked for")
