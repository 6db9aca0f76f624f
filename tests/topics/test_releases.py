"""Releases whose listing leaves a doubt, in `releases.toml`: the page is fetched and its text decides."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.world import World
from worker.models.verdict import Verdict, Wording
from worker.topics.matching import match_topic
from worker.topics.topic import build_topic

INTEGRATION = build_topic("integration")


class Case(BaseModel):
    """One release of the file and whether it is about the topic."""

    about: bool
    kicker: str
    title: str
    teaser: str | None = None
    text: str

    def verdict(self, *, text: str | None) -> Verdict:
        """The verdict on the listing, or on the whole release."""
        return match_topic(INTEGRATION, Wording(self.title, self.kicker, self.teaser, text))


TABLES = tomllib.loads((Path(__file__).parent / "releases.toml").read_text(encoding="utf-8"))["release"]
ELSEWHERE = """Die Brücke über den Neckar ist fertig. Sie ist 240 Meter lang, der Bau dauerte zwei Jahre. \
Am Montag fahren die ersten Autos. Für Fußgänger und Räder gibt es eigene Wege. Das Land hat 18 Millionen \
bezahlt, die Stadt den Rest. Eine zweite Brücke ist geplant, doch der Termin steht noch nicht fest. \
Anwohner hatten sich über den Lärm beschwert; nun wird eine Wand errichtet. Im Mai folgt die Hafenstraße."""
CASES = [Case.model_validate(table) for table in TABLES]


def test_the_set_is_large_and_mixed() -> None:
    """There are at least thirty, half of them about something else, each as long as a short release."""
    assert len(CASES) >= 30
    assert 0.4 <= sum(case.about for case in CASES) / len(CASES) <= 0.6
    assert all(80 <= len(case.text.split()) <= 200 for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_listing_leaves_a_doubt_and_the_text_ends_it(case: Case) -> None:
    """What the text dwells on decides, wherever the score of the listing stood."""
    assert case.verdict(text=None).uncertain
    assert case.verdict(text=case.text).relevant is case.about


@pytest.mark.parametrize("case", [case for case in CASES if not case.about], ids=lambda case: case.title)
def test_two_asides_in_a_longer_text_are_still_asides(case: Case) -> None:
    """Who thanks the helpers of refugees in one sentence and lists «Integration» in another is not on it."""
    asides = (
        "Der Minister dankte auch allen, die sich für Geflüchtete einsetzen.",
        "Gefördert werden Sport, Kultur, Umwelt, Jugendarbeit und Integration.",
    )
    text = "\n\n".join((case.text, asides[0], ELSEWHERE, asides[1]))
    assert not case.verdict(text=text).relevant


def test_a_poll_keeps_those_about_the_topic_and_sets_the_others_aside(world: World) -> None:
    """The whole way: the listing is in doubt, each page is fetched once, and the text has the last word."""
    for case in CASES:
        world.publish(case.title, kicker=case.kicker, lead=case.teaser, text=case.text.strip())
    world.poll()
    assert set(world.titles()) == {case.title for case in CASES if case.about}
    states = world.rows("select state, attempts, count(*) as items from items group by 1, 2 order by 1")
    about = sum(case.about for case in CASES)
    assert states == [
        {"state": "fetched", "attempts": 1, "items": about},
        {"state": "skipped", "attempts": 1, "items": len(CASES) - about},
    ]
