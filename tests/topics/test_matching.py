"""The verdict on a listing entry: its reasons, its doubts and what no input can break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.models.verdict import Verdict, Wording
from worker.topics.matching import match_topic
from worker.topics.topic import build_topic

INTEGRATION = build_topic("integration")

OFFICES = (
    "Sozial- und Integrationsminister Manne Lucha",
    "Ministerium für Soziales, Gesundheit und Integration",
    "Ministerin der Justiz und für Migration Marion Gentges",
    "Beauftragte der Bundesregierung für Migration, Flüchtlinge und Integration",
    "Staatssekretär im Ministerium der Justiz und für Migration",
    "Integrationsministerium",
    "Ministerium für Kinder, Familie, Flüchtlinge und Integration",
)
NEUTRAL = (
    "Hochwasserschutz",
    "Krankenhaus",
    "Haushalt",
    "Wald",
    "Radweg",
    "Organspende",
    "Grippe",
    "Steuern",
)

fields = st.one_of(
    st.none(), st.text(max_size=80), st.sampled_from(OFFICES + NEUTRAL + ("Integration", "Asyl"))
)
wordings = st.builds(
    Wording, title=fields.map(lambda text: text or ""), kicker=fields, teaser=fields, text=fields
)


def verdict(
    title: str, kicker: str | None = None, teaser: str | None = None, text: str | None = None
) -> Verdict:
    """The built-in topic's verdict on these words."""
    return match_topic(INTEGRATION, Wording(title, kicker, teaser, text))


def rules(answer: Verdict) -> set[str]:
    """The names of the rules that spoke."""
    return {evidence.rule for evidence in answer.evidence}


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("place", ["title", "kicker", "teaser", "all"])
def test_an_office_name_never_counts(office: str, place: str) -> None:
    """Wherever the name of an office stands, it adds nothing and is shown as removed."""
    title = office if place in ("title", "all") else "Neues Krankenhaus"
    kicker = office if place in ("kicker", "all") else None
    teaser = office if place in ("teaser", "all") else None
    answer = verdict(title, kicker, teaser)
    assert (answer.score, answer.relevant, answer.uncertain) == (0.0, False, False)
    assert "office-name" in rules(answer)


@pytest.mark.parametrize(
    "title",
    [
        "Vorsitz der Integrationsministerkonferenz geht an Lucha",
        "Land würdigt kommunale Integrationsbeauftragte",
        "Integrationsminister der Länder tagen in Rostock",
        "Sozial- und Integrationsminister Lucha gibt Startsignal für den Pakt für Integration",
        "Integrationsministerium: Flüchtlinge finden Arbeit",
    ],
)
def test_a_subject_beside_or_like_an_office_counts(title: str) -> None:
    """Conferences, the commissioners of towns and whatever stands beside an office are the subject."""
    assert verdict(title).relevant


def test_every_rule_that_spoke_is_shown() -> None:
    """Words for and against, phrases struck out and offices appear with their field and words."""
    answer = verdict(
        "Integrierte Leitstelle: Flüchtlinge und Netzintegration",
        "Menschen mit Behinderungen",
        "Integrationsministerium zu Ausländerbehörden",
    )
    shown = {(evidence.rule, evidence.field, evidence.words) for evidence in answer.evidence}
    assert ("stem:*flüchtling*", "title", "Flüchtlinge") in shown
    assert ("exclude:behinderung*", "kicker", "Behinderungen") in shown
    assert ("office-name", "teaser", "Integrationsministerium") in shown
    assert ("stem:ausländerbehörde*", "teaser", "Ausländerbehörden") in shown


def test_a_struck_phrase_is_shown_with_what_it_hid() -> None:
    """«Europäische Integration» would have counted: the rule that struck it out is evidence of weight 0."""
    answer = verdict("Rede zur europäischen Integration")
    assert not answer.relevant
    assert [(e.rule, e.weight) for e in answer.evidence] == [("ignore:europäisch* integration", 0.0)]


@pytest.mark.parametrize(
    ("kicker", "title"),
    [
        ("INTEGRATION", "Projekte vor Ort"),
        ("Integration/Ukraine", "Projekte vor Ort"),
        (None, "Inte\u00adgrations\u00adkurse starten"),
        (None, "Hilfe für\nFlücht-\nlinge"),
        (None, "FLUECHTLINGSHILFE IM LAND"),
        (None, "Migrant*innen im Beruf"),
        (None, "Deutsch-Kurse in Ulm"),
    ],
)
def test_spelling_makes_no_difference(kicker: str | None, title: str) -> None:
    """Capitals, slashes, soft hyphens, line breaks, ue and gender marks are seen through."""
    assert verdict(title, kicker).relevant


def test_a_kicker_weighs_more_than_a_teaser() -> None:
    """The same word counts most where the ministry says what the release is about."""
    assert verdict("Neues", "Asylpolitik").score > verdict("Neues", None, "Asylpolitik").score


def test_sprachfoerderung_counts_in_company_only() -> None:
    """Language teaching of all children is a school matter; of refugees it is the topic."""
    assert not verdict("Sprachförderung in Kitas wird ausgebaut").relevant
    assert verdict("Sprachförderung für geflüchtete Kinder").relevant


def test_a_collective_release_counts_by_what_it_names() -> None:
    """Its teaser weighs as much as a title, and without a word on the topic its page is fetched."""
    title = "Bericht aus der Kabinettssitzung vom 12. März"
    named = verdict(title, "Kabinett", "Themen: Hochwasser, Asylpolitik, Radwege")
    silent = verdict(title, "Kabinett", "Themen: Hochwasser, Radwege")
    assert (named.relevant, silent.relevant, silent.uncertain) == (True, False, True)
    assert "collective" in rules(silent)


def test_near_the_threshold_the_page_is_wanted() -> None:
    """A medium word in the teaser leaves a doubt; a clear listing and a silent one do not."""
    assert verdict("Ehrung", None, "Einsatz gegen Rassismus").uncertain
    assert not verdict("Integrationspreis", "Integration").uncertain
    assert not verdict("Hochwasserschutz").uncertain


@given(wordings)
def test_the_evidence_adds_up_and_nothing_crashes(wording: Wording) -> None:
    """For any fields the score is the sum of the evidence, kept between 0 and 1, and decides alone."""
    answer = match_topic(INTEGRATION, wording)
    total = sum(evidence.weight for evidence in answer.evidence)
    assert answer.score == pytest.approx(min(1.0, max(0.0, total)), abs=0.01)
    assert answer.relevant == (answer.score >= INTEGRATION.threshold)
    assert answer.uncertain is False or wording.text is None


@settings(max_examples=40, deadline=None)
@given(wordings)
def test_the_same_words_give_the_same_verdict(wording: Wording) -> None:
    """A verdict depends on nothing but the words, not on what was matched before."""
    assert match_topic(INTEGRATION, wording) == match_topic(build_topic("integration"), wording)


@given(st.lists(st.sampled_from(NEUTRAL), max_size=6), st.sampled_from(OFFICES))
def test_an_office_in_any_neutral_title_changes_nothing(words: list[str], office: str) -> None:
    """Adding an office to a title leaves its score as it was."""
    title = ". ".join(words)
    assert verdict(f"{title}. {office}").score == verdict(title).score


@given(wordings, st.sampled_from(["Einbürgerungsfeier", "Integrationskurse", "Spätaussiedler"]))
def test_a_strong_word_never_makes_a_title_less_relevant(wording: Wording, word: str) -> None:
    """The score is monotone in words for the topic."""
    before = match_topic(INTEGRATION, Wording(wording.title, wording.kicker, wording.teaser))
    after = match_topic(INTEGRATION, Wording(f"{wording.title}\n\n{word}", wording.kicker, wording.teaser))
    assert after.score >= before.score


@given(wordings, st.sampled_from(["Bezahlkarte", "Abschiebungen", "Behinderungen"]))
def test_a_word_against_never_makes_a_title_more_relevant(wording: Wording, word: str) -> None:
    """The score is monotone in words against the topic."""
    before = match_topic(INTEGRATION, Wording(wording.title, wording.kicker, wording.teaser))
    after = match_topic(INTEGRATION, Wording(f"{wording.title}\n\n{word}", wording.kicker, wording.teaser))
    assert after.score <= before.score


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "- " * 100_000,
        "! " * 100_000,
        "und-" * 50_000,
        "Minister für und der des " * 8_000,
        "Integration .. " * 13_000,
        "Sozial-, " * 20_000,
        "Migrant*" * 25_000,
        "\n" * 200_000,
        "Anerkennung aus dem Ausland im Ausland " * 5_000,
    ],
)
@pytest.mark.timeout(60)
def test_a_long_text_is_read_to_its_end(text: str) -> None:
    """200 kB of anything get a verdict: what backtracks would run into the timeout."""
    assert not verdict("Rassismus", text=text).uncertain
