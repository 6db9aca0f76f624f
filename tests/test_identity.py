"""Which addresses are one release, and which texts are the same words."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from worker.identity import canonical_url, host_of, identity_of, is_loopback

_LONG = "https://www.ministerium.test/de/service/presse/pressemitteilung/pid/ein-titel"
_OTHER = "https://www.ministerium.test/alle-meldungen/meldung/pid/ein-titel"
_PAGE = "https://www.ministerium.test/seite"

_SAME = [
    (_LONG, _OTHER),
    (_LONG, _LONG + "/"),
    (_LONG, _LONG + "//"),
    (_LONG, _LONG.replace("https", "http")),
    (_LONG, _LONG.replace("www.", "")),
    (_LONG, _LONG.upper().replace("/DE/SERVICE/PRESSE/PRESSEMITTEILUNG/PID/EIN-TITEL", "/pid/ein-titel")),
    (_LONG, _LONG + "#c4711"),
    (_LONG, _LONG + "?cHash=0123456789abcdef"),
    (_LONG, _LONG + "?utm_source=newsletter&utm_medium=mail"),
    (_LONG, _LONG + "?tx_rsmpress_list%5Bpage%5D=2&cHash=1"),
    (_LONG, _LONG + "?tx_rsmpress_detail[news]=17"),
    (_LONG, _LONG + "?print=1"),
    (_LONG, "  " + _LONG + "\n"),
    (_LONG, _LONG.replace("ein-titel", "ein%2Dtitel")),
    (_LONG, _LONG.replace("ministerium.test", "ministerium.test:443")),
    (_LONG, _LONG.replace("https", "http").replace("ministerium.test", "ministerium.test:80")),
    (_LONG, _LONG.replace("ministerium.test", "ministerium.test.")),
    (_LONG, _LONG.replace("https://", "https://leser@")),
    (_LONG, _LONG + "?"),
    (_PAGE, _PAGE + "/"),
    (_PAGE, _PAGE + "?CHASH=1"),
    (_PAGE, _PAGE + "?UTM_Campaign=x"),
    (_PAGE + "?a=1&b=2", _PAGE + "?b=2&a=1"),
    (_PAGE + "?a=1", _PAGE + "?utm_term=x&a=1&cHash=y"),
    (_PAGE + "/%C3%BCber", _PAGE + "/über"),
    (_PAGE + "/%c3%bcber", _PAGE + "/%C3%BCber"),
    (_PAGE + "?q=%C3%BC", _PAGE + "?q=ü"),
    ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
    ("http://127.0.0.1:8080/pid/x", "http://127.0.0.1:8080/anders/pid/x/"),
]
_DIFFERENT = [
    (_LONG, _LONG + "-1"),
    (_LONG, _LONG.replace("ein-titel", "Ein-Titel")),
    (_LONG, _LONG.replace("ministerium.test", "portal.test")),
    (_LONG, _LONG.replace("ministerium.test", "ministerium.test:8443")),
    (_LONG, _LONG + "/anhang"),
    (_LONG, _LONG.replace("/pid/", "/id/")),
    (_PAGE, _PAGE + "?id=1"),
    (_PAGE + "?id=1", _PAGE + "?id=2"),
    (_PAGE + "?q=%FC", _PAGE + "?q=%E4"),
    (_PAGE + "/%FC", _PAGE + "/%E4"),
    (_PAGE, _PAGE.upper()),
    (_PAGE, _PAGE.replace("www.", "")),
    (_PAGE + "/a", _PAGE + "/b"),
    (_PAGE + "?utm=1", _PAGE),
    (_PAGE + "?tx_news[page]=1", _PAGE),
    ("http://127.0.0.1/a", "https://127.0.0.1/a"),
    ("http://127.0.0.1:1/pid/x", "http://127.0.0.1:2/pid/x"),
]


@pytest.mark.parametrize(("one", "other"), _SAME)
def test_one_release_under_two_addresses(one: str, other: str) -> None:
    """Noise of the portal, of newsletters and of copying makes no difference."""
    assert identity_of(one) == identity_of(other)


@pytest.mark.parametrize(("one", "other"), _DIFFERENT)
def test_two_releases_stay_two(one: str, other: str) -> None:
    """Nothing that may tell releases apart is dropped."""
    assert identity_of(one) != identity_of(other)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Ministerium.test/A/?b=1&a=#x", "https://www.ministerium.test/A?a=&b=1"),
        ("http://localhost:8000/a/", "http://localhost:8000/a"),
        ("http://127.0.0.2:8000/", "http://127.0.0.2:8000"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://user:secret@a.test/b c", "https://a.test/b%20c"),
        ("http://a.test:443/", "https://a.test"),
        ("https://a.test/b.html;jsessionid=3A9F.live1?nn=1", "https://a.test/b.html?nn=1"),
    ],
)
def test_the_canonical_address(url: str, canonical: str) -> None:
    """The form that is stored, spelt out; loopback keeps its scheme, nobody's password is kept."""
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "seite",
        "/de/presse",
        "mailto:a@b.test",
        "javascript:alert(1)",
        "http://",
        "http://[",
        "http://a:b/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """ValueError, and nothing else."""
    with pytest.raises(ValueError):
        canonical_url(url)


_SEGMENT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/?#\\"), max_size=8)
_URL = st.builds(
    lambda scheme, host, port, path, query: f"{scheme}://{host}{port}/{path}?{query}",
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.test", "www.a.test", "A.Test.", "127.0.0.1", "localhost", "[::1]"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.lists(_SEGMENT, max_size=4).map("/".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="#"), max_size=12),
)


@given(_URL)
@example("http://a.test:443/")
@example("http://a.test:80/%25%32%46")
@example("https://a.test/?%FC=%E4")
@example("http://a.test/%2F/")
def test_canonical_addresses_are_canonical(url: str) -> None:
    """Making an address canonical twice changes nothing more, and keeps its identity."""
    once = canonical_url(url)

    assert canonical_url(once) == once
    assert identity_of(once) == identity_of(url)


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.test", "www.A.test.", "a.test:443", "a.test:080", "a.test:", "127.0.0.1:80"]),
    st.text("aZ0_.-~:@!$&'()*+,=/", max_size=20),
)
def test_a_plain_address_is_no_other_than_one_to_be_mended(scheme: str, host: str, path: str) -> None:
    """What needs no mending is known at sight; an empty fragment makes it take the long way."""
    url = f"{scheme}://{host}/{path}"

    assert canonical_url(url) == canonical_url(url + "#")


@given(
    _URL,
    st.lists(
        st.sampled_from(["cHash=1", "utm_x=2", "tx_rsmpress_list[page]=3", "UTM_Y=", "chash="]), max_size=3
    ),
    st.sampled_from(["", "#", "#oben"]),
)
def test_noise_does_not_touch_the_identity(url: str, noise: list[str], fragment: str) -> None:
    """Whatever is hung on an address, it stays the same release."""
    assume(url == url.strip() and not url.endswith("%"))

    assert identity_of("&".join([url, *noise]) + fragment) == identity_of(url)


@given(
    st.sampled_from(["http://", "https://", "HTTPS://"]),
    st.sampled_from(["ministerium.test", "www.ministerium.test", "WWW.Ministerium.test."]),
    st.sampled_from(
        ["/presse/pressemitteilung", "/de/service/presse/meldung", "/alle-meldungen/meldung", ""]
    ),
    st.lists(
        st.sampled_from(["cHash=1", "tx_solr[q]=kurs", "tx_rsmpress_list[page]=2", "q=kurs", "print=1"]),
        max_size=3,
    ),
    st.sampled_from(["", "/", "/#c1"]),
)
def test_a_slug_is_one_release_however_it_is_reached(
    scheme: str, host: str, path: str, query: list[str], end: str
) -> None:
    """By any path, with and without `www`, from a search or a pager; another slug is another release."""
    url = f"{scheme}{host}{path}/pid/ein-titel?{'&'.join(query)}".rstrip("?") + end.lstrip(
        "/" if query else ""
    )

    assert identity_of(url) == "ministerium.test/pid/ein-titel"
    assert identity_of(url.replace("ein-titel", "ein-titel-1")) == "ministerium.test/pid/ein-titel-1"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.A.test/x", "a.test"),
        ("http://a.test:80/", "a.test"),
        ("http://a.test:8080/", "a.test:8080"),
        ("https://a.test:80/", "a.test:80"),
        ("https://[::1]:443/", "[::1]"),
    ],
)
def test_a_host_is_host_and_port(url: str, host: str) -> None:
    """Without `www.` and without the scheme's own port."""
    assert host_of(url) == host


def test_loopback_is_this_machine_only() -> None:
    """By name or number, with or without a port, and nothing that merely looks like it."""
    assert all(
        is_loopback(host) for host in ("localhost", "localhost:80", "127.0.0.1:1", "127.9.9.9", "[::1]:1")
    )
    assert not any(is_loopback(host) for host in ("localhost.test", "127.0.0.1.test", "128.0.0.1", "[::2]"))
