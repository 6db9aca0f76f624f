"""Stories of a listing: what is found, what is left alone, what it costs."""

from __future__ import annotations

from tests.world import World
from worker.demo.release import PortalRelease


def test_first_look_tells_the_last_days_and_keeps_the_rest_quietly(world: World) -> None:
    """Of the first look only what was published in the last seven days is news."""
    world.publish("Alte Sprachkurse", days_ago=40)
    world.publish("Neue Sprachkurse", days_ago=2)
    report = world.poll()
    assert (report.status, report.items_new, report.error) == ("ok", 2, None)
    assert world.events() == [("new", "Neue Sprachkurse", 1)]
    assert set(world.titles()) == {"Alte Sprachkurse", "Neue Sprachkurse"}


def test_first_look_does_not_read_the_whole_archive(world: World) -> None:
    """The walk ends at a page on which everything is older than the first look goes back."""
    for days in reversed(range(60)):
        world.publish_elsewhere(f"Brücke {days}", days_ago=days)
    world.poll()
    assert len(world.asked()) == 2


def test_unchanged_source_costs_one_conditional_request(world: World) -> None:
    """After a first look an unchanged listing is asked for once, and answers 304."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.asked()
    report = world.poll()
    assert report.status == "unchanged"
    assert [(one.status, one.target) for one in world.portal.requests] == [
        (304, world.portal.listing_url.removeprefix(world.portal.base_url))
    ]


def test_volatile_pages_cost_one_request_too(world: World) -> None:
    """A listing without validators, with a new token in every answer, is unchanged when its entries are."""
    world.portal.validators = False
    world.portal.volatile = True
    world.publish("Neue Sprachkurse")
    world.poll()
    world.asked()
    assert world.poll().status == "unchanged"
    assert len(world.asked()) == 1


def test_only_what_matches_is_fetched(world: World) -> None:
    """Releases on other subjects are known from the listing and never asked for."""
    world.publish_elsewhere("Neue Brücke")
    relevant = world.publish("Neue Sprachkurse")
    world.poll()
    pages = [target for target in world.asked() if "/pid/" in target]
    assert pages == [world.portal.release_url(relevant.slug).removeprefix(world.portal.base_url)]
    assert [
        (row["title"], row["state"]) for row in world.rows("select title, state from items order by title")
    ] == [
        ("Neue Brücke", "skipped"),
        ("Neue Sprachkurse", "fetched"),
    ]


def test_everything_published_during_an_outage_is_found(world: World) -> None:
    """Fifty releases later, over six pages, none is missing and none is told twice."""
    world.publish("Vor dem Ausfall")
    world.poll()
    world.later(days=20)
    for number in range(50):
        world.publish(f"Sprachkurs {number}", days_ago=20 - number // 3)
    report = world.poll()
    assert report.items_new == 50
    assert len(world.events()) == 51
    assert world.poll().items_new == 0


def test_page_cap_is_said_and_the_walk_goes_on_next_time(world: World) -> None:
    """A walk that is cut off at max_pages reads on at the next poll, and says so in between."""
    world.publish("Anfang")
    world.configure(source="max_pages = 2")
    world.poll()
    world.later(days=1)
    for number in range(40):
        world.publish(f"Sprachkurs {number}")
    first = world.poll()
    assert first.items_new == 18
    assert "max_pages (2)" in (first.error or "")
    while world.poll().error:
        pass
    assert len(world.events()) == 41


def test_a_broken_page_in_the_middle_loses_nothing(world: World) -> None:
    """When the second page fails, what stands on it is found when it answers again."""
    world.publish("Anfang")
    world.poll()
    world.later(days=9)
    for number in range(12):
        world.publish(f"Sprachkurs {number}", days_ago=9)
    second = world.portal.listing_url + "?tx_rsmpress_list%5Bpage%5D=2"
    world.portal.on_request = lambda request: (
        world.portal.answer(request.target, status=500) if "page" in request.target else None
    )
    report = world.poll()
    assert report.items_new == 9, second
    assert "not read to its end" in (report.error or "")
    world.portal.on_request = None
    world.portal.heal()
    world.later(minutes=30)
    assert world.poll().items_new == 3
    assert len(world.events()) == 13


def test_pinned_release_does_not_hide_news(world: World) -> None:
    """An old release at the top is neither news nor a reason to stop reading."""
    pinned = world.publish("Angehefteter Sprachkurs", days_ago=300)
    for number in range(9):
        world.publish(f"Kurs {number}", days_ago=1)
    world.portal.pin(pinned.slug)
    world.poll()
    world.publish("Neuer Kurs")
    world.poll()
    assert world.events()[-1] == ("new", "Neuer Kurs", 1)
    assert ("new", "Angehefteter Sprachkurs", 1) not in world.events()


def test_back_dated_release_is_found_below_newer_ones(world: World) -> None:
    """What is new is what was never seen, whatever its date and place."""
    for number in range(8):
        world.publish(f"Kurs {number}", days_ago=number)
    world.poll()
    world.publish("Nachgereicht", days_ago=20, position=5)
    world.poll()
    assert world.events()[-1] == ("new", "Nachgereicht", 1)


def test_listing_that_shifts_while_paging_loses_and_doubles_nothing(world: World) -> None:
    """A release published between page one and page two is found at the next poll, the shifted one once."""
    for number in range(20):
        world.publish(f"Kurs {number}")
    late = PortalRelease.about("Dazwischen", published=world.day())

    def between(request: object) -> None:
        if "page" in str(getattr(request, "target", "")) and late not in world.portal.listed():
            world.portal.publish(late)

    world.portal.on_request = between
    world.poll()
    world.portal.on_request = None
    world.poll()
    titles = world.titles()
    assert sorted(titles) == sorted([f"Kurs {number}" for number in range(20)] + ["Dazwischen"])
    assert len(world.events()) == 21


def test_withdrawn_entries_do_not_make_old_ones_news(world: World) -> None:
    """When entries disappear, older ones move up from pages never read: archive, not news."""
    for days in reversed(range(30)):
        world.publish(f"Kurs vor {days} Tagen", days_ago=days)
    world.poll()
    told = len(world.events())
    for days in range(9):
        world.portal.withdraw(f"kurs-vor-{days}-tagen")
    world.poll()
    assert len(world.events()) == told


def test_a_failed_page_waits_and_does_not_stop_the_others(world: World) -> None:
    """One release answers 500: the others are stored, and it follows when it can be read."""
    broken = world.publish("Kaputte Seite")
    world.publish("Heile Seite")
    world.portal.answer(world.portal.release_url(broken.slug), status=500)
    report = world.poll()
    assert world.titles() == ["Heile Seite"]
    assert "500" in (report.error or "")
    assert world.asked().count(world.portal.release_url(broken.slug).removeprefix(world.portal.base_url)) == 2
    world.portal.heal()
    assert world.poll().error is None
    assert world.titles() == ["Heile Seite", "Kaputte Seite"]
    assert [event[1] for event in world.events()] == ["Heile Seite", "Kaputte Seite"]


def test_error_page_with_200_is_never_a_release(world: World) -> None:
    """A maintenance page that claims success is kept waiting, not stored as the ministry's words."""
    release = world.publish("Neue Sprachkurse")
    body = "<html><title>Wartung</title><body><h1>Wartungsarbeiten</h1><p>Bitte später.</p></body></html>"
    world.portal.answer(world.portal.release_url(release.slug), body=body.encode())
    report = world.poll()
    assert report.error
    assert world.titles() == []
    world.portal.heal()
    world.poll()
    assert world.titles() == ["Neue Sprachkurse"]


def test_empty_listing_is_drift_and_takes_nothing_away(world: World) -> None:
    """A listing without entries is a changed page, never «everything withdrawn»."""
    world.publish("Neue Sprachkurse")
    world.poll()
    world.later(days=2)
    world.portal.answer(
        world.portal.listing_url, body=b"<html><body><h1>Pressemitteilungen</h1></body></html>"
    )
    report = world.poll()
    assert report.status == "drift"
    assert world.rows("select state from releases") == [{"state": "live"}]
    assert world.events() == [("new", "Neue Sprachkurse", 1)]


def test_validators_of_a_page_that_was_not_believed_are_forgotten(world: World) -> None:
    """They come into the store with what was read: else the next look would say «unchanged»."""
    world.publish("Erster Sprachkurs")
    world.poll()
    world.portal.answer(world.portal.listing_url, body=b"<html></html>", headers={"ETag": '"leer"'})
    assert world.poll().status == "drift"
    world.portal.heal()
    world.later(hours=1)
    world.portal.requests.clear()
    world.publish("Zweiter Sprachkurs")
    assert world.poll().items_new == 1
    assert all("leer" not in str(request.headers) for request in world.portal.requests)


def test_unchanged_validators_are_not_believed_for_ever(world: World) -> None:
    """A portal that answers «not modified» although it has changed is read whole once a day."""
    world.publish("Erster Sprachkurs")
    world.poll()
    world.publish("Zweiter Sprachkurs")
    world.portal.on_request = lambda request: _lie(world, is_asked="if-none-match" in request.headers)
    world.later(hours=1)
    assert world.poll().status == "unchanged"
    world.later(hours=24)
    assert world.poll().items_new == 1


def _lie(world: World, *, is_asked: bool) -> None:
    if is_asked:
        world.portal.answer(world.portal.listing_url, status=304)
    else:
        world.portal.heal()


def test_redesign_is_read_without_class_names(world: World) -> None:
    """After a relaunch in other markup nothing known is told again, and news is found."""
    for number in range(5):
        world.publish(f"Kurs {number}", days_ago=number)
    world.poll()
    world.portal.redesign()
    world.publish("Nach dem Relaunch")
    report = world.poll()
    assert report.error is None
    assert [event for event in world.events() if event[0] != "changed"][-1] == ("new", "Nach dem Relaunch", 1)
    assert len([event for event in world.events() if event[0] == "new"]) == 6


def test_one_release_under_two_addresses_is_one_row(world: World) -> None:
    """The feed links another path than the listing: still one entry, one release, one event."""
    release = world.publish("Neue Sprachkurse")
    world.poll()
    assert world.portal.alias_url(release.slug) != world.portal.release_url(release.slug)
    text = world.config_path.read_text().replace(world.portal.listing_url, world.portal.feed_url)
    world.config_path.write_text(text.replace('id = "ministerium"', 'id = "feed"\nkind = "feed"'))
    world.reload()
    assert world.poll().error is None
    assert len(world.rows("select 1 from items")) == 1
    assert world.events() == [("new", "Neue Sprachkurse", 1)]


def test_feed_gives_days_that_the_listing_does_not_show(world: World) -> None:
    """A feed as second witness fills in dates."""
    world.portal.show_dates = False
    world.publish("Neue Sprachkurse", days_ago=3)
    world.configure(source=f'feed = "{world.portal.feed_url}"')
    world.poll()
    assert world.rows("select published from items") == [{"published": world.day(3).isoformat()}]


def test_source_of_kind_feed_is_polled_like_a_listing(world: World) -> None:
    """A feed alone is enough: its entries are matched, fetched and told."""
    world.publish("Neue Sprachkurse")
    world.publish_elsewhere("Neue Brücke")
    text = world.config_path.read_text().replace(world.portal.listing_url, world.portal.feed_url)
    world.config_path.write_text(text.replace('id = "ministerium"', 'id = "ministerium"\nkind = "feed"'))
    world.reload()
    assert world.poll().items_new == 2
    assert world.events() == [("new", "Neue Sprachkurse", 1)]


def test_uncertain_headline_is_decided_by_its_text(world: World) -> None:
    """A cabinet report is fetched in doubt: kept if its text is about the topic, set aside if not."""
    about = (
        "Das Kabinett hat beschlossen, die Integrationskurse und die Beratung von Geflüchteten auszubauen."
    )
    for title, text in (("Bericht aus dem Kabinett vom 3. März", about), ("Bericht aus dem Kabinett vom 10. März", "Das Kabinett hat über Straßenbau beraten.")):  # noqa: E501  # fmt: skip
        world.publish(title, kicker="Landesregierung", lead="Das Kabinett hat getagt.", text=text)
    world.poll()
    assert world.titles() == ["Bericht aus dem Kabinett vom 3. März"]
    states = world.rows("select state, attempts from items order by state")
    assert states == [{"state": "fetched", "attempts": 1}, {"state": "skipped", "attempts": 1}]
