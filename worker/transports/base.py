"""What every way out has in common. Floor 2."""

from __future__ import annotations

from typing import Protocol

from worker.models.event import Outgoing


class Transport(Protocol):
    """Takes frozen messages to one channel; makes one attempt and never decides when the next one is."""

    def send(self, message: Outgoing) -> None:
        """Hand `message` over. Returns when the receiver has taken it, raises DeliveryError otherwise."""

    def check(self) -> str:
        """Find out whether sending would work, without a digest; one line on what worked.

        Raises DeliveryError as `send` does.
        """
