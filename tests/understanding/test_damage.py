"""A damaged page is read, refused, or warned about: hardly ever is a field wrong in silence."""

from __future__ import annotations

from benchmarks.damage import Tally, cases, try_case

SEEDS = range(100, 104)


def test_damage_is_hardly_ever_silent() -> None:
    """Less than one field in two hundred is wrong without a warning that names it."""
    tallies: dict[str, Tally] = {}
    faults = [fault for case in cases() for seed in SEEDS for fault in try_case(case, seed, tallies)]
    judged = sum(tally.judged for tally in tallies.values()) // 2  # told once by field, once by damage
    assert judged > 700
    assert 200 * len(faults) < judged, faults
