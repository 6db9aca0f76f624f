"""The plain-text side of a mail: 74 columns, set with care. Floor 1, pure.

Not a template: a template engine that escapes everything (as ours must) has no place in plain text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from worker.digests.view import BriefView, ChangeView, DigestView, EntryView, GroupView
from worker.digests.wording import Words

WIDTH = 74
_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}


def write_plain(view: DigestView) -> str:
    """The whole message as plain text."""
    blocks = [f"{_wrapped(view.headline)}\n{view.moment}", _wrapped(view.opening)]
    blocks += [_wrapped(trouble) for trouble in view.troubles]
    for group in view.groups:
        blocks.append(f"\n{group.label.upper()} ({group.count})\n{'=' * WIDTH}")
        told = [*(_entry(entry, view.words) for entry in group.entries), *_briefs(group)]
        blocks.append(f"\n\n{'-' * WIDTH}\n\n".join(told))
    if view.more:
        blocks.append(view.more)
    closing = [_wrapped(line) for line in view.footer]
    if view.unsubscribe:
        closing.append(f"{view.words.unsubscribe}: {view.unsubscribe}")
    blocks.append("\n-- \n" + "\n".join(closing))
    return "\n\n".join(blocks) + "\n"


def write_plain_note(title: str, paragraphs: list[str]) -> str:
    """A short message without releases: trouble, or its end."""
    return "\n\n".join([_wrapped(title), *(_wrapped(one) for one in paragraphs)]) + "\n"


def _briefs(group: GroupView) -> Iterator[str]:
    """The list of what is only named, as one block."""
    lines = (_brief(brief) for brief in group.briefs)
    if listed := "\n".join(lines):
        yield listed


def _brief(brief: BriefView) -> str:
    dated = f"{brief.title} ({brief.byline})" if brief.byline else brief.title
    line = _wrapped(f"* {dated}", hanging="  ")
    return f"{line}\n  {brief.url}" if brief.url else line


def _entry(entry: EntryView, words: Words) -> str:
    return "\n\n".join(_parts(entry, words))


def _parts(entry: EntryView, words: Words) -> Iterator[str]:
    heading = [entry.kicker, _wrapped(entry.title), entry.byline]
    yield "\n".join(_wrapped(line) if line is entry.byline else line for line in heading if line)
    if entry.notice:
        yield _wrapped(entry.notice)
    for change in entry.changes:
        yield _change(change)
    if entry.changes:
        yield _wrapped(words.diff_legend)
    if entry.changes_note:
        yield _wrapped(entry.changes_note)
    if entry.lead:
        yield _wrapped(entry.lead)
    if quote := entry.quote:
        spoken = _wrapped(words.quoted.format(quote.text), "  ")
        yield f"{spoken}\n{_wrapped(f'– {quote.speaker}', '    ')}" if quote.speaker else spoken
    facts = [(words.amounts, entry.amounts), (words.reasons, entry.reasons)]
    if any(value for _, value in facts):
        yield "\n".join(_wrapped(f"{name}: {value}", hanging="  ") for name, value in facts if value)
    yield from _where(entry, words)


def _where(entry: EntryView, words: Words) -> Iterator[str]:
    """The link; for a withdrawn release the stored copy, or what it last said."""
    if entry.link:
        yield entry.link.url  # never wrapped: a broken address is no address
        return
    if entry.stored_copy:
        yield f"{entry.stored_copy.label}:\n{entry.stored_copy.url}"
    elif entry.excerpt:
        yield _wrapped(words.in_archive)
        yield "\n\n".join(_wrapped(paragraph, "  ") for paragraph in entry.excerpt.split("\n\n"))
    yield f"{words.former_address}:\n{entry.address}"


def _change(change: ChangeView) -> str:
    """«Titel: Land fördert [-320-] {+230+} Kurse», each paragraph wrapped for itself."""
    marked = "".join(_marked(run.op, run.text) for run in change.runs).replace("-]{+", "-] {+")
    paragraphs = [one for one in f"{change.label}: {marked}".split("\n\n") if one.strip()]
    return "\n\n".join(_wrapped(paragraph, "  ") for paragraph in paragraphs)


def _marked(op: str, text: str) -> str:
    """`text` between its marks, which hug the words and leave the spaces outside."""
    opening, closing = _MARKS[op]
    core = text.strip()
    if not core:
        return text
    start = text.index(core)
    return f"{text[:start]}{opening}{core}{closing}{text[start + len(core) :]}"


def _wrapped(text: str, indent: str = "", *, hanging: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
