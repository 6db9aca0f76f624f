"""Office names are found whole, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from worker.topics.offices import office_tokens
from worker.topics.words import clean, tokenize


def offices(text: str) -> list[str]:
    """The office names found in `text`, as they stand there."""
    cleaned = clean(text)
    tokens = tokenize(cleaned)
    return [
        " ".join(cleaned[tokens[name[0]].start : tokens[name[-1]].end].split())
        for name in office_tokens(cleaned, tokens)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sozial- und Integrationsminister Manne Lucha", "Sozial- und Integrationsminister"),
        ("Sozial-\nund Integra\u00adtionsministerin", "Sozial- und Integrationsministerin"),
        (
            "Sozial-, Gesundheits- und Integrationsministeriums",
            "Sozial-, Gesundheits- und Integrationsministeriums",
        ),
        (
            "Das Ministerium für Soziales, Gesundheit und Integration fördert",
            "Ministerium für Soziales, Gesundheit und Integration",
        ),
        ("MINISTERIUM FÜR SOZIALES UND\nINTEGRATION warnt", "MINISTERIUM FÜR SOZIALES UND INTEGRATION"),
        (
            "Ministerin der Justiz und für Migration Marion Gentges",
            "Ministerin der Justiz und für Migration",
        ),
        ("Minister Lucha (Soziales und Integration)", "Minister Lucha (Soziales und Integration"),
        (
            "der Beauftragten der Bundesregierung für Migration, Flüchtlinge und Integration durchgeführt",
            "Beauftragten der Bundesregierung für Migration, Flüchtlinge und Integration",
        ),
        (
            "Ausschuss für Soziales, Gesundheit und Integration",
            "Ausschuss für Soziales, Gesundheit und Integration",
        ),
        ("integrationspolitische Sprecherin", "integrationspolitische Sprecherin"),
        ("Abteilung Integration", "Abteilung Integration"),
        (
            "Landesbeauftragter für Vertriebene und Aussiedler",
            "Landesbeauftragter für Vertriebene und Aussiedler",
        ),
        ("Integrationsministerium: Pakt für Integration", "Integrationsministerium"),
        (
            "Ministerium für Soziales und Integration und Flüchtlingsrat",
            "Ministerium für Soziales und Integration",
        ),
    ],
)
def test_an_office_is_found_whole(text: str, name: str) -> None:
    """The name goes as far as its departments go, over commas, line breaks and «für»."""
    assert offices(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Vorsitz der Integrationsministerkonferenz",
        "Land würdigt Arbeit der kommunalen Integrationsbeauftragten",
        "Integrationsbeauftragte der Stadt Ulm",
        "Pakt für Integration",
        "Ministerpräsident Kretschmann",
    ],
)
def test_a_subject_is_no_office(text: str) -> None:
    """Conferences and the commissioners of towns are what a release is about."""
    assert offices(text) == []
