"""Which changes of a page are edits, and which are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.samples import release
from worker.fingerprint import content_sha256
from worker.models.release import Image, Link, Related, Release

_FILES = "https://ministerium.test/fileadmin/_processed_/a/b/"
_PICTURE = Image(src=f"{_FILES}csm_Kurs_480x320_0a1b2c3d4e.jpg", alt="Ein Sprachkurs", credit="dpa")
_RELEASE = replace(
    release(lead="Ein kurzer Text", body=("Erster Absatz.", "Zweiter Absatz.")),
    published=date(2024, 3, 21),
    images=(_PICTURE,),
)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Anders"},
        {"kicker": "Anders"},
        {"lead": "Ein langer Text"},
        {"published": date(2024, 3, 22)},
        {"images": ()},
        {"images": (_PICTURE, replace(_PICTURE, src=f"{_FILES}csm_Fest_480x320_0a1b2c3d4e.jpg"))},
        {"images": (replace(_PICTURE, alt="Ein Fest"),)},
        {"images": (replace(_PICTURE, caption="In Stuttgart"),)},
        {"images": (replace(_PICTURE, src=f"{_FILES}csm_Fest_480x320_0a1b2c3d4e.jpg"),)},
    ],
)
def test_what_an_editor_changes_is_an_edit(change: Mapping[str, Any]) -> None:
    """Words, the day, and what is seen on the pictures."""
    assert content_sha256(replace(_RELEASE, **change)) != content_sha256(_RELEASE)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://anders.test"},
        {"lead": "Ein  kurzer\nText"},
        {"links": (Link("Landesbeirat"),)},
        {"related": (Related(None, "Eine andere Meldung"),)},
    ],
)
def test_what_a_portal_changes_is_none(change: Mapping[str, Any]) -> None:
    """White space, closing links and the news around a release."""
    assert content_sha256(replace(_RELEASE, **change)) == content_sha256(_RELEASE)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("csm_Kurs_480x320_0a1b2c3d4e.jpg", "csm_Kurs_960x640_ffee001122.jpg"),
        ("csm_Kurs_480x320_0a1b2c3d4e.jpg", "Kurs.webp"),
        ("Kurs.jpg?v=1", "Kurs.jpg?v=2"),
        ("Kurs-1024x683.jpg", "Kurs-scaled.jpg"),
        ("Kurs@2x.png", "Kurs.png"),
        ("Kurs.3f9a1c.webp", "Kurs.88d0e2.webp"),
        ("0a1b2c3d4e5f.jpg", "ffee00112233.jpg"),
    ],
)
def test_a_picture_published_anew_is_the_same(name: str, other: str) -> None:
    """Content systems put sizes and hashes into the names of files."""
    assert _with_picture(name) == _with_picture(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Kurs_1.jpg", "Kurs_2.jpg"), ("fassade.jpg", "decade.jpg"), ("Kurs-2023.jpg", "Kurs-2024.jpg")],
)
def test_another_picture_has_another_name(name: str, other: str) -> None:
    """Numbers and words that a person gave are kept."""
    assert _with_picture(name) != _with_picture(other)


def _with_picture(name: str) -> str:
    return content_sha256(_pictured(name))


def _pictured(name: str) -> Release:
    return replace(_RELEASE, images=(replace(_PICTURE, src=_FILES + name),))
