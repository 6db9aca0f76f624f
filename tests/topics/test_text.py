"""What a whole text adds: dwelling on the topic decides, mentioning it does not."""

from __future__ import annotations

import pytest

from worker.models.verdict import Verdict, Wording
from worker.topics.matching import match_topic
from worker.topics.text import weigh_text
from worker.topics.topic import build_topic

INTEGRATION = build_topic("integration")

OTHER = """Die Landesregierung setzt damit ein wichtiges Zeichen für die Zukunft des Landes. „Wir wollen die \
Menschen vor Ort unterstützen und ihnen Mut machen“, sagte der Minister am Montag in Stuttgart. Die Mittel \
stehen ab dem kommenden Jahr bereit und können bis zum 31. März beantragt werden.

Im vergangenen Jahr gingen 120 Anträge ein. Das Ministerium für Soziales, Gesundheit und Integration hat \
dafür rund 2,5 Millionen Euro zur Verfügung gestellt. Die Preisträger kommen aus allen Landesteilen."""

ABOUT = """Das Land fördert 35 Projekte, die Geflüchteten den Weg in Arbeit und Ausbildung erleichtern.

Die Integrationsmanagerinnen beraten Geflüchtete in den Unterkünften. Dazu kommen Sprachkurse und \
Begegnungen mit Einheimischen. „Integration gelingt vor Ort“, so der Minister."""

PASSING = (
    "Weitere Mittel fließen in den Straßenbau, in Krankenhäuser und in die Integration von Flüchtlingen."
)


def joined(*blocks: str) -> str:
    """A text of these blocks."""
    return "\n\n".join(blocks)


def verdict(title: str, text: str | None, kicker: str | None = None, teaser: str | None = None) -> Verdict:
    """The built-in topic's verdict on a whole release."""
    return match_topic(INTEGRATION, Wording(title, kicker, teaser, text))


def test_a_text_about_the_topic_decides_against_a_silent_listing() -> None:
    """«Land fördert 35 Projekte» says nothing; the text does."""
    assert not verdict("Land fördert 35 Projekte", None).relevant
    assert verdict("Land fördert 35 Projekte", joined(ABOUT, OTHER)).relevant


@pytest.mark.parametrize("times", [1, 3, 10])
def test_one_passing_mention_never_makes_a_release_relevant(times: int) -> None:
    """A sentence in a text on something else adds nothing, however long the text."""
    text = joined(*[OTHER] * times, PASSING, *[OTHER] * times)
    answer = verdict("Eckpunkte des Haushalts beschlossen", text)
    assert (answer.relevant, answer.uncertain, answer.score) == (False, False, 0.0)


def test_a_short_text_may_say_it_once() -> None:
    """In a page of two sentences one on the topic decides, in one of twenty it is an aside."""
    short = "Das Land fördert Sprachkurse für Geflüchtete. Gestern kam der Bescheid in Ulm an."
    assert verdict("Dolmetschen im Ehrenamt", short).relevant
    assert not verdict("Dolmetschen im Ehrenamt", joined(short, OTHER)).relevant


def test_offices_in_a_text_never_count() -> None:
    """A text may name the ministry as often as it likes."""
    answer = verdict("Neue Klinik", "Das Ministerium für Soziales, Gesundheit und Integration hilft. " * 20)
    assert answer.score == 0.0


def test_in_doubt_the_text_decides_both_ways() -> None:
    """The same doubtful listing becomes relevant or not by what the page dwells on."""
    teaser = "Jugendprojekte zu Ukraine-Krieg, Rassismus und Klimawandel"
    title = "Jugendbildungspreis verliehen"
    assert verdict(title, None, teaser=teaser).uncertain
    aside = joined("Ausgezeichnet wurden Projekte zu Rassismus und Klimawandel.", OTHER, OTHER)
    theme = joined("Alle Projekte stehen gegen Rassismus. Rassistische Gewalt nimmt zu.", ABOUT)
    assert not verdict(title, aside, teaser=teaser).relevant
    assert verdict(title, theme, teaser=teaser).relevant


def test_a_clear_listing_is_not_overruled() -> None:
    """Neither silence nor talk of the topic changes what the listing said clearly."""
    assert verdict("Integrationspreis verliehen", OTHER, kicker="Integration").relevant
    enforcement = joined(ABOUT, "Die Abschiebungen nehmen zu.")
    assert not verdict("Mehr Abschiebungen", enforcement).relevant


@pytest.mark.parametrize("text", ["", "\n\n", "PDF", "Seite nicht gefunden"])
def test_a_text_of_hardly_any_words_decides_nothing(text: str) -> None:
    """When the page could not be read, the listing's words stand, and the verdict is final."""
    answer = verdict("Gentges besucht Karlsruhe", text, kicker="Migration")
    assert (answer.relevant, answer.uncertain) == (True, False)
    assert weigh_text(INTEGRATION, text, collective=False) is None


def test_a_collective_release_counts_by_one_section() -> None:
    """A heading or a paragraph on the topic is enough in a cabinet report, an aside is not."""
    title = "Bericht aus der Kabinettssitzung"
    heading = joined(OTHER, "Integrationsmanagement wird verlängert", "Das Kabinett stimmte zu.", OTHER)
    aside = joined(
        OTHER, "Die Verordnung nennt unter vielem anderen auch die Asylbewerber in einem Satz.", OTHER
    )
    assert verdict(title, heading).relevant
    assert not verdict(title, aside).relevant
    assert not verdict("Neue Verordnung", heading).relevant


def test_the_more_a_text_dwells_on_the_topic_the_more_it_weighs() -> None:
    """The weight grows with the share of the text that is about the topic, up to 0.8."""
    weights = [
        weigh_text(INTEGRATION, joined(*[OTHER] * others, *[ABOUT] * abouts), collective=False)
        for others, abouts in ((4, 1), (2, 1), (1, 1), (0, 1), (0, 3))
    ]
    scores = [weight.score for weight in weights if weight is not None]
    assert scores == sorted(scores)
    assert len(scores) == 5
    assert 0.0 < scores[0] < 0.5 < scores[-1] <= 0.8


def test_the_evidence_of_a_text_names_its_words() -> None:
    """Each rule appears once with the words it first stood on, and together they make the score."""
    answer = verdict("Land fördert 35 Projekte", ABOUT)
    assert {evidence.field for evidence in answer.evidence} == {"text"}
    assert len({evidence.rule for evidence in answer.evidence}) == len(answer.evidence)
    assert sum(evidence.weight for evidence in answer.evidence) == pytest.approx(answer.score, abs=0.01)
