"""A response's body, whole or not at all, in bounded memory. Floor 2."""

from __future__ import annotations

import zlib

import httpx

_GZIP = 47  # zlib's window bits for «gzip or zlib header, whichever comes»
_CHUNK = 65_536


class BodyError(ValueError):
    """The body is larger than allowed, cut off, or coded in a way we did not ask for."""


def read_body(response: httpx.Response, limit: int) -> bytes:
    """The decompressed body of a streaming response, at most `limit` bytes.

    Inflates in small steps, because httpx would inflate a bomb in one, and checks the gzip trailer,
    because httpx returns half a body without a word (both measured). Raises BodyError, and httpx's
    own errors for what breaks on the wire.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        return _plain(response, limit)
    if coding in ("gzip", "x-gzip", "deflate"):
        return _inflated(response, limit)
    raise BodyError(f"the server used the coding {coding!r}, which was not offered")


def _plain(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_raw():  # never iter_raw(n): it waits until n bytes are there
        body += chunk
        _check_size(len(body), limit)
    return bytes(body)


def _inflated(response: httpx.Response, limit: int) -> bytes:
    body, inflater = bytearray(), zlib.decompressobj(_GZIP)
    try:
        for chunk in response.iter_raw():
            _check_size(response.num_bytes_downloaded, limit)
            while chunk:
                if inflater.eof:  # a body may be several gzip members (RFC 1952 §2.2)
                    inflater = zlib.decompressobj(_GZIP)
                body += inflater.decompress(chunk, _CHUNK)
                _check_size(len(body), limit)
                chunk = inflater.unused_data or inflater.unconsumed_tail
    except zlib.error as error:
        raise BodyError(f"the compressed body is damaged ({error})") from error
    if not inflater.eof:
        raise BodyError("the compressed body is cut off")
    return bytes(body)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise BodyError(f"the body is larger than max_body_bytes ({limit})")
