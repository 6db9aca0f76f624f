"""Word-by-word diffs of two versions of a release."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.diffs import FieldChange, compare_readings, diff_releases, shorten_diff
from worker.models.event import DiffPart
from worker.models.release import BodyBlock, Extraction, Image, Release

PLAIN = Release(
    url=None,
    kicker="Integration",
    title="Land fördert 320 Kurse",
    published=date(2024, 3, 21),
    lead="Ein Vorspann.",
    body=(BodyBlock("paragraph", "Erster Absatz."), BodyBlock("paragraph", "Zweiter Absatz.")),
    images=(),
    links=(),
    related=(),
    quotes=(),
    amounts=(),
    extractor=Extraction("1", "page"),
)

prose = st.text(alphabet='aeä .,\n"„1-*:', max_size=80) | st.text(max_size=60)


def with_body(*paragraphs: str) -> Release:
    """The plain release with other paragraphs."""
    return replace(PLAIN, body=tuple(BodyBlock("paragraph", one) for one in paragraphs))


def joined(parts: tuple[DiffPart, ...], field: str, op: str) -> str:
    """One side of a field's diff: what is equal, and what came or went."""
    return "".join(part.text for part in parts if part.field == field and part.op in ("equal", op))


def runs(parts: tuple[DiffPart, ...]) -> list[tuple[str, str]]:
    """Operation and text of each part."""
    return [(part.op, part.text) for part in parts]


def test_equal_releases_have_no_diff() -> None:
    """Nothing changed, nothing said."""
    assert diff_releases(PLAIN, PLAIN) == ()


def test_one_word_is_one_change() -> None:
    """A changed number is shown as that number and nothing around it."""
    changed = replace(PLAIN, title="Land fördert 230 Kurse")
    assert runs(diff_releases(PLAIN, changed)) == [
        ("equal", "Land fördert "),
        ("delete", "320"),
        ("insert", "230"),
        ("equal", " Kurse"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bürger:innen", "Bürgerinnen"),
        ("1.234,56", "1.234,65"),
        ("Pro-Kopf-Sätze", "Pro-Kopf-Satz"),
        ("Lehrer*innen", "Lehrer"),
    ],
)
def test_sums_and_compounds_are_single_words(old: str, new: str) -> None:
    """A sum, a compound or a gendered form changes as a whole."""
    parts = diff_releases(replace(PLAIN, title=f"Die {old} hier"), replace(PLAIN, title=f"Die {new} hier"))
    assert runs(parts)[1:3] == [("delete", old), ("insert", new)]


def test_only_changed_fields_are_named() -> None:
    """Fields that stayed do not appear, a new date does."""
    parts = diff_releases(PLAIN, replace(PLAIN, published=date(2024, 3, 22)))
    assert {part.field for part in parts} == {"published"}
    assert joined(parts, "published", "insert") == "2024-03-22"


def test_a_field_that_appears_is_one_insertion() -> None:
    """A kicker that was not there before is inserted."""
    parts = diff_releases(replace(PLAIN, kicker=None), PLAIN)
    assert parts == (DiffPart("kicker", "insert", "Integration"),)


def test_a_new_paragraph_leaves_its_neighbours_alone() -> None:
    """A paragraph put in between is one insertion, whatever words it shares with the others."""
    parts = diff_releases(
        with_body("Erster Absatz.", "Dritter."), with_body("Erster Absatz.", "Zweiter Absatz.", "Dritter.")
    )
    assert [part.text.strip() for part in parts if part.op != "equal"] == ["Zweiter Absatz."]


@given(prose, prose, prose, prose)
def test_both_versions_can_be_read_from_a_diff(title: str, other: str, body: str, changed: str) -> None:
    """Equal and inserted runs are the new text, equal and deleted runs the old one, for every field."""
    before = replace(with_body(body), title=title)
    after = replace(with_body(changed), title=other)
    parts = diff_releases(before, after)
    for field, old, new in (("title", title, other), ("text", before.text, after.text)):
        is_told = any(part.field == field for part in parts)
        assert is_told == (old != new)
        if is_told:
            assert joined(parts, field, "delete") == old
            assert joined(parts, field, "insert") == new


@given(prose, prose)
def test_runs_are_never_empty_and_never_repeat_their_kind(old: str, new: str) -> None:
    """No run is empty, and neighbouring runs of one field differ in kind."""
    parts = diff_releases(with_body(old), with_body(new))
    assert all(part.text for part in parts)
    assert all(one.op != other.op for one, other in itertools.pairwise(parts))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wort satz " * 6000, "satz neu " * 6000),
        ("\n\n".join(f"a{n}" for n in range(20_000)), "\n\n".join(f"b{n}" for n in range(20_000))),
        ("\n\n".join(["x"] * 20_000), "\n\n".join(["x", "y"] * 10_000)),
    ],
)
@pytest.mark.timeout(60)
def test_hostile_texts_take_seconds_not_minutes(old: str, new: str) -> None:
    """The time is bounded, and the laws hold all the same."""
    parts = diff_releases(with_body(old), with_body(new))
    assert joined(parts, "text", "insert") == with_body(new).text
    assert joined(parts, "text", "delete") == with_body(old).text


def test_more_words_than_symbols_replace_everything() -> None:
    """A text with too many different paragraphs to number is replaced as a whole."""
    old, new = ["\n\n".join(f"{name}{n}" for n in range(70_000)) for name in "ab"]
    parts = diff_releases(with_body(old), with_body(new))
    assert joined(parts, "text", "insert") == with_body(new).text


def test_shortening_keeps_changes_and_the_words_around_them() -> None:
    """Long equal runs are cut to whole words on the side of the change, short ones stay."""
    long = "Wort " * 100
    parts = (
        DiffPart("text", "equal", f"{long}davor "),
        DiffPart("text", "delete", "alt"),
        DiffPart("text", "equal", f" danach {long}noch "),
        DiffPart("text", "insert", "neu"),
        DiffPart("text", "equal", " Ende."),
    )
    first, deleted, middle, inserted, last = (part.text for part in shorten_diff(parts, context=30))
    assert first.startswith("… ")
    assert first.endswith(" davor ")
    assert (deleted, inserted, last) == ("alt", "neu", " Ende.")
    assert middle.startswith(" danach Wort")
    assert " … " in middle
    assert middle.endswith("noch ")
    assert all(len(text) < 80 for text in (first, middle))


def test_shortening_cuts_a_very_long_insertion() -> None:
    """A whole new page is shown by its beginning."""
    (part,) = shorten_diff((DiffPart("text", "insert", "neu " * 500),), longest=50)
    assert len(part.text) <= 52
    assert part.text.endswith("…")


def test_an_unchanged_field_of_one_run_is_cut_to_nothing_but_dots() -> None:
    """An equal run without a change beside it in its own field says only that there is more."""
    parts = (DiffPart("title", "insert", "x"), DiffPart("text", "equal", "Wort " * 100))
    assert shorten_diff(parts)[1].text == "… "


def test_two_readings_differ_field_by_field() -> None:
    """Each field that is filled differently, with the lines that went and came; notes do not count."""
    after = replace(
        with_body("Erster Absatz.", "Dritter Absatz."),
        lead=None,
        images=(Image("https://presse.test/a.jpg", credit="dpa"),),
        extractor=Extraction("2", "page"),
    )
    assert compare_readings(PLAIN, after) == (
        FieldChange("lead", ("Ein Vorspann.",), ()),
        FieldChange("body", ("paragraph · Zweiter Absatz.",), ("paragraph · Dritter Absatz.",)),
        FieldChange("images", (), ("https://presse.test/a.jpg · dpa",)),
    )
    assert compare_readings(PLAIN, replace(PLAIN, extractor=Extraction("2", "page"))) == ()


def test_readings_in_another_order_differ() -> None:
    """Where only the order is another, all lines are shown."""
    (change,) = compare_readings(PLAIN, replace(PLAIN, body=PLAIN.body[::-1]))
    assert (len(change.gone), change.gone) == (2, change.come[::-1])
