"""The plain-text side of a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker import __version__
from worker.digests.plain import WIDTH, write_plain
from worker.digests.view import view_digest
from worker.models.event import Digest, EventKind, SourceNote
from worker.models.release import BodyBlock, Quote

from .samples import COMPOSED, COURSES, EMAIL, SOURCE_NAME, WITHDRAWN, changed_entry, digest, entry


def told(message: Digest) -> str:
    """The plain text of a digest."""
    return write_plain(view_digest(message, unsubscribe_url=EMAIL.unsubscribe_url))


def test_an_entry_says_everything_a_reader_needs() -> None:
    """Kicker, title, date, source, lead, quote, amounts, reasons and address are there."""
    text = " ".join(told(digest(entry())).split())
    for words in (
        "1 neue Mitteilung",
        "NEU (1)",
        "Integration Land fördert Sprachkurse",
        "20. November 2026 · Ministerium für",
        "Zuschüsse für Kurse",
        "„Sprache ist der Schlüssel",
        "– Dr. Ute Leidig, Staatssekretärin",
        "Beträge: 320 Millionen Euro · 1.500 Euro je Platz",
        "Ausgewählt wegen: Sprachkurse (Titel)",
        COURSES.url or "",
        "Abbestellen: https://example.net/",
    ):
        assert words in text


def test_the_first_lines_say_where_from_and_what_about() -> None:
    """Sources and kickers, each once; below it the sources that cannot be relied on."""
    message = replace(
        digest(),
        sources=(SourceNote("Landesportal", is_troubled=True, troubled_since=COMPOSED - timedelta(days=2)),),
    )
    head = " ".join(told(message).partition("NEU (1)")[0].split())
    assert f"{SOURCE_NAME} – Integration, Anerkennung" in head
    assert "Landesportal ist seit 2 Tagen gestört" in head


def test_the_last_lines_say_what_is_covered() -> None:
    """The period since the digest before, the sources, the version."""
    first = replace(digest(), sources=(SourceNote("Landesportal"),))
    tail = " ".join(told(first).rpartition("-- \n")[2].split())
    assert "Zeitraum: bis Montag, 23. November 2026, 07:00 Uhr; dies ist der erste" in tail
    assert "Quellen: Landesportal (alle lesbar)" in tail
    assert f"Pressewacht {__version__}, Kanal „redaktion“" in tail
    later = told(replace(first, since=COMPOSED - timedelta(days=3)))
    assert "Zeitraum: Freitag, 20. November 2026, 07:00 Uhr bis Montag, 23. November" in " ".join(
        later.split()
    )


def test_the_quotation_that_says_most_is_told() -> None:
    """One with a speaker rather than without, a long one rather than a short one, none that is cut."""
    quotes = (
        Quote(None, None, "Niemand weiß, wer das so lange und so ausführlich gesagt hat."),
        Quote("Dr. Ute Leidig", "Staatssekretärin", "Gut so."),
        Quote("Dr. Ute Leidig", "Staatssekretärin", "Sprache ist der Schlüssel zur Teilhabe."),
        Quote("Dr. Ute Leidig", "Staatssekretärin", "Und so weiter. " * 40),
    )
    text = told(digest(entry(replace(COURSES, quotes=quotes))))
    assert "„Sprache ist der Schlüssel zur Teilhabe.“" in text
    assert text.count("Leidig") == 1


def test_changes_are_readable_without_colour() -> None:
    """Removed words stand in [-…-], new ones in {+…+}, with a space between them and a legend."""
    text = " ".join(told(digest()).split())
    assert "[-dauerhaft-] {+bis 2028+} fortgeführt" in text
    assert "Gestrichenes steht in [-…-], Neues in {+…+}." in text


def test_a_withdrawn_release_says_so() -> None:
    """With the stored copy's address where there is one."""
    text = told(
        digest(entry(WITHDRAWN, EventKind.WITHDRAWN), stored_copy_base="https://daten.example.net/monitor")
    )
    assert "Zurückgezogen:" in text
    assert "Gespeicherte Fassung ansehen:\nhttps://daten.example.net/monitor/releases/https~3A~2F~2F" in text
    assert f"Frühere Adresse:\n{WITHDRAWN.url}" in text


def test_a_restored_release_says_so_and_links() -> None:
    """It can be read again where it was."""
    text = told(digest(entry(WITHDRAWN, EventKind.RESTORED)))
    assert "Wieder da:" in text
    assert f"\n{WITHDRAWN.url}\n" in text


def test_a_change_without_visible_words_says_that() -> None:
    """An empty diff is not an empty entry."""
    assert "nichts Sichtbares geändert" in told(digest(replace(entry(kind=EventKind.CHANGED), diff=())))


def test_a_bare_release_is_still_an_entry() -> None:
    """Without lead, speaker, amounts and reasons there are title, source and address."""
    bare = replace(COURSES, lead=None, kicker=None, amounts=(), quotes=(Quote(None, None, "Nur Worte."),))
    text = told(replace(digest(replace(entry(bare), reasons=())), stored_copy_base=None))
    assert "  „Nur Worte.“\n\nhttps://" in text
    assert "Beträge" not in text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("„Ganz gesagt.“", "„Ganz gesagt.“"),
        ("Er sprach von „Motto“", "„Er sprach von „Motto““"),
        ("„", "„„“"),
    ],
)
def test_a_quote_has_its_marks_once(said: str, shown: str) -> None:
    """Marks around all of it are not doubled, marks inside stay."""
    release = replace(COURSES, quotes=(Quote(None, None, said),), amounts=())
    assert f"  {shown}\n" in told(digest(replace(entry(release), reasons=())))


def test_a_paragraph_mark_alone_can_change() -> None:
    """A paragraph that was split shows no empty marks."""
    joined = replace(COURSES, body=(BodyBlock("paragraph", "Eins. Zwei."),))
    split = replace(COURSES, body=(BodyBlock("paragraph", "Eins."), BodyBlock("paragraph", "Zwei.")))
    text = told(digest(changed_entry(joined, split)))
    assert "[--]" not in text
    assert "{++}" not in text


def test_english_is_english() -> None:
    """No German words of ours are left in an English digest."""
    text = told(replace(digest(), language="en"))
    assert "1 new, 1 changed and 1 withdrawn release" in text
    assert "Edited after publication" in text
    assert "Chosen for:" in text
    assert "Mitteilung" not in text.replace("pressemitteilung", "")


def test_nothing_is_left_out_however_much_there_is() -> None:
    """After a long pause the digest is long: a release is told once, so it is told now."""
    text = told(digest(*(entry(replace(COURSES, title=f"Titel {n}")) for n in range(103))))
    assert "103 neue Mitteilungen" in text
    assert text.count("\nTitel ") == 103


def test_a_rewritten_release_shows_only_the_first_changes() -> None:
    """A hundred edits are not all listed; the reader is told that there are more."""
    words = [f"wort{n} bleibt" for n in range(200)]
    before, after = (
        replace(COURSES, lead=" ".join(words)),
        replace(COURSES, lead=" ".join(words).replace("wort", "neu")),
    )
    text = told(digest(changed_entry(before, after)))
    assert "Weitere Änderungen stehen in der Mitteilung." in text


@given(st.text(max_size=200))
def test_prose_keeps_to_the_measure(text: str) -> None:
    """Every line that can be broken is at most as wide as the text is set."""
    spaced = " ".join(text[n : n + 20] for n in range(0, len(text), 20))
    release = replace(COURSES, title=spaced, lead=spaced, kicker=None)
    message = view_digest(digest(entry(release)))
    assert all(len(line) <= WIDTH or "://" in line for line in write_plain(message).splitlines())
