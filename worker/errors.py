"""Every way the worker can fail, with what is needed to act on it. Floor 0.

    WorkerError
    ├── UsageError              what was asked for does not exist or makes no sense      exit 2
    │   └── ConfigError         config.toml or the environment is wrong                  exit 2
    ├── StoreError              the store cannot be used                                 exit 3
    ├── FetchError              a page did not come over the wire
    │   └── RefusedError        we may not ask for it: robots.txt, hosts, addresses
    ├── ParseError              a page came, but it is not what it should be
    │   └── SourceDrift         a whole source no longer looks as it did
    └── DeliveryError           a message was not accepted

Each message is one line that says what, where and what to do. The exit codes are those of the
command line; errors without one are recorded and end a command with 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from worker.models.page import Page


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The end of a sentence that complains of `given`: the name that is most like it, else all there are."""
    from difflib import get_close_matches  # only who errs pays for it

    names = list(known)
    if close := get_close_matches(given, names, n=1):
        return f'; did you mean "{close[0]}"?'
    return f"; known here: {', '.join(names)}" if names else ""


class WorkerError(Exception):
    """Any failure we foresee; its text is fit for a user to read."""

    exit_code = 1


class UsageError(WorkerError):
    """A source, channel, file or option that does not exist or makes no sense."""

    exit_code = 2


class ConfigError(UsageError):
    """One or more problems in the configuration, each already a line naming file, place and key."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.path = path
        self.problems = problems


class StoreError(WorkerError):
    """The store is locked for too long, not ours, newer than this version, corrupt, or cannot be written."""

    exit_code = 3


class FetchError(WorkerError):
    """A page did not arrive whole.

    `status` is the HTTP status if there was one; `permanent` is true when asking again cannot help
    (404, 410); `retry_after` is what the server asked us to wait, already clamped.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int | None = None,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status
        self.permanent = permanent
        self.retry_after = retry_after

    @property
    def is_gone(self) -> bool:
        """Whether the server says that the page no longer exists."""
        return self.status in (404, 410)


class RefusedError(FetchError):
    """We did not ask: robots.txt, the allow-list of hosts or the address guard forbids it."""


class ParseError(WorkerError):
    """A page is not what it should be; `kind` is a stable word such as `not-html` or `no-title`.

    `page` is the page itself, where somebody who raised or passed on the error had it at hand.
    """

    def __init__(self, url: str | None, kind: str, reason: str, *, page: Page | None = None) -> None:
        super().__init__(f"{url}: {reason}" if url else reason)
        self.page = page
        self.url = url
        self.kind = kind
        self.reason = reason


class SourceDrift(ParseError):  # noqa: N818 - the field's word for it
    """A listing came but cannot be the listing we know: never the same as «nothing new»."""

    def __init__(self, url: str | None, reason: str, *, page: Page | None = None) -> None:
        super().__init__(url, "drift", reason, page=page)


class DeliveryError(WorkerError):
    """A receiver did not accept a message.

    `permanent`: asking again cannot help. `ambiguous`: it may have been accepted, the answer was
    lost. `disables`: the receiver wants nothing more (410). `silent`: it kept us waiting, as it would
    with the next message. `retry_after`: its wish, clamped.
    """

    def __init__(
        self,
        channel: str,
        reason: str,
        *,
        permanent: bool = False,
        ambiguous: bool = False,
        disables: bool = False,
        silent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(f"{channel}: {reason}")
        self.channel = channel
        self.reason = reason
        self.permanent = permanent
        self.ambiguous = ambiguous
        self.disables = disables
        self.silent = silent
        self.retry_after = retry_after
