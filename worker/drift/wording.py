"""Drift in one sentence: what is gone, and what was usual. Floor 1, pure."""

from __future__ import annotations

from worker.drift.traits import ENTRIES, Kind, Measure, Trait


def say_drift(measure: Measure, in_a_row: int, usual: float, *, is_stated: bool) -> str:
    """What an observation, the last of so many in a row, is lacking.

    `usual` is the share or size learned or, if `is_stated`, what the configuration expects.
    """
    trait, found, of = measure.trait, measure.found, measure.of
    if trait is ENTRIES:
        expected = f"at least {usual:.0f} are expected" if is_stated else f"there are usually {usual:.0f}"
        return f"only {found} entries where {expected}"
    if trait.kind is Kind.SIZE:
        return (
            f"the last {in_a_row} {trait.of_whom} are far too short: "
            f"{found} {trait.what} where {usual:.0f} are usual"
        )
    if trait.kind is Kind.SHARE:
        number = f"only {found} of {of}" if found else f"none of {of}"
        expected = "all are expected to" if is_stated else f"usually {usual * of:.0f} have"
        return f"{number} {trait.of_whom} have {trait.what}; {expected}"
    expected = "it is expected" if is_stated else f"usually {usual:.0%} have it"
    if trait.of_whom == "releases":
        return f"the last {in_a_row} releases have not got {trait.what}; {expected}"
    return f"at the last {in_a_row} looks {trait.of_whom} had not got {trait.what}; {expected}"


def say_usual_again(trait: Trait) -> str:
    """That a drift is over."""
    if trait.kind is Kind.SIZE:
        return f"{trait.of_whom} {'has' if trait is ENTRIES else 'have'} as many {trait.what} as usual again"
    return f"{trait.of_whom} {'has' if trait.of_whom.startswith('the ') else 'have'} {trait.what} again"


def say_accepted(drift: str) -> str:
    """That a drift has lasted so long that it is taken for normal from now on."""
    return f"lasting, so taken for normal from now on: {drift}"


def say_silence(days: int, longest: float, *, stated: int | None) -> str:
    """That nothing new came for so many days."""
    if stated is not None:
        return f"nothing new for {days} days; something is expected every {stated}"
    usual = f"the longest pause was {longest:.0f}" if longest else "too little is known to call that usual"
    return f"nothing new for {days} days; {usual}"
