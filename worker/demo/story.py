"""The bundled portal and its three acts: the invented releases under `demo/`, and what happens to them.

Act one is the portal as `demo_portal` returns it; `act_two` publishes and quietly edits, `act_three`
withdraws. All texts, slugs and changes are in the bundled TOML files, none in this module.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from worker.bundled import bundled
from worker.demo.portal import Portal
from worker.demo.release import BERLIN, PortalImage, PortalRelease, blocks
from worker.models.release import Link

STRICT = ConfigDict(frozen=True, extra="forbid")


class _Image(BaseModel):
    model_config = STRICT
    name: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


class _Link(BaseModel):
    model_config = STRICT
    text: str
    url: str


class _Release(BaseModel):
    """One file under `releases/`; its name is the slug, `days_ago` counts back from today."""

    model_config = STRICT
    days_ago: Annotated[int, Field(ge=0)]
    time: time
    title: str
    lead: str
    body: str
    kicker: str | None = None
    teaser: str | None = None
    images: list[_Image] = []
    links: list[_Link] = []


class SilentEdit(BaseModel):
    """One replacement in the body of a release that is already published."""

    model_config = STRICT
    slug: str
    old: str
    new: str


class ActTwo(BaseModel):
    """What appears, and what is quietly rewritten."""

    model_config = STRICT
    publish: list[str]
    silent_edits: list[SilentEdit]


class ActThree(BaseModel):
    """What disappears."""

    model_config = STRICT
    withdraw: list[str]


class Story(BaseModel):
    """`story.toml`: the plot, by slugs."""

    model_config = STRICT
    page_size: int
    act_two: ActTwo
    act_three: ActThree


def story() -> Story:
    """The plot, as bundled."""
    return Story.model_validate(tomllib.loads((bundled("demo") / "story.toml").read_text("utf-8")))


def bundled_releases(now: datetime) -> list[PortalRelease]:
    """All bundled releases, newest first, dated relative to `now` and never after it."""
    files = sorted((bundled("demo") / "releases").glob("*.toml"))
    releases = [_load(path, now) for path in files]
    return sorted(releases, key=lambda release: release.published or now, reverse=True)


def demo_portal(now: datetime, *, port: int = 0) -> Portal:
    """The bundled portal as act one shows it, not yet started. `now` is aware."""
    plot = story()
    portal = Portal(page_size=plot.page_size, port=port)
    for release in reversed(bundled_releases(now)):
        if release.slug not in plot.act_two.publish:
            portal.publish(release)
    return portal


def act_two(portal: Portal, now: datetime) -> None:
    """New releases appear, and a known one says something else than before without telling anyone."""
    act = story().act_two
    for release in reversed(bundled_releases(now)):
        if release.slug in act.publish:
            portal.publish(release)
    for edit in act.silent_edits:
        portal.edit_silently(edit.slug, body=portal.release(edit.slug).rewritten(edit.old, edit.new))


def act_three(portal: Portal) -> None:
    """A release disappears: gone from the listing, and its page answers 410."""
    for slug in story().act_three.withdraw:
        portal.withdraw(slug)


def _load(path: Path, now: datetime) -> PortalRelease:
    written = _Release.model_validate(tomllib.loads(path.read_text("utf-8")))
    day = now.astimezone(BERLIN).date() - timedelta(days=written.days_ago)
    return PortalRelease(
        slug=path.stem,
        title=written.title,
        kicker=written.kicker,
        lead=written.lead,
        body=blocks(written.body),
        published=min(datetime.combine(day, written.time, tzinfo=BERLIN), now),
        teaser=written.teaser,
        images=tuple(PortalImage(**image.model_dump()) for image in written.images),
        links=tuple(Link(link.text, link.url) for link in written.links),
    )
