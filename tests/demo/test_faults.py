"""Breaking the portal: which requests meet a fault, how often, and how it shows on the wire."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from worker.demo.faults import Fault, Faults, place_of
from worker.demo.portal import Portal


def test_a_fault_covers_a_path_and_all_below_it_but_no_neighbour(
    portal: Portal, client: httpx.Client
) -> None:
    """Breaking the release pages leaves the listing alone, although its path begins alike."""
    portal.answer("/de/service/presse/pressemitteilung", status=503, headers={"Retry-After": "120"})

    broken = client.get(portal.release_url("eins"))

    assert (broken.status_code, broken.headers["Retry-After"]) == (503, "120")
    assert client.get(portal.listing_url).status_code == 200


def test_a_fault_with_a_query_covers_that_page_only(portal: Portal, client: httpx.Client) -> None:
    """The second page of the listing fails, the first does not; brackets may be encoded."""
    second = portal.listing_url + "?tx_rsmpress_list[page]=2"
    portal.answer(second, status=500)

    assert client.get(portal.listing_url).status_code == 200
    assert client.get(second.replace("[", "%5B").replace("]", "%5D")).status_code == 500


def test_a_fault_wears_off(portal: Portal, client: httpx.Client) -> None:
    """With `times` the fault meets so many requests and no more."""
    portal.answer(portal.feed_url, status=502, times=2)

    assert [client.get(portal.feed_url).status_code for _ in range(3)] == [502, 502, 200]


def test_a_fault_stays_until_it_is_healed(portal: Portal, client: httpx.Client) -> None:
    """Healing works for one path and for all."""
    portal.answer(portal.feed_url, status=500)
    portal.answer(portal.listing_url, status=500)

    portal.heal(portal.feed_url)
    assert [client.get(url).status_code for url in (portal.feed_url, portal.listing_url)] == [200, 500]

    portal.heal()
    assert client.get(portal.listing_url).status_code == 200


def test_the_more_exact_fault_wins() -> None:
    """A fault for a page goes before one for its folder, and using it up leaves the other."""
    faults = Faults()
    faults.put(Fault("/a", status=500))
    faults.put(Fault("/a/b", status=404, times=1))

    met = [faults.meet("/a/b"), faults.meet("/a/b"), faults.meet("/other")]

    assert [fault.status if fault else None for fault in met] == [404, 500, None]


def test_places_are_compared_decoded() -> None:
    """A whole URL, an encoded and a plain path name the same place."""
    assert "/a?p[x]=1" == place_of("http://127.0.0.1:80/a?p%5Bx%5D=1") == place_of("/a?p[x]=1")


def test_a_body_of_its_own_replaces_the_page(portal: Portal, client: httpx.Client) -> None:
    """Anything may be served in place of a page: an empty body, a bot wall, another type."""
    portal.answer(portal.listing_url, body=b"", headers={"Content-Type": "application/pdf"})

    answer = client.get(portal.listing_url)

    assert (
        answer.status_code,
        answer.content,
        answer.headers["Content-Type"],
    ) == (200, b"", "application/pdf")


def test_a_late_answer_is_still_the_page(portal: Portal, client: httpx.Client) -> None:
    """Only the delay is added: the page and its validators are the portal's own."""
    portal.answer(portal.listing_url, delay_seconds=0.2)
    started = time.monotonic()

    answer = client.get(portal.listing_url)

    assert time.monotonic() - started >= 0.2
    assert "Drei" in answer.text
    assert "ETag" in answer.headers


def test_a_truncated_answer_breaks_off(portal: Portal, client: httpx.Client) -> None:
    """More bytes are promised than come before the connection ends."""
    portal.answer(portal.listing_url, truncate=300)

    with pytest.raises(httpx.RemoteProtocolError):
        client.get(portal.listing_url)


def test_status_zero_drops_the_connection(portal: Portal, client: httpx.Client) -> None:
    """The client hears nothing at all, and the request is on record."""
    portal.answer(portal.listing_url, status=0, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        client.get(portal.listing_url)

    assert [request.status for request in portal.asked(portal.listing_url)] == [0]


def test_a_dripping_answer_comes_slowly_and_whole(portal: Portal, client: httpx.Client) -> None:
    """Each piece arrives in time although the whole takes long: what only a deadline can stop."""
    portal.gzip = False
    portal.answer(portal.listing_url, drip_seconds=0.01)
    started = time.monotonic()

    assert "Drei" in client.get(portal.listing_url).text
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize("wait", [{"delay_seconds": 60.0}, {"drip_seconds": 60.0}])
def test_stopping_does_not_wait_for_a_fault(portal: Portal, wait: dict[str, float]) -> None:
    """A portal that is held up by its own fault still stops at once."""
    portal.answer(portal.listing_url, **wait)  # type: ignore[arg-type]
    failures: list[Exception] = []
    asking = threading.Thread(target=_ask, args=(portal.listing_url, failures))
    asking.start()
    while not portal.requests:
        time.sleep(0.01)

    portal.stop()
    asking.join(5)
    assert [httpx.RemoteProtocolError] == [type(failure) for failure in failures]


def test_an_unknown_status_is_sent_as_it_is(portal: Portal, client: httpx.Client) -> None:
    """A status nobody has defined, such as a bot wall's, has no name but arrives."""
    portal.answer(portal.listing_url, status=468)

    assert client.get(portal.listing_url).status_code == 468


def test_a_failing_hook_is_an_error_and_not_silence(portal: Portal, client: httpx.Client) -> None:
    """What a test's own hook raises reaches the client as 500 and the log."""

    def hook(_: object) -> None:
        raise ValueError("wrong test")

    portal.on_request = hook

    assert client.get(portal.listing_url).status_code == 500


def _ask(url: str, failures: list[Exception]) -> None:
    try:
        httpx.get(url, timeout=30, trust_env=False)
    except httpx.HTTPError as error:
        failures.append(error)
