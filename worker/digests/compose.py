"""A digest or an alert → the final bytes for one channel, once. Floor 1, pure.

What leaves here is stored and sent as it is, on every attempt. No clock is read, no address or secret
goes in: whoever sends adds them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from worker.config.schema import AtomChannel, Channel, EmailChannel, FilesChannel, WebhookChannel
from worker.digests.chat import write_digest_chat, write_note_chat
from worker.digests.cleaning import clean_text
from worker.digests.feed import write_feed
from worker.digests.html import write_html, write_html_note
from worker.digests.mail import Letter, write_eml, write_mail
from worker.digests.payload import write_alert_json, write_digest_json
from worker.digests.plain import write_plain, write_plain_note
from worker.digests.view import DigestView, in_order, view_digest
from worker.digests.wording import say_counts, say_moment, words_of
from worker.errors import UsageError
from worker.models.event import Alert, Digest, Entry

_LONGEST = 100_000  # bytes: Gmail shows 102 KB of a message, then a link to the rest
_STEPS = ((60, None), (40, None), (20, None), (10, None), (5, None), (3, None), (1, None), (0, 250), (0, 100))


def compose(channel: Channel, digest: Digest, history: Sequence[Entry] = ()) -> bytes:
    """The frozen message of `digest` for `channel`; `history` is what an Atom file shows besides.

    A mail comes without From and To. Raises ValueError for a digest without entries: nothing to tell
    sends nothing.
    """
    if not digest.entries and not history:
        raise ValueError("a digest without entries is never composed")
    if isinstance(channel, EmailChannel):
        return write_mail(_digest_letter(digest, channel.unsubscribe_url), channel)
    if isinstance(channel, FilesChannel):
        return write_eml(_digest_letter(digest, None), channel.id)
    if isinstance(channel, AtomChannel):
        return write_feed(channel, digest, history)
    return (
        write_digest_json(digest)
        if channel.format == "standard"
        else write_digest_chat(digest, channel.format)
    )


def compose_alert(channel: Channel, alert: Alert) -> bytes:
    """The frozen message of `alert` for `channel`.

    Raises UsageError for an Atom channel: an alert would have to replace the feed's entries.
    """
    if isinstance(channel, WebhookChannel):
        if channel.format == "standard":
            return write_alert_json(alert)
        return write_note_chat(_alert_title(alert), alert.text, channel.format)
    if isinstance(channel, EmailChannel):
        return write_mail(_alert_letter(alert), channel)
    if isinstance(channel, FilesChannel):
        return write_eml(_alert_letter(alert), channel.id)
    raise UsageError(
        f"alerts.channels: {channel.id!r} is an Atom file, which cannot carry alerts; name another"
    )


def _digest_letter(digest: Digest, unsubscribe_url: str | None) -> Letter:
    view, html = _fitting(digest, unsubscribe_url)
    first = in_order(digest.entries)[0].release.title
    return Letter(
        uid=digest.uid,
        composed_at=digest.composed_at,
        subject=f"{say_counts(view.words, digest.entries)}: {first}",
        plain=write_plain(view),
        html=html,
    )


def _fitting(digest: Digest, unsubscribe_url: str | None) -> tuple[DigestView, str]:
    """The digest told as fully as mail programs show it: the newest whole, the others in a line each."""

    @cache
    def tell(step: tuple[int, int | None]) -> tuple[DigestView, str]:
        view = view_digest(digest, unsubscribe_url=unsubscribe_url, whole=step[0], most=step[1])
        return view, write_html(view)

    def fits(step: tuple[int, int | None]) -> bool:
        return len(tell(step)[1].encode()) <= _LONGEST

    if fits(_STEPS[0]):
        return tell(_STEPS[0])
    last = len(_STEPS) - 1  # taken whether it fits or not
    return tell(_STEPS[bisect_left(_STEPS, True, 1, last, key=fits)])


def _alert_title(alert: Alert) -> str:
    words = words_of(alert.language)
    state = words.trouble if alert.state == "trouble" else words.recovered
    subject = words.source if alert.subject_kind == "source" else words.channel
    return f"{state}: {subject} {alert.subject_id}"


def _alert_letter(alert: Alert) -> Letter:
    words, title = words_of(alert.language), _alert_title(alert)
    closing = words.alert_footer.format(when=say_moment(words, alert.composed_at))
    paragraphs = [*clean_text(alert.text).split("\n\n"), closing]
    return Letter(
        uid=alert.uid,
        composed_at=alert.composed_at,
        subject=title,
        plain=write_plain_note(title, paragraphs),
        html=write_html_note(alert.language, title, paragraphs),
    )
