"""What is usual for a source, learned look by look, and when a look is no longer like it. Floor 1, pure.

A norm moves slowly and learns only from looks that are like it. What is not like it has a run: how often
in a row, since when. The run becomes a drift once chance no longer explains it, and ends with the first
look that is usual again, or after a while as the new normal. A drift begins below a third of the usual
and ends above a half, so that it does not flicker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import comb
from typing import Literal

from worker.drift.traits import ENTRIES, RELEASE_LENGTH, Kind, Measure, Trait
from worker.drift.wording import say_accepted, say_drift, say_usual_again

_MEMORY = 50  # looks or releases; a norm follows a change of habit within about as many
_FEW = {ENTRIES: 1}  # looks before a trait is judged: a collapse can be told from the second on
_FEW_ELSE = 5
_CHANCE = 1e-4  # with 150 releases and 500 looks a year about one false alarm in seven years (simulated)
_IN_A_ROW = {RELEASE_LENGTH: 3}  # one short release is a short release
_ACCEPTED_LOOKS = 6
_ACCEPTED_AFTER = {ENTRIES: timedelta(days=1)}  # until then nothing of the source is stored
_ACCEPTED_AFTER_ELSE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual of one trait: a share from 0 to 1, or a size, learned from `weight` observations.

    `odd` counts the observations in a row that were not like it, since `odd_since`; `drift` is what is
    told of them, None while all is well; `page_sha256` names the page that showed it.
    """

    trait: Trait
    usual: float = 0.0
    weight: int = 0
    odd: int = 0
    odd_since: datetime | None = None
    drift: str | None = None
    page_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A drift that begins (`trouble`) or ends (`recovered`), in words."""

    state: Literal["trouble", "recovered"]
    text: str


def observe(
    norm: Norm, measure: Measure, now: datetime, *, stated: int | None = None
) -> tuple[Norm, Turn | None]:
    """The norm after one more observation, and the turn it brought.

    `stated` is what the configuration says of the trait: a smallest size, or 1 for «always there».
    What is stated is never unlearned.
    """
    if not _is_odd(norm, measure, stated):
        return _learnt(norm, measure), Turn("recovered", say_usual_again(norm.trait)) if norm.drift else None
    since = norm.odd_since or now
    odd = replace(norm, odd=norm.odd + 1, odd_since=since)
    if norm.drift is None:
        if not _is_beyond_chance(odd, stated):
            return odd, None
        text = say_drift(measure, odd.odd, stated or norm.usual, is_stated=stated is not None)
        return replace(odd, drift=text), Turn("trouble", text)
    lasts = now - since >= _ACCEPTED_AFTER.get(norm.trait, _ACCEPTED_AFTER_ELSE)
    if stated is None and lasts and odd.odd >= _ACCEPTED_LOOKS:
        return Norm(norm.trait, measure.value, 1), Turn("recovered", say_accepted(norm.drift))
    return odd, None


def _is_odd(norm: Norm, measure: Measure, stated: int | None) -> bool:
    """Whether an observation is not like the norm; for a yes or no, each no begins or goes on a run."""
    trait = norm.trait
    if trait.kind is Kind.RUN:
        return measure.found == 0
    if trait.kind is Kind.SIZE and stated is not None:
        return measure.found < stated
    usual = norm.usual if stated is None else 1.0
    if (stated is None and not _is_learnt(norm)) or usual < trait.least:
        return False
    if norm.drift is not None:
        return measure.value * trait.returns < usual
    has_fallen = measure.value * trait.falls < usual
    return has_fallen and (trait.kind is Kind.SIZE or _chance_of(measure, _share(norm, stated)) < _CHANCE)


def _is_beyond_chance(norm: Norm, stated: int | None) -> bool:
    """Whether a run can no longer be chance; a share was judged within its one look."""
    if norm.trait.kind is not Kind.RUN:
        return norm.odd >= _IN_A_ROW.get(norm.trait, 1)
    is_known = stated is not None or _is_learnt(norm)
    return is_known and (1 - _share(norm, stated)) ** norm.odd < _CHANCE


def _is_learnt(norm: Norm) -> bool:
    return norm.weight >= _FEW.get(norm.trait, _FEW_ELSE)


def _share(norm: Norm, stated: int | None) -> float:
    """How likely a trait is to be there: never quite certain (Laplace), the less the fewer were seen."""
    usual, weight = (norm.usual, norm.weight) if stated is None else (1.0, _MEMORY)
    return (usual * weight + 1) / (weight + 2)


def _chance_of(measure: Measure, share: float) -> float:
    """How likely so few of an observation's entries, or fewer, have what each has with this share."""
    n = measure.of
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(measure.found + 1))


def _learnt(norm: Norm, measure: Measure) -> Norm:
    """The norm moved towards an observation, and towards those of a run that was chance after all."""
    was_chance = norm.trait.kind is Kind.RUN and norm.drift is None
    usual, weight = norm.usual, norm.weight
    for value in [*([0.0] * norm.odd if was_chance else []), measure.value]:
        weight = min(weight + 1, _MEMORY)
        usual += (value - usual) / weight
    return Norm(norm.trait, usual, weight)
