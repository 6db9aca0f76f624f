"""A digest in words, ready to be laid out: cleaned, shortened, grouped, dated. Floor 1, pure.

`Digest` in, `DigestView` out, with which templates and plain text need no decisions of their own.
Nothing is escaped here, and nothing is wrapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from worker import __version__
from worker.diffs import by_field, shorten_diff, without_repeats
from worker.digests.cleaning import clean_line, clean_text, host_shown, shorten, web_link
from worker.digests.wording import (
    ORDER,
    Words,
    say_date,
    say_day,
    say_headline,
    say_moment,
    say_since,
    words_of,
)
from worker.models.event import DiffPart, Digest, Entry, EventKind
from worker.models.release import Quote, Release

_TITLE, _LEAD, _QUOTE, _EXCERPT = 300, 700, 320, 700  # characters: a mail is read, not studied
_BRIEF_TITLE, _REASONS_LINE, _NAME = 120, 120, 100
_AMOUNTS, _KICKERS, _SOURCES = 4, 5, 3
_DIFF_RUNS = 60
_TILDES = {ord("%"): "~", ord("."): "~2E", ord("~"): "~7E"}


@dataclass(frozen=True, slots=True)
class LinkView:
    """A checked http(s) address and what to call it."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class QuoteView:
    text: str
    speaker: str


@dataclass(frozen=True, slots=True)
class RunView:
    """Words that stayed, came or went."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One changed field with its words."""

    label: str
    runs: tuple[RunView, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One release as it is told; an empty string means «leave this out».

    `address` is the release's address as plain text, for where it must not be (or is not) a link.
    """

    kind: str
    label: str
    kicker: str
    title: str
    byline: str
    notice: str
    changes: tuple[ChangeView, ...]
    changes_note: str
    lead: str
    quote: QuoteView | None
    amounts: str
    reasons: str
    link: LinkView | None
    stored_copy: LinkView | None
    excerpt: str
    address: str


@dataclass(frozen=True, slots=True)
class BriefView:
    """One release in a line: what there is no room to tell whole."""

    title: str
    byline: str
    url: str | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """The releases of one kind: told whole, named in a line each, and how many there are."""

    kind: str
    label: str
    count: int
    entries: tuple[EntryView, ...]
    briefs: tuple[BriefView, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """One message as it is told; `opening` says where from and what about, `more` what is left out."""

    words: Words
    headline: str
    opening: str
    moment: str
    groups: tuple[GroupView, ...]
    more: str
    troubles: tuple[str, ...]
    footer: tuple[str, ...]
    unsubscribe: str | None


def view_digest(
    digest: Digest, *, unsubscribe_url: str | None = None, whole: int | None = None, most: int | None = None
) -> DigestView:
    """`digest` in the words of its language, new releases first and the newest of them on top.

    Of the `most` releases told the first `whole` are told whole, the others named; None: all of them.
    """
    words = words_of(digest.language)
    told = in_order(digest.entries)[:most]
    left_out = len(digest.entries) - len(told)
    return DigestView(
        words=words,
        headline=say_headline(words, digest.entries),
        opening=_opening(digest.entries, words),
        moment=say_moment(words, digest.composed_at),
        groups=tuple(_groups(told, words, digest.stored_copy_base, len(told) if whole is None else whole)),
        more=words.more_entries.format(count=left_out) if left_out else "",
        troubles=tuple(_troubles(digest, words)),
        footer=tuple(_footer(digest, words)),
        unsubscribe=web_link(unsubscribe_url),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """New first, then changed, withdrawn, restored; within a kind the newest releases first."""
    newest_first = sorted(entries, key=_day, reverse=True)
    return sorted(newest_first, key=lambda entry: ORDER.index(entry.kind))


def view_entry(entry: Entry, words: Words, stored_copy_base: str | None) -> EntryView:
    """One release in words."""
    release, is_gone = entry.release, entry.kind is EventKind.WITHDRAWN
    link = None if is_gone else _link(entry, words)
    stored_copy = _stored_copy(entry, words, stored_copy_base)
    excerpt = _excerpt(release) if is_gone and not stored_copy else ""  # begins with the lead
    return EntryView(
        kind=entry.kind.value,
        label=words.kinds[entry.kind],
        kicker=shorten(clean_line(release.kicker or ""), _NAME),
        title=shorten(clean_line(release.title), _TITLE),
        byline=_byline(entry, words),
        notice=_notice(entry, words),
        changes=_changes(entry.diff, words),
        changes_note=_changes_note(entry, words),
        lead="" if excerpt else shorten(clean_line(release.lead or ""), _LEAD),
        quote=_strongest(release.quotes),
        amounts=_listed((amount.text for amount in release.amounts), _AMOUNTS),
        reasons=shorten(_listed(entry.reasons, len(entry.reasons)), _REASONS_LINE),
        link=link,
        stored_copy=stored_copy if is_gone else None,
        excerpt=excerpt,
        address=web_link(entry.url) or clean_line(entry.url),
    )


def _day(entry: Entry) -> date:
    return entry.release.published or entry.happened_at.date()


def _opening(entries: Sequence[Entry], words: Words) -> str:
    """Where the releases come from and their kickers: what a reader wants to know first."""
    sources = _named((entry.source_name or entry.source for entry in entries), _SOURCES, words)
    kickers = _named((entry.release.kicker or "" for entry in in_order(entries)), _KICKERS, words)
    return " – ".join(part for part in (sources, kickers) if part)


def _named(names: Iterable[str], most: int, words: Words) -> str:
    different = [shorten(name, _NAME) for name in dict.fromkeys(map(clean_line, names)) if name]
    more = words.more_entries.format(count=len(different) - most)
    return ", ".join(different[:most]) + (f" {more}" if len(different) > most else "")


def _groups(
    entries: Sequence[Entry], words: Words, stored_copy_base: str | None, whole: int
) -> Iterator[GroupView]:
    first, rest = entries[:whole], entries[whole:]
    for kind in ORDER:
        views = tuple(view_entry(one, words, stored_copy_base) for one in first if one.kind is kind)
        briefs = tuple(_brief(one, words, stored_copy_base) for one in rest if one.kind is kind)
        if views or briefs:
            yield GroupView(kind.value, words.kinds[kind], len(views) + len(briefs), views, briefs)


def _brief(entry: Entry, words: Words, stored_copy_base: str | None) -> BriefView:
    title = shorten(clean_line(entry.release.title), _BRIEF_TITLE)
    published = entry.release.published
    is_gone = entry.kind is EventKind.WITHDRAWN
    link = _stored_copy(entry, words, stored_copy_base) if is_gone else _link(entry, words)
    return BriefView(title, say_date(words, published) if published else "", link.url if link else None)


def _link(entry: Entry, words: Words) -> LinkView | None:
    address = web_link(entry.url)
    return LinkView(address, f"{words.read_more} {host_shown(address)}") if address else None


def _troubles(digest: Digest, words: Words) -> Iterator[str]:
    """A sentence for each source that cannot be relied on just now."""
    for source in digest.sources:
        if source.is_troubled:
            since = say_since(words, source.troubled_since, digest.composed_at)
            yield " ".join(words.troubled.format(source=clean_line(source.name), since=since).split())


def _footer(digest: Digest, words: Words) -> Iterator[str]:
    """The period covered, the sources, and who says all this."""
    when, channel = say_moment(words, digest.composed_at), clean_line(digest.channel)
    since = say_moment(words, digest.since) if digest.since else ""
    yield (words.period if since else words.first_period).format(since=since, when=when)
    if digest.sources:
        note = "" if any(source.is_troubled for source in digest.sources) else f" ({words.no_trouble})"
        yield f"{words.sources}: {_named((one.name for one in digest.sources), _SOURCES, words)}{note}"
    yield words.footer.format(version=__version__, channel=channel)


def _byline(entry: Entry, words: Words) -> str:
    published = entry.release.published
    parts = (say_date(words, published) if published else "", clean_line(entry.source_name or entry.source))
    return " · ".join(part for part in parts if part)


def _notice(entry: Entry, words: Words) -> str:
    sentence = words.notices.get(entry.kind, "")
    return sentence.format(revision=entry.revision, when=say_day(words, entry.happened_at))


def _changes(diff: Sequence[DiffPart], words: Words) -> tuple[ChangeView, ...]:
    """The changed fields, each told once and shortly."""
    short = shorten_diff(without_repeats(diff))[:_DIFF_RUNS]
    return tuple(
        ChangeView(words.fields.get(name, name), tuple(map(_run, runs)))
        for name, runs in by_field(short).items()
    )


def _run(part: DiffPart) -> RunView:
    """One run, cleaned but with its outer spaces and paragraphs, which keep the words apart."""
    before = part.text[: len(part.text) - len(part.text.lstrip())]
    after = part.text[len(part.text.rstrip()) :] if part.text.strip() else ""
    return RunView(part.op, _gap(before) + clean_text(part.text) + _gap(after))


def _gap(space: str) -> str:
    return "\n\n" if "\n\n" in space else " " if space else ""


def _changes_note(entry: Entry, words: Words) -> str:
    if entry.kind is not EventKind.CHANGED:
        return ""
    if not entry.diff:
        return words.no_diff
    return words.more_changes if len(entry.diff) > _DIFF_RUNS else ""


def _strongest(quotes: Sequence[Quote]) -> QuoteView | None:
    """The quotation that says most: with a speaker rather than without, whole rather than cut, long.

    Politicians come first in a release, so the first of several that are equal is taken.
    """
    views = [_quote(one) for one in quotes]
    return max(
        views, key=lambda view: (bool(view.speaker), "…" not in view.text, len(view.text)), default=None
    )


def _quote(quote_: Quote) -> QuoteView:
    speaker = ", ".join(shorten(clean_line(part), _NAME) for part in (quote_.speaker, quote_.role) if part)
    return QuoteView(shorten(_unquoted(clean_line(quote_.text)), _QUOTE), speaker)


def _unquoted(text: str) -> str:
    """`text` without one pair of quotation marks around all of it; ours are added when it is set."""
    if len(text) > 1 and text[0] in '„“»"' and text[-1] in '“”«"':
        return text[1:-1]
    return text


def _listed(texts: Iterable[str], most: int) -> str:
    different = list(dict.fromkeys(clean_line(text) for text in texts))
    return " · ".join([text for text in different if text][:most])


def _stored_copy(entry: Entry, words: Words, base: str | None) -> LinkView | None:
    """The release's page in Datasette, which shows every wording it has had."""
    link = web_link(base)
    if link is None:
        return None
    return LinkView(f"{link.rstrip('/')}/releases/{tilde_encoded(entry.url)}", words.stored_copy)


def tilde_encoded(key: str) -> str:
    """A row's key as a part of a path, in Datasette's own coding: percent signs do not pass every proxy."""
    return quote(key, safe="", errors="replace").translate(_TILDES)


def _excerpt(release: Release) -> str:
    return shorten(clean_text(release.text[: 4 * _EXCERPT]), _EXCERPT)
