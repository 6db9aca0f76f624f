"""Source notes of pictures in all their spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.understanding.credits import split_credit


@pytest.mark.parametrize(
    ("raw", "text", "credit"),
    [
        ("Gemeinsames Essen (Quelle: dpa).", "Gemeinsames Essen", "dpa"),
        ("Ein Fest in Ulm. Quelle: Jana Beispiel", "Ein Fest in Ulm.", "Jana Beispiel"),
        ("Autos in Stuttgart (Foto: © dpa)", "Autos in Stuttgart", "dpa"),
        ("Ein Haus. (Bild: picture alliance/Jan Muster/dpa)", "Ein Haus.", "picture alliance/Jan Muster/dpa"),
        ("Symbolbild: Symbolbild: Ein Kurs (Bild: dpa)", "Symbolbild: Ein Kurs", "dpa"),
        ("picture alliance/dpa", None, "picture alliance/dpa"),
        ("© Staatsministerium Baden-Württemberg", None, "Staatsministerium Baden-Württemberg"),
        ("Foto: Leif Beispiel", None, "Leif Beispiel"),
        ("Streik in Ulm // GHL/Tonja Beispiel", "Streik in Ulm", "GHL/Tonja Beispiel"),
        ("Nach dem Regen | Adobe Stock / reh", "Nach dem Regen", "Adobe Stock / reh"),
        ("Jan Muster | dpa", None, "Jan Muster | dpa"),
        ("Montage in Kempten, Foto: Beispiel", "Montage in Kempten", "Beispiel"),
        ("Ein Laib. Alle Bilder: Toni Muster", "Ein Laib.", "Toni Muster"),
        ("Eine Bahn im Landesdesign (bwegt)", "Eine Bahn im Landesdesign (bwegt)", None),
        ("Die Quelle der Donau liegt im Schwarzwald.", "Die Quelle der Donau liegt im Schwarzwald.", None),
    ],
)
def test_splits(raw: str, text: str | None, credit: str | None) -> None:
    """Each spelling is parted into words and source; other brackets stay."""
    assert split_credit(raw) == (text, credit)


@given(st.text(alphabet="aB (Foto:©dpa).Quelle/-„“", max_size=200))
def test_never_invents_a_source(raw: str) -> None:
    """A source is always words of the line."""
    found = split_credit(raw)
    assert found.credit is None or found.credit in raw
