"""A digest in words, ready to be laid out: cleaned, shortened, grouped, dated. Floor 1, pure.

`Digest` in, `DigestView` out, with which templates and plain text need no decisions of their own.
Nothing is escaped here, and nothing is wrapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from worker.diffs import shorten_diff
from worker.digests.cleaning import clean_line, clean_text, host_shown, shorten, web_link
from worker.digests.wording import ORDER, Words, say_date, say_day, say_headline, say_moment, words_of
from worker.models.event import DiffPart, Digest, Entry, EventKind
from worker.models.release import Quote, Release

_TITLE, _LEAD, _QUOTE, _EXCERPT = 300, 700, 320, 700  # characters: a mail is read, not studied
_QUOTES, _AMOUNTS, _REASONS = 2, 4, 4
_DIFF_RUNS = 60


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
    quotes: tuple[QuoteView, ...]
    amounts: str
    reasons: str
    link: LinkView | None
    stored_copy: LinkView | None
    excerpt: str
    address: str


@dataclass(frozen=True, slots=True)
class GroupView:
    kind: str
    label: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """One message as it is told."""

    words: Words
    headline: str
    moment: str
    groups: tuple[GroupView, ...]
    footer: str
    unsubscribe: str | None


def view_digest(digest: Digest, *, unsubscribe_url: str | None = None) -> DigestView:
    """`digest` in the words of its language, new releases first."""
    words = words_of(digest.language)
    moment = say_moment(words, digest.composed_at)
    return DigestView(
        words=words,
        headline=say_headline(words, digest.entries),
        moment=moment,
        groups=tuple(_groups(digest.entries, words, digest.stored_copy_base)),
        footer=words.footer.format(when=moment, channel=clean_line(digest.channel)),
        unsubscribe=web_link(unsubscribe_url),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """New first, then changed, withdrawn, restored; within a kind as given."""
    return sorted(entries, key=lambda entry: ORDER.index(entry.kind))


def view_entry(entry: Entry, words: Words, stored_copy_base: str | None) -> EntryView:
    """One release in words."""
    release, is_gone = entry.release, entry.kind is EventKind.WITHDRAWN
    link = web_link(entry.url)
    stored_copy = _stored_copy(entry, words, stored_copy_base)
    excerpt = _excerpt(release) if is_gone and not stored_copy else ""  # begins with the lead
    return EntryView(
        kind=entry.kind.value,
        label=words.kinds[entry.kind],
        kicker=clean_line(release.kicker or ""),
        title=shorten(clean_line(release.title), _TITLE),
        byline=_byline(entry, words),
        notice=_notice(entry, words),
        changes=_changes(entry.diff, words),
        changes_note=_changes_note(entry, words),
        lead="" if excerpt else shorten(clean_line(release.lead or ""), _LEAD),
        quotes=tuple(_quotes(release.quotes)),
        amounts=_listed((amount.text for amount in release.amounts), _AMOUNTS),
        reasons=_listed(entry.reasons, _REASONS),
        link=LinkView(link, f"{words.read_more} {host_shown(link)}") if link and not is_gone else None,
        stored_copy=stored_copy if is_gone else None,
        excerpt=excerpt,
        address=link or clean_line(entry.url),
    )


def _groups(entries: Sequence[Entry], words: Words, stored_copy_base: str | None) -> Iterable[GroupView]:
    for kind in ORDER:
        views = tuple(view_entry(one, words, stored_copy_base) for one in entries if one.kind is kind)
        if views:
            yield GroupView(kind.value, words.kinds[kind], views)


def _byline(entry: Entry, words: Words) -> str:
    published = entry.release.published
    parts = (say_date(words, published) if published else "", clean_line(entry.source_name or entry.source))
    return " · ".join(part for part in parts if part)


def _notice(entry: Entry, words: Words) -> str:
    sentence = words.notices.get(entry.kind, "")
    return sentence.format(revision=entry.revision, when=say_day(words, entry.happened_at))


def _changes(diff: Sequence[DiffPart], words: Words) -> tuple[ChangeView, ...]:
    """The changed fields; the lead's own entry is left out where the text, which begins with it, is there."""
    is_text_told = any(part.field == "text" for part in diff)
    told = [part for part in diff if not (is_text_told and part.field == "lead")]
    short = shorten_diff(told)[:_DIFF_RUNS]
    return tuple(
        ChangeView(words.fields.get(name, name), tuple(_run(part) for part in short if part.field == name))
        for name in dict.fromkeys(part.field for part in short)
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


def _quotes(quotes: Sequence[Quote]) -> Iterable[QuoteView]:
    for quote_ in quotes[:_QUOTES]:
        speaker = ", ".join(clean_line(part) for part in (quote_.speaker, quote_.role) if part)
        yield QuoteView(shorten(_unquoted(clean_line(quote_.text)), _QUOTE), speaker)


def _unquoted(text: str) -> str:
    """`text` without one pair of quotation marks around all of it; ours are added when it is set."""
    if len(text) > 1 and text[0] in '„“»"' and text[-1] in '“”«"':
        return text[1:-1]
    return text


def _listed(texts: Iterable[str], most: int) -> str:
    different = list(dict.fromkeys(clean_line(text) for text in texts))
    return " · ".join([text for text in different if text][:most])


def _stored_copy(entry: Entry, words: Words, base: str | None) -> LinkView | None:
    """The release's row in Datasette: the table's page, filtered by address (docs: table filters)."""
    link = web_link(base)
    if link is None:
        return None
    return LinkView(
        f"{link.rstrip('/')}/releases?url={quote(entry.url, safe='', errors='replace')}", words.stored_copy
    )


def _excerpt(release: Release) -> str:
    return shorten(clean_text(release.text[: 4 * _EXCERPT]), _EXCERPT)
