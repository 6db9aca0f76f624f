"""The shipped `config.toml` filled in with somebody's answers, its comments kept. Floor 1, pure.

It is edited as text: no TOML library writes comments back as they were.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

_SOURCE = re.compile(r"^(?:# )?\[\[sources\]\]\n(?:.+\n)+", re.MULTILINE)
_COMMENT = re.compile(r"^# ", re.MULTILINE)
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", '"': None, "\\": None})
_LOCAL_MAIL = {"smtp_host": '"localhost"', "smtp_port": "25", "smtp_security": '"none"'}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody wants: mails to `readers` (else a folder), at `schedule` (None: as shipped), the shipped
    `sources` by id and `listing`, one more (neither: as shipped), and a `contact` for press offices."""

    readers: tuple[str, ...] = ()
    schedule: str | None = None
    sources: tuple[str, ...] = ()
    listing: str | None = None
    contact: str | None = None


def shipped_sources(text: str) -> dict[str, str]:
    """The sources of the shipped configuration, switched on or not: id → name."""
    return {_value(block, "id"): _value(block, "name") for block in _SOURCE.findall(text)}


def fill_in(text: str, answers: Answers) -> str:
    """The shipped configuration with the answers in their places."""
    if answers.sources or answers.listing:
        text = _SOURCE.sub(lambda block: _switched(block[0], answers.sources), text)
    if answers.listing:
        block = f'[[sources]]\nid = "ministerium"\nlisting = {_quoted(answers.listing)}\n\n'
        start = text.index("[[sources]]")
        text = text[:start] + block + text[start:]
    if answers.contact:
        text = text.replace("please name a contact here", _header_words(answers.contact))
    if answers.readers:
        return _with_mails(text, answers.readers, answers.schedule)
    return text.replace('schedule = "immediate"', f"schedule = {_quoted(answers.schedule or 'immediate')}", 1)


def _switched(block: str, chosen: tuple[str, ...]) -> str:
    """The table of a source, switched on if it was chosen, else off."""
    is_on = _value(block, "id") in chosen
    if block.startswith("#"):
        return _COMMENT.sub("", block) if is_on else block
    return _with_value(block, "enabled", str(is_on).lower())


def _with_mails(text: str, readers: tuple[str, ...], schedule: str | None) -> str:
    """The e-mail channel switched on, for a mail server on this machine."""
    start = text.index('# [[channels]]\n# id = "redaktion"')
    end = text.index("\n\n", start)
    block = _COMMENT.sub("", text[start:end])
    values = {"to": _quoted(readers), "sender": _quoted(readers[0]), **_LOCAL_MAIL}
    for key, value in (values | ({"schedule": _quoted(schedule)} if schedule else {})).items():
        block = _with_value(block, key, value)
    for key in ("smtp_user", "smtp_password_env", "unsubscribe_url"):
        block = block.replace(f"\n{key} = ", f"\n# {key} = ")
    return text[:start] + block + text[end:]


def _value(block: str, key: str) -> str:
    match = re.search(rf'^(?:# )?{key} = "([^"]*)"', block, re.MULTILINE)
    assert match is not None, f"each shipped source has a key {key}"
    return match[1]


def _with_value(block: str, key: str, value: str) -> str:
    """`block` with another value for a key; what follows it on its line stays."""
    pattern = rf'^{key} = (?:"[^"\n]*"|\[[^\]\n]*\]|\S+)'
    return re.sub(pattern, lambda _: f"{key} = {value}", block, count=1, flags=re.MULTILINE)


def _quoted(value: str | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _header_words(contact: str) -> str:
    """A contact as a request header can carry it: ASCII, umlauts spelt out."""
    spelt = contact.translate(_ASCII)
    return unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
