"""Stories of a better extractor: archived pages are read anew, and the ministry has edited nothing."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sqlite3

import pytest

from tests.cli.program import pressewacht
from tests.world import FILES, World
from worker.lock import unit_of_work
from worker.pipelines.reextract import reextract as read_again


def reextract(world: World, *options: str) -> str:
    """What the program says when it reads the archive again."""
    ran = pressewacht("--config", world.config_path, "reextract", *options, folder=world.folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def story(world: World, releases: int = 1) -> None:
    """Releases that were told, the first of them edited once."""
    world.configure(rest=FILES + "[schedule]\nflood = 500\n")
    first, *_ = [world.publish(f"Sprachkurs {number}") for number in range(releases)]
    world.poll()
    world.portal.edit(first.slug, lead="Das Land hilft Zugewanderten, auch in Mannheim.")
    world.recheck()
    world.deliver()


def test_a_dry_run_shows_old_and_new(world: World) -> None:
    """Field by field and version by version; nothing is stored."""
    story(world)
    world.forget_kickers()
    before = world.rows("select * from revisions")

    said = reextract(world, "--dry-run")

    assert "(revision 1): kicker\n  kicker\n  + Integration\n" in said
    assert "(revision 2): kicker\n  kicker\n  + Integration\n" in said
    assert said.endswith("2 versions would change, 0 cannot be read\n")
    assert world.rows("select * from revisions") == before


@pytest.mark.parametrize("releases", [1, 50], ids=["in one process", "on every core"])
def test_what_was_read_anew_was_not_edited(world: World, releases: int) -> None:
    """Every version gets its new reading, the current one its parts; nobody is told anything."""
    story(world, releases)
    told = world.events()
    wording = world.rows("select url, revision, content_sha256 from revisions order by 1, 2")
    world.forget_kickers()

    assert f"{releases + 1} versions changed" in reextract(world)

    assert world.rows("select distinct kicker from releases") == [{"kicker": "Integration"}]
    assert world.rows("select url, revision, content_sha256 from revisions order by 1, 2") == wording
    assert world.rows("select 1 from revisions where extractor = 'x'") == []
    assert reextract(world) == "0 versions changed, 0 cannot be read\n"
    world.recheck()
    assert world.events() == told
    assert world.deliver(at_once=True)["archiv"].sent == 0


def test_an_archive_is_read_on_every_core_in_order(world: World) -> None:
    """Two batches are under way at once where there are two cores, and come out as they lie in the store."""
    story(world, 50)
    world.forget_kickers()
    (source,) = world.runtime.config.sources

    outcomes = read_again(world.runtime, source, None, world.now, dry_run=True)
    first = next(outcomes)

    assert len(multiprocessing.active_children()) == min(2, os.cpu_count() or 1)
    versions = [(one.url, one.revision) for one in (first, *outcomes)]
    assert versions == sorted(versions)
    assert len(versions) == 51
    assert multiprocessing.active_children() == []


def test_a_new_version_that_reads_the_same_is_noted(world: World) -> None:
    """Whoever asks which extractor read a page gets the last one."""
    story(world)
    with contextlib.closing(sqlite3.connect(world.store)) as db, db:
        db.execute("update revisions set record = json_replace(record, '$.extractor.version', 'alt')")
        db.execute("update revisions set extractor = 'alt'")

    assert reextract(world).startswith("0 versions changed")

    (row,) = world.rows("select distinct extractor, record ->> '$.extractor.version' as noted from revisions")
    assert row["extractor"] == row["noted"] != "alt"


def test_a_dry_run_waits_for_nobody(world: World) -> None:
    """It only reads: a service at work does not keep it waiting."""
    story(world)
    with unit_of_work(world.store):
        assert reextract(world, "--dry-run").startswith("0 versions would change")
