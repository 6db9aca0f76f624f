"""The portal as a web server: validators, compression, connections, and leaving nothing behind."""

from __future__ import annotations

import gc
import threading
import warnings

import httpx
import pytest

from worker.demo.portal import Portal
from worker.demo.release import PortalRelease, blocks


@pytest.mark.parametrize("address", ["listing_url", "feed_url", "release"])
def test_an_unchanged_page_is_not_sent_twice(portal: Portal, client: httpx.Client, address: str) -> None:
    """Asked with the ETag or the date it gave, the portal answers 304 without a body."""
    url = portal.release_url("eins") if address == "release" else getattr(portal, address)
    first = client.get(url)

    by_etag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (first.status_code, by_etag.status_code, by_date.status_code) == (200, 304, 304)
    assert b"" == by_etag.content == by_date.content
    assert first.headers["ETag"] == by_etag.headers["ETag"]
    assert "content-length" not in by_etag.headers


def test_a_change_breaks_both_validators_at_once(portal: Portal, client: httpx.Client) -> None:
    """Even within one second a changed page has a new ETag and a later Last-Modified."""
    url = portal.release_url("eins")
    first = client.get(url)

    portal.edit_silently("eins", body=blocks("Etwas anderes."))

    assert client.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_the_etag_takes_precedence_over_the_date(portal: Portal, client: httpx.Client) -> None:
    """A wrong ETag gets the page although the date would say unchanged."""
    date = client.get(portal.listing_url).headers["Last-Modified"]

    answer = client.get(portal.listing_url, headers={"If-None-Match": '"other"', "If-Modified-Since": date})

    assert answer.status_code == 200


@pytest.mark.parametrize("tags", ["*", '"first", {etag}', "{strong}"])
def test_if_none_match_may_be_a_list_a_star_or_a_strong_tag(
    portal: Portal, client: httpx.Client, tags: str
) -> None:
    """All forms RFC 9110 allows are understood."""
    etag = client.get(portal.listing_url).headers["ETag"]
    tags = tags.format(etag=etag, strong=etag.removeprefix("W/"))

    assert client.get(portal.listing_url, headers={"If-None-Match": tags}).status_code == 304


@pytest.mark.parametrize("date", ["gestern", "Mon, 32 Nov 2026 99:00:00 GMT", "2026-11-01"])
def test_a_broken_date_is_ignored(portal: Portal, client: httpx.Client, date: str) -> None:
    """An If-Modified-Since that is no date gets the whole page."""
    assert client.get(portal.listing_url, headers={"If-Modified-Since": date}).status_code == 200


def test_validators_can_be_switched_off(portal: Portal, client: httpx.Client) -> None:
    """Without validators there is nothing to ask with, and every answer is whole."""
    portal.validators = False

    answer = client.get(portal.listing_url, headers={"If-None-Match": "*"})

    assert answer.status_code == 200
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_a_volatile_page_differs_each_time(portal: Portal, client: httpx.Client) -> None:
    """A random token changes the bytes and the ETag, not what a reader sees."""
    portal.volatile = True

    first, second = client.get(portal.listing_url), client.get(portal.listing_url)

    assert first.content != second.content
    assert first.headers["ETag"] != second.headers["ETag"]


def test_compression_is_negotiated(portal: Portal, client: httpx.Client) -> None:
    """A client that takes gzip gets it, another one does not, and both read the same page."""
    packed = client.get(portal.listing_url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(portal.listing_url, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content
    assert "Accept-Encoding" == packed.headers["Vary"] == plain.headers["Vary"]


def test_head_has_no_body_and_other_methods_are_refused(portal: Portal, client: httpx.Client) -> None:
    """HEAD tells the length only; POST is not implemented."""
    head = client.head(portal.listing_url, headers={"Accept-Encoding": "identity"})

    assert head.content == b""
    assert int(head.headers["Content-Length"]) > 1000
    assert client.post(portal.listing_url).status_code == 501


def test_a_connection_is_kept_alive(portal: Portal, client: httpx.Client) -> None:
    """Two requests need one connection, hence one thread."""
    before = threading.active_count()

    for _ in range(5):
        client.get(portal.listing_url)

    assert before + 1 == threading.active_count()


def test_a_stopped_portal_leaves_no_thread_and_no_socket() -> None:
    """After the `with` block everything is gone, idle connections of a client included."""
    before = set(threading.enumerate())
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with httpx.Client(trust_env=False) as http:
            with Portal() as portal:
                portal.publish(PortalRelease.about("Eins"))
                http.get(portal.listing_url)
                address = portal.listing_url
            with pytest.raises(httpx.ConnectError):
                httpx.get(address, trust_env=False)
        gc.collect()

    assert set(threading.enumerate()) <= before


def test_a_portal_comes_back_at_the_same_address(portal: Portal, client: httpx.Client) -> None:
    """Down means refused connections; started again it still has what was published."""
    address = portal.listing_url
    portal.stop()
    portal.stop()
    with pytest.raises(httpx.TransportError):
        client.get(address)

    portal.start()
    portal.start()

    assert address == portal.listing_url
    assert "Drei" in client.get(address).text


def test_there_is_no_address_before_the_start() -> None:
    """Asking for the address of a portal that never ran says why there is none."""
    with pytest.raises(RuntimeError, match="before it is started"):
        _ = Portal().listing_url
