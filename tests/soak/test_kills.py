"""The real program is killed at random moments: nothing lost, nothing stored twice, repeats recognisable."""

from __future__ import annotations

import collections
import email
import email.policy
import random
import subprocess
import sys
import time

import pytest

from tests.transports.servers import Mailbox, Receiver, mail_server, webhook_receiver
from tests.world import FILES, World

pytestmark = pytest.mark.soak

_KILLS = 60
_CHANNELS = (
    FILES
    + """
[[channels]]
id = "post"
kind = "email"
to = ["rat@example.org"]
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


@pytest.mark.timeout(900)
def test_killed_at_random_moments(world: World) -> None:
    """Each release reaches each reader; what came twice is byte for byte the same under the same id."""
    chance, mailbox, receiver = random.Random(9), Mailbox(), Receiver()
    published = 0
    with mail_server(mailbox) as port, webhook_receiver(receiver):
        world.configure(_CHANNELS.format(port=port, url=receiver.url))
        world.publish_elsewhere("Neue Brücke")
        _run(world)
        for _ in range(_KILLS):
            for _ in range(chance.randint(0, 2)):
                world.publish(f"Sprachkurs {published}")
                published += 1
            _run_and_kill(world, chance.uniform(0.5, 1.3))
        _run(world)
        _run(world, "deliver", "--now")
        _run(world, "deliver", "--now")
    assert len([event for event in world.events() if event[0] == "new"]) == published
    assert len(world.titles()) == published
    states = {row["state"] for row in world.rows("select distinct state from digests")}
    assert states == {"sent"}
    assert world.rows("pragma integrity_check") == [{"integrity_check": "ok"}]
    _check_copies([(_message_id(mail), mail) for _, _, mail in mailbox.mails])
    _check_copies([(post.headers["webhook-id"], post.body) for post in receiver.requests])
    for channel in ("post", "haken", "archiv"):
        told = world.rows("select count(*) as n from digest_events where channel = ?", channel)
        assert told == [{"n": published}], channel


def _run(world: World, *command: str) -> None:
    arguments = [sys.executable, "-m", "worker", "--config", str(world.config_path), *(command or ("run",))]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def _run_and_kill(world: World, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "--config", str(world.config_path), "run"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.kill()
    process.wait()


def _message_id(mail: bytes) -> str:
    return str(email.message_from_bytes(mail, policy=email.policy.default)["Message-ID"])


def _check_copies(messages: list[tuple[str, bytes]]) -> None:
    """At most one extra copy for each kill, and every copy has the same bytes."""
    copies: dict[str, set[bytes]] = collections.defaultdict(set)
    for uid, body in messages:
        copies[uid].add(body)
    assert all(len(bodies) == 1 for bodies in copies.values())
    assert len(messages) - len(copies) <= _KILLS
