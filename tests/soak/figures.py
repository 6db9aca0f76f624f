"""Figures of the long proofs, for those who want to quote them."""

from __future__ import annotations

import sys

import pytest


def report(capture: pytest.CaptureFixture[str], about: str, **figures: object) -> None:
    """One line past pytest's capture."""
    shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
    with capture.disabled():
        sys.stderr.write(f"\n{about}: {shown}\n")
