"""A digest or an alert as a chat message: Slack, Mattermost, Teams. Floor 1, pure.

Short by intent: what happened, title, where to read it. Scraped text can neither format nor mention
anybody nor become a link of its own.
"""

from __future__ import annotations

import re
from typing import Literal

from worker.digests.cleaning import clean_line, shorten
from worker.digests.payload import to_json
from worker.digests.view import EntryView, in_order, view_entry
from worker.digests.wording import say_headline, words_of
from worker.models.event import Digest

Format = Literal["slack", "mattermost", "teams"]

# Entries that surely fit: Slack takes 40,000 characters, Mattermost 16,383, Teams 28 kB.
_MOST: dict[Format, int] = {"slack": 40, "mattermost": 30, "teams": 20}
_TITLE = 160
_MARKDOWN = re.compile(r"[\\*_~`|#\[\]]")
# A word joiner where a service sees more than text: «@channel» calls everybody, Teams fills in «{{DATE(…)}}».
_CALLING = re.compile(r"@|\{(?=\{)")
_LINKING = re.compile(r":(?=//)|www(?=\.)", re.IGNORECASE)
_JOINER = "\u2060"
_IN_LINK = str.maketrans({"|": "%7C", "(": "%28", ")": "%29"})  # what would end the link around an address


def write_digest_chat(digest: Digest, chat: Format) -> bytes:
    """The message body for one of the chat services."""
    words = words_of(digest.language)
    ordered = in_order(digest.entries)
    headline = say_headline(words, digest.entries)
    views = [view_entry(entry, words, digest.stored_copy_base) for entry in ordered[: _MOST[chat]]]
    left_out = len(ordered) - len(views)
    more = words.more_entries.format(count=left_out) if left_out else ""
    if chat == "teams":
        blocks = [_teams_text(headline, bold=True), *(_teams_entry(view) for view in views)]
        return to_json(_teams_card(blocks + ([_teams_text(more)] if more else [])))
    bold = "*" if chat == "slack" else "**"
    lines = [f"{bold}{_escaped(headline)}{bold}", *(_line(view, chat) for view in views), _escaped(more)]
    return to_json({"text": "\n".join(line for line in lines if line)})


def write_note_chat(title: str, text: str, chat: Format) -> bytes:
    """A short message without releases."""
    if chat == "teams":
        return to_json(_teams_card([_teams_text(title, bold=True), _teams_text(_quiet(text))]))
    bold = "*" if chat == "slack" else "**"
    return to_json({"text": f"{bold}{_plain(title, chat)}{bold}\n{_plain(_quiet(text), chat)}"})


def _line(view: EntryView, chat: Format) -> str:
    title = _plain(_scraped(shorten(view.title, _TITLE)), chat)
    link = view.link or view.stored_copy
    linked = f"<{_escaped(link.url.translate(_IN_LINK))}|{title}>" if link else title
    about = _plain(_scraped(" · ".join(part for part in (view.kicker, view.byline) if part)), chat)
    return f"• {_escaped(view.label)}: {linked}" + (f" ({about})" if about else "")


def _plain(text: str, chat: Format) -> str:
    """Text without meaning to the service: its markup escaped as well."""
    shown = _escaped(text)
    if chat == "mattermost":
        return _MARKDOWN.sub(r"\\\g<0>", shown)
    # mrkdwn knows no backslash; a word joiner takes the signs their place at a word's edge
    return re.sub(r"([*_~`])", rf"{_JOINER}\1{_JOINER}", shown).replace("|", "¦")


def _quiet(text: str) -> str:
    """One line that calls nobody; the addresses in an alert stay links."""
    return _CALLING.sub(rf"\g<0>{_JOINER}", clean_line(text))


def _scraped(text: str) -> str:
    """One line that calls nobody and links nowhere."""
    return _LINKING.sub(rf"\g<0>{_JOINER}", _quiet(text))


def _escaped(text: str) -> str:
    """Slack's three control characters, and only these (Slack: formatting text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams_card(blocks: list[dict[str, object]]) -> dict[str, object]:
    card: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _teams_text(text: str, *, bold: bool = False) -> dict[str, object]:
    """A rich text block: a text run, unlike a text block, knows no Markdown."""
    return {"type": "RichTextBlock", "inlines": [_teams_run(text, weight="Bolder" if bold else "Default")]}


def _teams_run(text: str, **style: object) -> dict[str, object]:
    return {"type": "TextRun", "text": text, **style}


def _teams_entry(view: EntryView) -> dict[str, object]:
    link = view.link or view.stored_copy
    action = {"selectAction": {"type": "Action.OpenUrl", "url": link.url}} if link else {}
    about = " · ".join(part for part in (view.kicker, view.byline) if part)
    runs = [
        _teams_run(f"{view.label}: "),
        _teams_run(_scraped(shorten(view.title, _TITLE)), weight="Bolder", **action),
        _teams_run(f" ({_scraped(about)})" if about else "", isSubtle=True),
    ]
    return {"type": "RichTextBlock", "separator": True, "inlines": runs}
