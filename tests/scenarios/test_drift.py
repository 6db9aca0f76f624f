"""Stories of a source that is no longer as usual: what is told, to whom, how often, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.world import FILES, World
from worker.demo.release import PortalImage, blocks
from worker.pipelines.health import health_of
from worker.store.connection import open_store, reading
from worker.store.export import write_page

_ALERTS = FILES + '\n[alerts]\nchannels = ["archiv"]\n'


@pytest.fixture
def used(world: World) -> World:
    """A source with a release every day, known for a week, and a channel that hears of trouble."""
    world.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    world.configure(_ALERTS)
    for days in range(9, 0, -1):
        publish(world, days_ago=days)
    for _ in range(7):
        publish(world)
        world.poll()
        world.later(days=1)
    world.deliver()
    assert troubles(world) == []
    return world


def publish(world: World, **about: object) -> None:
    """A release of today, much like the others."""
    number = len(world.portal.listed())
    text = f"Im Herbst beginnen {number} Kurse. " + "Das Land fördert die Beratung. " * 30
    picture = PortalImage(f"bild-{number}", alt=f"Bild {number}")
    world.publish(
        f"Sprachkurs {number}", **{"lead": f"Kurs {number}.", "text": text, "images": (picture,), **about}
    )


def troubles(world: World) -> list[tuple[str, str]]:
    """What was noted, in order."""
    rows = world.rows("select state, text from troubles order by id")
    return [(row["state"], row["text"]) for row in rows]


def alerts(world: World) -> list[str]:
    """The bodies of the alerts sent so far."""
    world.deliver()
    bodies = [letter.get_body(("plain",)) for letter in world.letters()]
    texts = [str(body.get_content()) for body in bodies if body]
    return [text for text in texts if "Automatisch erstellt" in text and "Sprachkurs" not in text]


def error(world: World) -> str:
    """What the health says of the source."""
    with reading(world.store) as db:
        (source,) = health_of(db, world.runtime.config, world.now).sources
    return source.error or ""


def saved_page(world: World, told: str) -> bytes:
    """The page that an alert names."""
    name = told.partition("--page ")[2].split()[0]
    path = world.folder / "seite.html"
    with reading(world.store) as db:
        write_page(db, name, path)
    return path.read_bytes()


def test_new_template_without_dates_is_believed_and_told(used: World) -> None:
    """Once when it begins, in every run while it lasts, with the page kept; once when it is over."""
    used.portal.show_dates = False
    publish(used)
    report = used.poll()
    assert (report.status, report.items_new) == ("drift", 1)
    assert report.error is not None
    assert "none of 9 entries have a date; usually 9 have" in report.error
    assert used.titles()[-1] == "Sprachkurs 16"
    assert b"Sprachkurs 16" in saved_page(used, report.error)
    used.later(hours=1)
    assert used.poll().status == "drift"
    assert "none of 9 entries have a date" in error(used)
    used.portal.show_dates = True
    used.later(hours=1)
    assert used.poll().error is None
    assert error(used) == ""
    assert [state for state, _ in troubles(used)] == ["trouble", "recovered"]
    assert len(alerts(used)) == 2


def test_unchanged_source_in_drift_still_costs_one_conditional_request(used: World) -> None:
    """A drift that is believed changes nothing about how politely a source is asked."""
    used.portal.show_dates = False
    used.poll()
    used.asked()
    used.later(minutes=30)
    assert used.poll().status == "drift"
    assert [one.status for one in used.portal.requests] == [304]


def test_two_drifts_at_once_are_one_alert_each(used: World) -> None:
    """Dates and kickers go together and come back one after the other."""
    used.portal.show_dates = used.portal.show_kickers = False
    used.poll()
    assert [state for state, _ in troubles(used)] == ["trouble"] * 2
    assert len(alerts(used)) == 2
    used.portal.show_kickers = True
    used.later(hours=1)
    used.poll()
    assert troubles(used)[2:] == [("recovered", "entries have a kicker again")]
    assert "a date" in error(used)
    assert "kicker" not in error(used)


def test_teasers_gone_from_the_listing_are_told(used: World) -> None:
    """Their class was renamed: nobody notices but those who choose by them."""
    for release in used.portal.listed():
        used.portal.edit(release.slug, teaser=None, lead=None)
    assert "none of 9 entries have a teaser of their own" in (used.poll().error or "")


def test_releases_whose_lead_and_text_are_lost_are_told_from_the_third_or_fifth_on(used: World) -> None:
    """One odd release never alarms; that a field is gone is said when chance cannot explain it."""
    for number in range(5):
        publish(used, lead=None, images=(), text="Kurz gesagt.")
        report = used.poll()
        assert (report.status == "drift") == (number >= 2), report
        used.later(days=1)
    told = " ".join(text for _, text in troubles(used))
    assert "the last 3 releases are far too short" in told
    assert "releases have not got pictures; usually 100% have it" in told
    assert b"Kurz gesagt" in saved_page(used, report.error or "")
    for _ in range(2):
        publish(used)
        used.poll()
        used.later(days=1)
    assert error(used) == ""
    states = [state for state, _ in troubles(used)]
    assert states.count("trouble") == states.count("recovered") > 0


def test_pages_that_are_read_no_longer_are_not_edits(used: World) -> None:
    """When all releases lose lead and text at once, nobody is told that the ministry struck them out."""
    for release in used.portal.listed():
        used.portal.edit_silently(release.slug, lead=None, body=blocks("Kurz gesagt."))
    for _ in range(3):
        used.recheck()
        used.later(hours=3)
    assert used.rows("select count(*) as n from revisions where revision > 1") == [{"n": 0}]
    assert "far too short" in " ".join(text for _, text in troubles(used))
    assert used.poll().status == "drift"


def test_one_release_that_loses_its_text_was_edited(used: World) -> None:
    """The wording is told when it is seen twice."""
    used.portal.edit_silently("sprachkurs-3", lead=None, body=blocks("Kurz gesagt."))
    used.recheck()
    assert "changed" not in [event[0] for event in used.events()]
    used.recheck()
    assert used.events()[-1] == ("changed", "Sprachkurs 3", 2)
    assert troubles(used) == []


def test_feed_that_falls_silent_is_told(used: World) -> None:
    """It was configured to be heard: three looks without an answer are a drift; taking it out ends it."""
    used.configure(_ALERTS, source=f'feed = "{used.portal.feed_url}"')
    publish(used)
    assert used.poll().error is None
    used.portal.answer(used.portal.feed_url, status=404)
    for number in range(3):
        publish(used)
        report = used.poll()
        used.later(hours=5)
        assert (report.status == "drift") == (number == 2)
    assert "at the last 3 looks the feed had not got anything that can be read" in (report.error or "")
    used.configure(_ALERTS)
    assert used.poll().error is None
    assert [state for state, _ in troubles(used)] == ["trouble", "recovered"]


def test_silence_of_three_weeks_is_told_once_and_its_end_too(used: World) -> None:
    """A source that spoke every day: polled all the time, it says nothing, and then something again."""
    for _ in range(30):
        used.later(days=1)
        report = used.poll()
    assert report.status == "drift"
    assert "nothing new for 22 days; the longest pause was 1" in (report.error or "")
    publish(used)
    assert used.poll().error is None
    assert troubles(used)[1:] == [("recovered", "there is something new again")]


def test_what_the_configuration_expects_is_missed_without_any_history(world: World) -> None:
    """A smallest number of entries is not believed otherwise; a field is missed at the first look."""
    expect = '\n[sources.expect]\nmin_items = 3\nfields = ["date", "kicker"]\nnew_within_days = 5\n'
    world.configure(source=expect)
    publish(world)
    report = world.poll()
    assert (report.status, report.items_new) == ("drift", 0)
    assert "only 1 entries where at least 3 are expected" in (report.error or "")
    assert world.rows("select * from items") == []
    world.portal.show_kickers = False
    for _ in range(4):
        publish(world)
    report = world.poll(by_hand=True)
    assert (report.status, report.items_new) == ("drift", 5)
    assert "none of 5 entries have a kicker; all are expected to" in (report.error or "")


def test_collapsed_listing_is_not_believed_until_it_lasts(used: World) -> None:
    """Two of nine entries: nothing is stored, the page is kept; after a day of it, it is the new normal."""
    before = used.rows("select * from items")
    for slug in [release.slug for release in used.portal.listed()][:14]:
        used.portal.withdraw(slug)
    first = used.poll()
    assert first.status == "drift"
    assert "only 2 entries where there are usually" in (first.error or "")
    assert b"</html>" in saved_page(used, first.error or "")
    for _ in range(4):
        used.later(hours=6)
        assert used.poll(by_hand=True).status == "drift"
    assert used.rows("select * from items") == before
    used.later(hours=6)
    assert used.poll(by_hand=True).error is None
    assert [state for state, _ in troubles(used)] == ["trouble", "recovered"]
    assert troubles(used)[1][1].startswith("lasting, so taken for normal from now on: only 2 entries")


def test_collapse_that_ends_is_forgotten(used: World) -> None:
    """The page as it was before is believed, though the server says that nothing has changed since."""
    used.portal.answer(used.portal.listing_url, body=_page_with(used, 2))
    assert used.poll().status == "drift"
    used.portal.heal()
    used.later(hours=1)
    assert used.poll().error is None
    assert [state for state, _ in troubles(used)] == ["trouble", "recovered"]


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body><h1>Wartungsarbeiten</h1><p>Bitte versuchen Sie es sp\xc3\xa4ter.</p></body></html>",
        b"",
        b"%PDF-1.7",
    ],
    ids=["maintenance", "empty", "no-html"],
)
def test_what_cannot_be_read_is_never_stored_as_the_ministrys_words(used: World, page: bytes) -> None:
    """Whatever comes instead of listing and releases, items, releases and revisions stay as they are."""
    tables = ("items", "releases", "revisions", "events")
    before = [used.rows(f"select * from {table}") for table in tables]
    used.portal.answer("/de", body=page)
    report = used.poll()
    used.recheck()
    assert report.status in ("drift", "failed")
    after = [used.rows(f"select * from {table}") for table in tables]
    assert [len(rows) for rows in after] == [len(rows) for rows in before]
    assert after[2:] == before[2:]


def test_only_the_page_at_the_onset_is_kept(used: World) -> None:
    """However long it lasts, and whatever comes meanwhile."""
    pages = len(used.rows("select sha256 from pages"))
    for number in range(5):
        used.portal.answer(used.portal.listing_url, body=b"<html><p>Leer %d</p></html>" % number)
        used.poll(by_hand=True)
    assert len(used.rows("select sha256 from pages")) == pages + 1
    assert "Leer 0" in saved_page(used, error(used)).decode()


def test_an_older_store_keeps_what_it_knew(used: World) -> None:
    """The usual number of entries moves from its old column into the new table."""
    db = open_store(used.store)
    db.execute("drop table norms")
    db.execute("alter table sources drop column newest_on")
    db.execute("alter table sources drop column page_sha256")
    db.execute("alter table sources add column usual_items integer")
    db.execute("update sources set usual_items = 9")
    db.execute("delete from _sqlite_migrations where name = 'learned_norms'")
    db.conn.close()
    open_store(used.store).conn.close()
    assert used.rows("select source, trait, usual from norms") == [
        {"source": "ministerium", "trait": "entries", "usual": 9.0}
    ]
    assert used.rows("select newest_on from sources") == [{"newest_on": "2026-03-08"}]


def _page_with(world: World, count: int) -> bytes:
    """The listing with so many entries."""
    entries = "".join(
        f'<li><h3><a href="{world.portal.release_url(release.slug)}">{release.title}</a></h3></li>'
        for release in world.portal.listed()[:count]
    )
    return f"<html><body><main><ul>{entries}</ul></main></body></html>".encode()
