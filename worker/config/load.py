"""`config.toml` → `Config`, or one line for each thing that is wrong with it. Floor 1.

The only place that reads the file. Secrets are not read here: they stay in the environment or in
credential files until a message is sent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from worker.config.lines import Path as KeyPath
from worker.config.lines import as_written, line_of
from worker.config.schema import Channel, Config, known_keys
from worker.errors import ConfigError, UsageError, did_you_mean
from worker.topics.vocabulary import BUILT_IN

_TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_KINDS = ("email", "webhook", "files", "atom")
_PATH_KEYS = ("path", "smtp_password_file", "smtp_ca_file", "url_file", "secret_file")


def load_config(path: Path) -> Config:
    """The checked configuration of the file at `path`; raises ConfigError with every problem found."""
    text = _read(path)
    try:
        config = Config.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [_syntax_problem(path, str(error))]) from None
    except RecursionError:
        raise ConfigError(path, [f"{path}: brackets nested too deeply"]) from None
    except ValidationError as error:
        raise ConfigError(path, [_problem(path, text, detail) for detail in _causes(error)]) from None
    problems = [_line(path, text, loc, reason) for loc, reason in _loose_ends(config)]
    if problems:
        raise ConfigError(path, problems)
    return _resolved(config, path.resolve().parent)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        hint = "write one with `pressewacht init` or name another with --config PATH"
        raise ConfigError(path, [f"{path}: there is no such file; {hint}"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError(path, [f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"]) from None
    except OSError as error:
        raise ConfigError(path, [f"{path}: cannot be read: {error.strerror}"]) from None


def _causes(error: ValidationError) -> list[ErrorDetails]:
    """The problems without their echo: a list is also «too short» if an entry in it is wrong."""
    details = error.errors()
    parents = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [one for one in details if not (one["type"] == "too_short" and one["loc"] in parents)]


def _problem(path: Path, text: str, detail: ErrorDetails) -> str:
    """`config.toml:12: sources.0.listng: unknown key; did you mean "listing"?`"""
    return _line(path, text, as_written(detail["loc"]), _reason(detail))


def _line(path: Path, text: str, loc: KeyPath, reason: str) -> str:
    line = line_of(text, loc)
    place = f"{path}:{line}" if line else str(path)
    name = ".".join(str(part) for part in loc)
    return f"{place}: {name}: {reason}" if name else f"{place}: {reason}"


def _syntax_problem(path: Path, message: str) -> str:
    line = _TOML_LINE.search(message)
    place = f"{path}:{line[1]}" if line else str(path)
    return f"{place}: not valid TOML: {message}"


def _reason(detail: ErrorDetails) -> str:
    kind, loc, given = detail["type"], detail["loc"], detail["input"]
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(loc[-1]), known_keys(loc[:-1]))}"
    if kind == "missing":
        return "this key is required"
    if kind == "union_tag_not_found":
        return f'the key "kind" is required: {_quoted(_KINDS)}'
    if kind == "union_tag_invalid":
        given_kind = str(detail["ctx"]["tag"])
        return f"there is no kind {given_kind!r}{did_you_mean(given_kind, _KINDS)}"
    message = detail["msg"].removeprefix("Value error, ").replace("Input should", "should")
    message = message.replace("a valid tuple", "a list")  # TOML has no tuples
    key = next((part for part in reversed(loc) if isinstance(part, str)), "")
    simple = isinstance(given, str | int | float | bool) and not _is_private(key, str(given))
    return f"{message}, got {given!r}" if simple else message


def _is_private(key: str, value: str) -> bool:
    """Whether a value must not be shown: a secret, an address, or either written into the wrong key."""
    named = any(word in key for word in ("password", "secret", "token", "url", "_env"))
    return named or "@" in value


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _loose_ends(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """References to sources, channels and topics that do not exist, each with its place."""
    yield from _topic_problems(config)
    sources = [source.id for source in config.sources]
    for number, channel in enumerate(config.channels):
        for one in channel.sources:
            if one not in sources:
                reason = f"there is no source {one!r}{did_you_mean(one, sources)}"
                yield ("channels", number, "sources"), reason
    channels = [channel.id for channel in config.channels]
    for one in config.alerts.channels:
        told = config.channel(one)
        if told is None:
            yield ("alerts", "channels"), f"there is no channel {one!r}{did_you_mean(one, channels)}"
        elif told.kind == "atom":
            yield ("alerts", "channels"), f"{one!r} is an Atom file, which cannot carry alerts"


def _topic_problems(config: Config) -> Iterator[tuple[KeyPath, str]]:
    wanted: dict[str, KeyPath] = {topic: ("topics", topic) for topic in config.topics}
    for kind, tables in (("sources", config.sources), ("channels", config.channels)):
        for number, table in enumerate(tables):
            for topic in table.topics:
                wanted.setdefault(topic, (kind, number, "topics"))
    for topic, place in wanted.items():
        is_as_shipped = topic in BUILT_IN and topic not in config.topics
        if not is_as_shipped and (problem := _topic_problem(config, topic)):
            yield place, problem


def _topic_problem(config: Config, topic: str) -> str | None:
    from worker.topics.topic import build_topic  # not loaded for what is as shipped

    try:
        build_topic(topic, config.topics.get(topic))
    except UsageError as error:
        return str(error)
    return None


def _resolved(config: Config, folder: Path) -> Config:
    """`config` with relative paths taken from the folder its file lies in."""
    store = config.store.model_copy(update={"path": folder / config.store.path.expanduser()})
    channels = tuple(_channel_resolved(channel, folder) for channel in config.channels)
    return config.model_copy(update={"store": store, "channels": channels})


def _channel_resolved(channel: Channel, folder: Path) -> Channel:
    paths: dict[str, Any] = {
        key: folder / value.expanduser()
        for key in _PATH_KEYS
        if isinstance(value := getattr(channel, key, None), Path)
    }
    return channel.model_copy(update=paths)
