"""Topics from TOML: new ones, and changes to the built-in one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from worker.errors import UsageError
from worker.models.verdict import Verdict, Wording
from worker.topics.matching import match_topic
from worker.topics.topic import Topic, build_topic
from worker.topics.vocabulary import TopicTable

CARE = """
name = "Pflege"
strong = ["Pflegekräfte", "Pflegeheim*", "Kurzzeitpflege*", "Tagespflege*", "Pflegeausbildung*"]
medium = ["Pflege", "*pflege", "Pflegende", "Demenz*"]
weak = ["Angehörige", "Senior*"]
kickers = ["Pflege"]
ignore = ["Körperpflege", "Landschaftspflege*", "Denkmalpflege*", "Tagespflege .. Kinder*"]
against = ["Pflegekind*", "Pflegefamilie*"]

[[context]]
words = ["Ausbildung"]
with = ["Pflege*", "Krankenpflege*"]
without = ["Handwerk*"]
weight = 0.3
"""


def table(text: str) -> TopicTable:
    """The table that stands in `text`."""
    return TopicTable.model_validate(tomllib.loads(text))


def integration(title: str, changes: str = "") -> Verdict:
    """The verdict of the built-in topic, changed by a table, on a title."""
    return match_topic(build_topic("integration", table(changes)), Wording(title))


@pytest.mark.parametrize(
    ("kicker", "title", "relevant"),
    [
        ("Pflege", "Mehr Geld für Heime", True),
        ("", "Land fördert Kurzzeitpflegeplätze", True),
        ("", "Ausbildung in der Altenpflege wird attraktiver", True),
        ("", "Lucha besucht Pflegeheim in Ulm", True),
        ("", "Denkmalpflege: Neue Mittel für Schlösser", False),
        ("Familie", "Pflegefamilien gesucht", False),
        ("Handwerk", "Ausbildung im Handwerk", False),
        ("Integration", "Sprachkurse für Geflüchtete", False),
    ],
)
def test_a_topic_is_defined_in_toml_alone(kicker: str, title: str, relevant: bool) -> None:
    """Care, which is not built in, is recognised by nothing but its table."""
    verdict = match_topic(build_topic("pflege", table(CARE)), Wording(title, kicker))
    assert verdict.relevant is relevant
    assert verdict.topic == "pflege"


@pytest.fixture(scope="module")
def housing() -> Topic:
    """The second topic of the shipped config.toml, its comment signs taken away."""
    shipped = (Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8")
    (commented,) = re.findall(r"^# \[topics\.wohnen\]\n(?:#.*\n)+", shipped, re.MULTILINE)
    switched_on = tomllib.loads(re.sub(r"^# ?", "", commented, flags=re.MULTILINE))
    return build_topic("wohnen", TopicTable.model_validate(switched_on["topics"]["wohnen"]))


@pytest.mark.parametrize(
    ("kicker", "title", "relevant"),
    [
        ("Wohnungsbau", "Neue Förderrunde startet", True),
        ("Städtebau", "Bezahlbarer Wohnraum: Förderung steigt auf 500 Millionen Euro", True),
        ("", "Mietpreisbremse wird bis 2029 verlängert", True),
        ("", "Mieterinnen und Mieter besser schützen", True),
        ("Hochschule", "300 neue Plätze in Studierendenwohnheimen und Wohnheimen für Azubis", True),
        ("Flüchtlinge", "Land baut Sozialwohnungen für anerkannte Flüchtlinge", True),
        ("Bauen", "Förderprogramm hilft Mietern beim Sanieren", True),
        ("Soziales", "Wohnungslosenhilfe wird ausgebaut", False),
        ("Polizei", "Zahl der Wohnungseinbrüche auf Tiefstand", False),
        ("Tourismus", "Ferienwohnungen gut gebucht", False),
        ("Pflege", "Förderprogramm für Wohnen im Pflegeheim", False),
        ("", "Ministerium für Landesentwicklung und Wohnen stellt Nachwuchs ein", False),
        ("Statistik", "Einwohnerzahl wächst", False),
        ("Integration", "Sprachkurse für Geflüchtete", False),
    ],
)
def test_the_second_topic_of_the_shipped_configuration_works(
    housing: Topic, kicker: str, title: str, relevant: bool
) -> None:
    """Housing, once uncommented, finds its releases and none of the first topic's."""
    assert match_topic(housing, Wording(title, kicker)).relevant is relevant


def test_names_and_defaults() -> None:
    """A topic is called by its name, else by its id; threshold and doubt have defaults."""
    care = build_topic("pflege", table(CARE))
    assert (care.name, care.threshold, care.doubt) == ("Pflege", 0.5, 0.25)
    assert build_topic("wohnen", table('strong = ["Wohnung*"]')).name == "wohnen"
    assert build_topic("integration", table('name = "Migration"')).name == "Migration"


@pytest.mark.parametrize("table_or_none", [None, table(""), table('weak = []\nagainst = ["Auto"]')])
def test_a_topic_without_words_is_a_usage_error(table_or_none: TopicTable | None) -> None:
    """Neither built in nor defined, or defined without a word that counts."""
    with pytest.raises(UsageError, match="wohnen"):
        build_topic("wohnen", table_or_none)


@pytest.mark.parametrize("word", ["Woh nung* ..", "@haus", "a*b", "x*"])
def test_an_unreadable_word_is_a_usage_error(word: str) -> None:
    """The message names the topic and quotes the word."""
    with pytest.raises(UsageError, match=r"topics\.wohnen"):
        build_topic("wohnen", TopicTable(strong=(word,)))


@pytest.mark.parametrize(
    "text", ['stong = ["x"]', "threshold = 2.0", "fields = { text = 1.0 }", "weights = 3"]
)
def test_an_unknown_key_or_value_is_refused(text: str) -> None:
    """Misspelt keys and impossible numbers do not pass."""
    with pytest.raises(ValidationError):
        table(text)


def test_words_can_be_added_to_the_built_in_topic() -> None:
    """A local project name counts from the day it is written down."""
    assert not integration("Startschuss für Projekt Brückenbauer").relevant
    assert integration("Startschuss für Projekt Brückenbauer", 'strong = ["Brückenbauer"]').relevant


def test_words_of_the_built_in_topic_can_be_removed_or_moved() -> None:
    """`remove`, a weight of 0 and another list each take a word out of its old place."""
    title = "Neues vom Iftar"
    assert integration(title).relevant
    assert not integration(title, 'remove = ["Iftar*"]').relevant
    assert not integration(title, 'weights = { "Iftar*" = 0 }').relevant
    assert integration(title, 'weak = ["Iftar*"]').score == pytest.approx(0.3)


def test_ignored_and_kept_phrases_can_be_added() -> None:
    """What a user strikes out no longer counts; what he keeps counts although it looks like an office."""
    assert not integration("Rassismus AG tagt", 'ignore = ["Rassismus AG"]').relevant
    title = "Integrationsausschuss tagt"
    assert not integration(title).relevant
    assert integration(title, 'keep = ["Integrationsausschuss"]').relevant


def test_offices_and_groups_can_be_added() -> None:
    """A sender's name is struck out; a group grows by the user's words."""
    assert not integration("Integrationsverein Ulm lädt ein", 'offices = ["Integrationsverein"]').relevant
    group = 'groups = { zuwanderer = ["Neckarinsulaner*"] }'
    assert integration("Integration der Neckarinsulaner", group).score > 0.75


def test_threshold_doubt_and_shares_can_be_set() -> None:
    """Single values replace the built-in ones."""
    topic = build_topic("integration", table("threshold = 0.9\ndoubt = 0.05\nfields = { teaser = 0.1 }"))
    assert (topic.threshold, topic.doubt) == (0.9, 0.05)
    assert (topic.shares.kicker, topic.shares.teaser) == (1.0, 0.1)


def test_the_built_in_topic_needs_no_table() -> None:
    """None and an empty table are the same."""
    title = "Land fördert Deutschkurse"
    bare = match_topic(build_topic("integration"), Wording(title))
    assert bare == integration(title)
