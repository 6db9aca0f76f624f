"""The latest events of a channel as an Atom feed (RFC 4287). Floor 1, pure; the only home of feedgenerator.

One entry per event, each with an id that never changes, so that an edit shows up in a feed reader as
news of its own instead of replacing what was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed

from worker.config.schema import AtomChannel
from worker.digests.cleaning import clean_line, web_link
from worker.digests.html import write_html_entry
from worker.digests.mail import NEUTRAL_DOMAIN
from worker.digests.view import view_entry
from worker.digests.wording import Words, words_of
from worker.models.event import Digest, Entry, EventKind

_MOST = 100  # entries in the file


def write_feed(channel: AtomChannel, digest: Digest, history: Iterable[Entry]) -> bytes:
    """The feed with the digest's entries and those told before, newest first, none twice."""
    words = words_of(digest.language)
    entries = {entry_id(entry): entry for entry in (*history, *digest.entries)}
    newest = sorted(entries.items(), key=lambda one: (one[1].happened_at, one[0]), reverse=True)[:_MOST]
    feed = Atom1Feed(
        title=clean_line(channel.title),
        link=_home(digest, [entry for _, entry in newest]),
        description="",
        language=digest.language,
        author_name="Pressewacht",
        feed_guid=f"tag:{NEUTRAL_DOMAIN},2026:{channel.id}",
    )
    for tag, entry in newest:
        _add(feed, tag, entry, words, digest.stored_copy_base)
    written: str = feed.writeString("utf-8")
    return written.encode("utf-8")


def entry_id(entry: Entry) -> str:
    """`tag:HOST,DAY:PATH#KIND-REVISION` (RFC 4151); the event's own day, as a release's may be edited."""
    day = entry.happened_at.astimezone(UTC).date().isoformat()
    event = f"{entry.kind.value}-{entry.revision}"
    link = web_link(entry.url)
    if link is None:  # no authority to name, so ours
        digest = hashlib.sha256(entry.url.encode("utf-8", "replace")).hexdigest()
        return f"tag:{NEUTRAL_DOMAIN},{day}:{digest[:32]}#{event}"
    parts = urlsplit(link)
    port = str(parts.port) if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"tag:{parts.hostname},{day}:{port}{parts.path}{query}#{event}"


def _add(feed: Atom1Feed, tag: str, entry: Entry, words: Words, stored_copy_base: str | None) -> None:
    view = view_entry(entry, words, stored_copy_base)
    title = view.title if entry.kind is EventKind.NEW else f"{view.label}: {view.title}"
    link = view.link or view.stored_copy
    feed.add_item(
        title=title,
        link=link.url if link else (web_link(entry.url) or ""),
        description=escape(view.lead or view.notice),
        content=write_html_entry(view, words),
        unique_id=tag,
        pubdate=_published(entry),
        updateddate=entry.happened_at.astimezone(UTC),
        categories=[view.kicker] if view.kicker else [],
        author_name=clean_line(entry.source_name or entry.source),
    )


def _published(entry: Entry) -> datetime:
    day = entry.release.published
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else entry.happened_at.astimezone(UTC)


def _home(digest: Digest, entries: list[Entry]) -> str:
    """Where a reader of the feed finds more: the stored copies, else the site of the newest entry."""
    base = web_link(digest.stored_copy_base)
    if base:
        return base
    parts = urlsplit(next((link for entry in entries if (link := web_link(entry.url))), ""))
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else f"https://{NEUTRAL_DOMAIN}/"
