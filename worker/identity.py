"""What makes two addresses one release, and what a page says. Floor 1, pure.

Canonical addresses follow the portal's habits (contract §5): one release is reachable under several
paths with the same slug, with and without `www`, with `cHash` and pager parameters. What stands on
another host is compared by its words (`worker.twins`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_NOISE_PARAMETER = re.compile(r"utm_\w+|tx_rsmpress_\w*(\[.*)?|cHash", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)  # servlets put a new one into every page
# An address with nothing to mend behind its host: no query, fragment, session, escape or space.
_PLAIN = re.compile(r"(https?://[\w.:-]+)((?:/[\w.~:@!$&'()*+,=/-]*)?)", re.ASCII)
# A canonical address with a slug: its host without `www.`, and the slug.
_SLUG = re.compile(r"[^:]+://(?:www\.)?([^/?]+)/(?:[^?]*/)?pid/([^/?]+)(?:\?.*)?")
_LOOPBACK = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=512)  # each entry of a listing is asked for six times
def canonical_url(url: str) -> str:
    """`url` without what does not tell releases apart: the form stored in `items.url`.

    Lower-case scheme and host, https except on loopback, no default port, fragment, trailing slash,
    session number, `cHash`, `tx_rsmpress_*` or `utm_*`; unknown parameters stay, sorted (never drop what
    may identify). Idempotent. Raises ValueError for something that is no address.
    """
    if plain := _PLAIN.fullmatch(url):
        return _origin(plain[1]) + plain[2].rstrip("/")
    return _mended(url.strip())


@lru_cache(maxsize=64)
def _origin(url: str) -> str:
    """The canonical form of scheme and host, which all entries of a listing share."""
    return _mended(url)


def _mended(url: str) -> str:
    """An address of any form made canonical: ten times the work that a plain one is."""
    parts = urlsplit(url)
    host = _host(parts)
    scheme = parts.scheme.lower()
    if scheme == "http" and not is_loopback(host):
        scheme, host = "https", host.removesuffix(":443")
    query = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if not _NOISE_PARAMETER.fullmatch(key)
    )
    path = _SESSION.sub("", unquote(parts.path, errors="surrogateescape"))
    path = quote(path, safe="/:@!$&'()*+,;=~", errors="surrogateescape")
    return urlunsplit((scheme, host, path.rstrip("/"), urlencode(query, errors="surrogateescape"), ""))


@lru_cache(maxsize=512)
def identity_of(url: str) -> str:
    """The key under which a release is one release: `host/pid/SLUG`, else the canonical address."""
    canonical = canonical_url(url)
    slug = _SLUG.fullmatch(canonical)
    return f"{slug[1]}/pid/{slug[2]}" if slug else canonical


def without_session(url: str) -> str:
    """`url` without the session number that servlet containers write into the links of a page."""
    return _SESSION.sub("", url)


def is_address(url: str) -> bool:
    """Whether `url` can be made canonical: a listing may link to anything."""
    try:
        canonical_url(url)
    except ValueError:
        return False
    return True


def host_of(url: str) -> str:
    """Host and port of an address, without `www.`: what pacing, allow-lists and duplicates mean by host."""
    return _host(urlsplit(url)).removeprefix("www.")


def is_loopback(host: str) -> bool:
    """Whether `host` (with or without a port) is this machine by name or number."""
    return _LOOPBACK.fullmatch(host) is not None


def _host(parts: SplitResult) -> str:
    """Lower-case host with its port, unless that is the scheme's own; never user and password."""
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise ValueError(f"no host in {parts.geturl()!r}")
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in (None, default) else f"{host}:{parts.port}"


def shares_words(title: str, text: str) -> bool:
    """Whether most of a title's words stand in a text: a home page shares next to none."""
    words = set(_WORD.findall(title.lower()))
    return 2 * len(words & set(_WORD.findall(text.lower()))) > len(words)
