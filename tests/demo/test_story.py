"""The bundled content: complete, plausible, and a story in three acts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from worker.bundled import bundled
from worker.demo.portal import Portal
from worker.demo.release import PortalRelease
from worker.demo.story import act_three, act_two, bundled_releases, demo_portal, story
from worker.errors import UsageError

NOW = datetime(2026, 3, 11, 6, 5, tzinfo=UTC)
RELEASES = bundled_releases(NOW)


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.slug)
def test_a_release_is_complete(release: PortalRelease) -> None:
    """Each has a title, a lead, a body worth reading and a date not after today."""
    assert 20 < len(release.title) < 90
    assert len(release.lead or "") > 80
    assert sum(len(block.text) for block in release.body) > 350
    assert release.published is not None
    assert release.published <= NOW
    assert release.slug[0].isalpha() or release.slug[0].isdigit()


def test_together_the_releases_hold_all_that_a_record_can() -> None:
    """Lists, headings, block quotes, spoken quotes, sums, captions, credits and both kinds of links."""
    kinds = {block.kind for release in RELEASES for block in release.body}
    text = "\n".join(block.text for release in RELEASES for block in release.body)
    images = [image for release in RELEASES for image in release.images]
    notes = " ".join(f"{image.alt} {image.caption} {image.credit}" for image in images)
    links = [link.url or "" for release in RELEASES for link in release.links]

    assert {"paragraph", "heading", "list_item", "quote"} == kinds
    assert text.count("“, sagte") > 10
    assert text.count(" Euro") > 20
    for spelling in ("(Quelle: dpa)", "Quelle: ", "(Foto: © dpa)", "(Bild: ", "Symbolbild: Symbolbild: "):
        assert spelling in notes
    assert any(link.startswith("https://") for link in links)
    assert any(link.endswith(".pdf") for link in links)
    assert any(release.kicker is None for release in RELEASES)
    assert any(not release.images for release in RELEASES)
    assert any("Integrationsminister" in (release.lead or "") for release in RELEASES)


def test_the_content_says_that_it_is_invented(client: httpx.Client) -> None:
    """The meta file and every page of the portal say so."""
    meta = json.loads((bundled("demo") / "meta.json").read_text("utf-8"))

    assert meta["origin"] == "invented"
    with demo_portal(NOW) as portal:
        assert "erfunden" in client.get(portal.listing_url).text


def test_act_one_fills_three_pages_with_recent_news(client: httpx.Client) -> None:
    """24 releases, the newest from yesterday, the oldest a month old, none from the later acts."""
    with demo_portal(NOW) as portal:
        listed = portal.listed()
        third = client.get(portal.listing_url + "?tx_rsmpress_list[page]=3")
        fourth = client.get(portal.listing_url + "?tx_rsmpress_list[page]=4")

    assert len(listed) == 24
    assert (third.status_code, fourth.status_code) == (200, 404)
    days = [release.day for release in listed]
    assert NOW.date() - timedelta(days=1) == days[0]
    assert sorted(days, key=str, reverse=True) == days


def test_act_two_publishes_and_edits_without_a_word(client: httpx.Client) -> None:
    """Two releases are new on top; the edited one changes on its page and nowhere in the listing."""
    act = story().act_two
    edited = act.silent_edits[0].slug
    with demo_portal(NOW) as portal:
        before = {release.slug: release for release in portal.listed()}
        act_two(portal, NOW)
        after = {release.slug: release for release in portal.listed()}
        page = client.get(portal.release_url(edited)).text

    assert list(after)[:2] == act.publish
    assert after[edited] == before[edited]
    for edit in act.silent_edits:
        assert edit.new in page
        assert edit.old not in page


def test_act_three_withdraws_a_release_seen_before(client: httpx.Client) -> None:
    """The release was there in act one; now its page is gone and the listing is one shorter."""
    with demo_portal(NOW) as portal:
        shown = len(portal.listed())
        (slug,) = story().act_three.withdraw
        assert client.get(portal.release_url(slug)).status_code == 200
        act_three(portal)
        assert client.get(portal.release_url(slug)).status_code == 410
        assert shown - 1 == len(portal.listed())


def test_every_page_of_the_portal_can_be_read(client: httpx.Client) -> None:
    """No link of a listing leads nowhere, in either layout."""
    with demo_portal(NOW) as portal:
        act_two(portal, NOW)
        for layout in ("2023", "redesign"):
            portal.redesign(layout)
            slugs = [release.slug for release in portal.listed()]
            assert {200} == {client.get(portal.release_url(slug)).status_code for slug in slugs}


def test_what_is_not_bundled_is_told() -> None:
    """An incomplete installation gets a line that says what is missing and what to do."""
    with pytest.raises(
        UsageError, match=r"nirgends: not part of this installation .* install pressewacht again"
    ):
        bundled("nirgends")


def test_bundled_files_of_the_checkout_are_found() -> None:
    """The demo lies under `fixtures/`, the configuration at the top."""
    assert (bundled("demo") / "story.toml").is_file()
    assert bundled("pyproject.toml").is_file()


def test_a_portal_without_content_is_possible() -> None:
    """The bundled content is only one way to fill a portal."""
    with Portal() as portal:
        assert portal.listed() == []
