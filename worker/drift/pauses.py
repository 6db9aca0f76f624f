"""Nothing new for far too long: how long a source may be silent, from its own pauses. Floor 1, pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from worker.drift.norms import Norm, Turn
from worker.drift.wording import say_silence

_FEW = 8  # pauses before a source is judged by its own
_YOUNG = 45  # days; until then
_SHORTEST = 21  # days: no ministry is silent for longer over Christmas or Easter
_LONGER = 3  # times the longest pause: with pauses as random as they come, once in ten thousand
_FADING = 0.99  # the longest pause is forgotten by a hundredth with each new one


def learn_pauses(norm: Norm, newest_on: date | None, days: Iterable[date]) -> Norm:
    """The norm after entries of these days became known; `newest_on` is the newest day known before.

    A pause that was too long counts only as long as was allowed, so that an outage teaches little.
    """
    fresh = sorted({day for day in days if newest_on is None or day > newest_on})
    if newest_on is None:
        fresh = fresh[1:]  # the oldest may be a pinned release, far from the others
    before = newest_on or (fresh[0] if fresh else None)
    for day in fresh:
        if before is not None and day > before:
            pause = min((day - before).days, allowed_days(norm))
            norm = replace(norm, usual=max(pause, norm.usual * _FADING), weight=norm.weight + 1)
        before = day
    return norm


def allowed_days(norm: Norm, stated: int | None = None) -> int:
    """How many days may pass without anything new."""
    if stated is not None:
        return stated
    return _YOUNG if norm.weight < _FEW else max(_SHORTEST, round(_LONGER * norm.usual))


def judge_silence(
    norm: Norm, newest_on: date | None, watched_since: datetime, now: datetime, *, stated: int | None
) -> tuple[Norm, Turn | None]:
    """The norm with the drift that a silence up to `now` is, and the turn it brought.

    What was silent before anybody watched is not held against a source.
    """
    silent = now.date() - max(newest_on or date.min, watched_since.date())
    if silent.days <= allowed_days(norm, stated):
        over = replace(norm, odd=0, odd_since=None, drift=None)
        return over, Turn("recovered", "there is something new again") if norm.drift else None
    if norm.drift is not None:
        return norm, None
    days = (now.date() - (newest_on or watched_since.date())).days
    text = say_silence(days, norm.usual, stated=stated)
    return replace(norm, odd=1, odd_since=now, drift=text), Turn("trouble", text)
