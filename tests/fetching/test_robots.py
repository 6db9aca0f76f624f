"""robots.txt: asked for first and seldom, obeyed, and never a reason to hammer a host that is ill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetching.conftest import MakeFetcher
from worker.demo.portal import Portal
from worker.errors import FetchError, RefusedError
from worker.fetching.robots import MAX_BYTES, PassingRobots, RobotsFile, decode_robots

_NOW = datetime(2026, 3, 21, 8, 0, tzinfo=UTC)


def _rules(text: str) -> RobotsFile:
    return RobotsFile("presse.test", text, _NOW)


def _allows(text: str, path: str) -> bool:
    return _rules(text).allows(f"https://presse.test{path}")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /typo3/", "/de/presse", True),
        ("User-agent: *\nDisallow: /*?suche=", "/a?suche=1", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /\nAllow: /presse", "/presse/x", True),
        ("User-agent: pressewacht\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: andere\nDisallow: /", "/a", True),
        ("user-agent: PresseWacht\ndisallow: /", "/a", False),
        ("<html>not a robots file</html>", "/a", True),
    ],
)
def test_rules_mean_what_rfc_9309_says(text: str, path: str, allowed: bool) -> None:
    """Wildcards, the longest match, our own name, and files that are none."""
    assert _allows(text, path) is allowed


def test_a_byte_order_mark_does_not_open_the_door() -> None:
    """With the mark in place the parser would not see the first line."""
    assert not _allows(decode_robots("\ufeffUser-agent: *\nDisallow: /".encode()), "/a")


def test_only_the_beginning_of_a_giant_file_counts() -> None:
    """What lies beyond 500 KiB is not parsed."""
    assert len(decode_robots(b"a" * (MAX_BYTES + 1))) == MAX_BYTES


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("", 0), ("Crawl-delay: 2.5", 2.5), ("Crawl-delay: 100000", 60), ("Crawl-delay: soon", 0)],
)
def test_a_crawl_delay_is_taken_within_reason(line: str, seconds: float) -> None:
    """Fractions count, more than a minute does not, nonsense is nothing."""
    assert _rules(f"User-agent: *\n{line}\nDisallow: /x").crawl_delay() == seconds


@given(st.binary(max_size=300))
def test_any_bytes_are_some_rules(body: bytes) -> None:
    """Whatever stands there, the answer is yes or no and a number of seconds."""
    rules = _rules(decode_robots(body))

    assert rules.allows("https://presse.test/a?b=ü") in (True, False)
    assert rules.crawl_delay() <= 60


def test_it_is_asked_for_first_and_once(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Many pages of a host cost one look at its rules."""
    fetcher = fetcher_for(portal.base_url)
    fetcher.fetch(portal.listing_url)
    fetcher.fetch(portal.feed_url)

    assert portal.requests[0].path == "/robots.txt"
    assert len(portal.asked("/robots.txt")) == 1


def test_what_it_forbids_is_not_asked_for(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Refusing is final, names the file and costs no request."""
    portal.robots = "User-agent: *\nDisallow: /de/\n"

    with pytest.raises(RefusedError, match=r"robots\.txt of .* forbids it"):
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert portal.asked(portal.listing_url) == []


def test_the_target_of_a_redirect_is_checked_too(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """A redirect is no way round the rules."""
    portal.robots = "User-agent: *\nDisallow: /geheim\n"
    portal.answer("/alt", status=301, headers={"Location": "/geheim"})

    with pytest.raises(RefusedError, match="forbids"):
        fetcher_for(portal.base_url).fetch(portal.base_url + "/alt")

    assert portal.asked("/geheim") == []


def test_it_may_be_switched_off(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """`respect_robots = false` neither asks nor obeys."""
    portal.robots = "User-agent: *\nDisallow: /\n"

    assert fetcher_for(portal.base_url, respect_robots=False).fetch(portal.listing_url) is not None
    assert portal.asked("/robots.txt") == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_rules_allows_everything(
    portal: Portal, fetcher_for: MakeFetcher, status: int
) -> None:
    """4xx means there are none (RFC 9309 §2.3.1.3)."""
    portal.robots_status = status

    assert fetcher_for(portal.base_url).fetch(portal.listing_url) is not None


@pytest.mark.parametrize("status", [500, 503, 429, 0])
def test_a_host_that_cannot_say_is_not_asked(portal: Portal, fetcher_for: MakeFetcher, status: int) -> None:
    """5xx, 429 and a dropped connection mean: nothing, for now; it is asked at most twice."""
    portal.answer("/robots.txt", status=status)

    with pytest.raises(FetchError, match=r"robots\.txt cannot be read") as caught:
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert not caught.value.permanent
    assert portal.asked(portal.listing_url) == []
    assert len(portal.asked("/robots.txt")) == 2


def test_a_host_that_wants_us_to_wait_is_not_asked_again(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Retry-After on robots.txt counts like that on a page."""
    portal.answer("/robots.txt", status=503, headers={"Retry-After": "60"})

    with pytest.raises(FetchError) as caught:
        fetcher_for(portal.base_url).fetch(portal.listing_url)

    assert caught.value.retry_after == timedelta(seconds=60)
    assert len(portal.asked("/robots.txt")) == 1


def test_its_redirects_are_followed_on_the_host(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Rules that moved are rules."""
    portal.answer("/robots.txt", status=301, headers={"Location": "/neu.txt"})
    portal.answer("/neu.txt", body=b"User-agent: *\nDisallow: /de/\n")

    with pytest.raises(RefusedError, match="forbids"):
        fetcher_for(portal.base_url).fetch(portal.listing_url)


@pytest.mark.parametrize("location", ["http://example.org/robots.txt", "http://[", "", "/robots.txt"])
def test_redirects_that_lead_nowhere_are_no_rules(
    portal: Portal, fetcher_for: MakeFetcher, location: str
) -> None:
    """Another host is not asked for them, and a loop ends."""
    portal.answer("/robots.txt", status=301, headers={"Location": location})

    assert fetcher_for(portal.base_url).fetch(portal.listing_url) is not None
    assert len(portal.asked("/robots.txt")) <= 6


def test_rules_are_remembered_for_a_day(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """Fresh ones are used without asking, after 24 hours they are asked for anew."""
    memory = PassingRobots()
    host = urlsplit(portal.base_url).netloc
    now = datetime.now(UTC)

    memory.remember(RobotsFile(host, "", now - timedelta(hours=23)))
    fetcher_for(portal.base_url, robots=memory).fetch(portal.listing_url)
    assert portal.asked("/robots.txt") == []

    memory.remember(RobotsFile(host, "", now - timedelta(hours=25)))
    fetcher_for(portal.base_url, robots=memory).fetch(portal.listing_url)
    assert len(portal.asked("/robots.txt")) == 1
    renewed = memory.recall(host)
    assert renewed is not None
    assert renewed.is_fresh(datetime.now(UTC))


def test_rules_from_the_future_are_not_fresh() -> None:
    """A clock that was set back must not keep rules for ever."""
    assert not _rules("").is_fresh(_NOW - timedelta(minutes=1))


def test_old_rules_count_while_no_new_ones_can_be_had(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """They are obeyed in both directions, and the host is not asked before every page."""
    memory = PassingRobots()
    host = urlsplit(portal.base_url).netloc
    old = datetime.now(UTC) - timedelta(days=3)
    memory.remember(RobotsFile(host, "User-agent: *\nDisallow: /geheim", old))
    portal.answer("/robots.txt", status=500)
    fetcher = fetcher_for(portal.base_url, robots=memory)

    assert fetcher.fetch(portal.listing_url) is not None
    with pytest.raises(RefusedError, match="forbids"):
        fetcher.fetch(portal.base_url + "/geheim")

    assert len(portal.asked("/robots.txt")) == 1


def test_a_crawl_delay_slows_us_down(portal: Portal, fetcher_for: MakeFetcher) -> None:
    """The host's own wish goes before a shorter interval of ours."""
    portal.robots = "User-agent: *\nCrawl-delay: 0.3\n"
    fetcher = fetcher_for(portal.base_url)
    for _ in range(3):
        fetcher.fetch(portal.listing_url)

    times = [request.at for request in portal.asked(portal.listing_url)]
    assert times[2] - times[0] >= timedelta(seconds=0.5)
