"""`match`: a vocabulary tried on headlines before it is used. Floor 4."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO

import click

from worker.bootstrap import topics_of
from worker.cli.loading import configuration
from worker.cli.options import Options
from worker.cli.screen import Progress, coloured, lit, mark
from worker.errors import UsageError
from worker.models.verdict import Verdict, Wording
from worker.text import printable_json
from worker.topics.matching import match_topic
from worker.topics.topic import Topic, build_topic

_FIELDS = ("kicker", "title", "teaser", "text")


@click.command("match")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-", metavar="[FILE.jsonl]")
@click.option("--topic", "topic_id", default="integration", show_default=True, help="The topic to match.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each line in.")
@click.pass_context
def match_command(ctx: click.Context, file: IO[str], topic_id: str, as_json: bool) -> None:
    """Classify JSON lines with kicker, title, teaser and optional text, in order.

    \b
    {"kicker": "Integration", "title": "Land fördert Sprachkurse", "teaser": "…"}

    Each answer begins with + (relevant), - (not) or ? (uncertain: the page would be fetched and its
    text decide), then the score.
    """
    topic = _topic(ctx, topic_id)
    with Progress() as progress:
        for wording in _wordings(file, progress):
            verdict = match_topic(topic, wording)
            progress.hide()
            click.echo(_as_json(verdict) if as_json else _as_line(wording, verdict))


def _topic(ctx: click.Context, topic_id: str) -> Topic:
    """The topic as configured, or as built in where there is no configuration."""
    options: Options = ctx.obj
    if not options.config_path.exists():
        return build_topic(topic_id, None)
    config = configuration(ctx)
    return topics_of(config)(topic_id)


def _wordings(file: IO[str], progress: Progress) -> Iterator[Wording]:
    is_input = file.name in ("-", "<stdin>")
    name = "standard input" if is_input else Path(file.name).name
    try:
        lines = file if is_input else file.readlines()  # whose number says how long it will take
        for number, line in enumerate(progress(lines), start=1):
            if line.strip():
                yield _wording(line, f"{name}:{number}")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _wording(line: str, place: str) -> Wording:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{place}: not JSON: {error}") from None
    if not isinstance(fields, dict) or not fields.keys() & set(_FIELDS):
        raise UsageError(f"{place}: expected an object with kicker, title, teaser, text")
    texts = {key: fields.get(key) or None for key in _FIELDS}
    for key, value in texts.items():
        if not isinstance(value, str | None):
            raise UsageError(f"{place}: {key} should be a string")
    return Wording(texts["title"] or "", texts["kicker"], texts["teaser"], texts["text"])


def _as_json(verdict: Verdict) -> str:
    found = {
        "relevant": verdict.relevant,
        "score": verdict.score,
        "uncertain": verdict.uncertain,
        "evidence": [asdict(one) for one in verdict.evidence],
    }
    return printable_json(found)


def _as_line(wording: Wording, verdict: Verdict) -> str:
    sign = "?" if verdict.uncertain else "+" if verdict.relevant else "-"
    rules = ", ".join(f"{one.rule} {one.weight:+.2f}" for one in verdict.evidence) or "no rule spoke"
    counted = [one.words for one in verdict.evidence if one.weight]
    headline = mark(f"{wording.kicker} | {wording.title}" if wording.kicker else wording.title, counted)
    state = "uncertain" if verdict.uncertain else "relevant" if verdict.relevant else ""
    return f"{coloured(state, sign)} {verdict.score:5.2f}  {lit(f'{headline}  ({rules})')}"
