"""Every command as a user runs it: output, JSON, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Ran, pressewacht
from tests.world import World
from worker.config.load import load_config

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    *("demo", "init", "check", "run", "poll", "deliver", "serve", "status", "browse", "search", "extract"),
    *("match", "explain", "diff", "recheck", "backfill", "reextract", "retry", "export", "backup"),
)


def run(world: World, *arguments: str | Path, **environment: str) -> Ran:
    """Run a command on the world's configuration."""
    return pressewacht("--config", world.config_path, *arguments, folder=world.folder, **environment)


@pytest.fixture
def filled(world: World) -> World:
    """A world after its first cycle, with one relevant release and one other."""
    world.publish(
        "Neue Sprachkurse für Geflüchtete", text="Das Land gibt 14 Millionen Euro für die Kurse aus."
    )
    world.publish_elsewhere("Neue Brücke")
    assert run(world, "run").code == 0
    return world


def test_run_reports_in_the_contracts_json(world: World) -> None:
    """`run --json` prints one document with sources and channels, and ends with 0."""
    world.publish("Neue Sprachkurse")
    ran = run(world, "run", "--json")
    assert ran.code == 0
    assert ran.json == {
        "sources": [{"id": "ministerium", "status": "ok", "items_seen": 1, "items_new": 1, "error": None}],
        "channels": [{"id": "archiv", "sent": 1, "pending": 0, "failed": 0, "error": None}],
    }
    assert ran.err == ""


def test_run_with_a_source_down_ends_with_1_and_delivers_all_the_same(filled: World) -> None:
    """A dead ministry does not stop mails."""
    filled.publish("Noch mehr Sprachkurse")
    assert run(filled, "poll").code == 0
    filled.portal.answer(filled.portal.listing_url, status=500)
    ran = run(filled, "run", "--json")
    assert ran.code == 1
    assert ran.json["sources"][0]["status"] == "failed"
    assert "500" in ran.json["sources"][0]["error"]
    assert ran.json["channels"][0]["sent"] == 1
    assert "Traceback" not in ran.err


def test_poll_then_deliver(world: World) -> None:
    """The two halves of a cycle work alone."""
    world.publish("Neue Sprachkurse")
    assert run(world, "poll", "ministerium", "--json").json["channels"] == []
    assert run(world, "deliver", "archiv", "--json").json["channels"][0]["sent"] == 1


def test_deliver_dry_run_prints_and_changes_nothing(world: World) -> None:
    """A preview is not a delivery."""
    world.publish("Neue Sprachkurse")
    run(world, "poll")
    ran = run(world, "deliver", "--dry-run")
    assert ran.code == 0
    assert "Neue Sprachkurse" in ran.out
    assert world.rows("select 1 from digests") == []


def test_status_of_a_healthy_store(filled: World) -> None:
    """Exit code 0, and the JSON form says when the last success was."""
    ran = run(filled, "status", "--json")
    assert ran.code == 0
    assert ran.json["healthy"] is True
    (source,), (channel,) = ran.json["sources"], ran.json["channels"]
    assert source["status"] == "ok"
    assert source["items_new"] == 2
    assert source["lag_seconds"] >= 0
    assert source["last_success_at"].endswith("Z")
    assert source["next_at"].endswith("Z")
    assert source["watched"] == len(filled.titles())
    assert source["next_look_at"].endswith("Z")
    assert (channel["sent"], channel["pending"], channel["failed"]) == (1, 0, 0)
    assert "All well: 1 source read" in run(filled, "status").out


def test_status_of_a_source_in_drift(filled: World) -> None:
    """Drift is named and ends with 1."""
    filled.portal.answer(filled.portal.listing_url, body=b"<html><body><p>Leer</p></body></html>")
    assert run(filled, "poll").code == 1
    ran = run(filled, "status", "--json")
    assert ran.code == 1
    assert ran.json["healthy"] is False
    assert ran.json["sources"][0]["status"] == "drift"
    assert "no entries" in ran.json["sources"][0]["error"]


def test_explain_says_rule_by_rule(filled: World) -> None:
    """Why one entry was taken and the other not."""
    slugs = {release.title: filled.portal.release_url(release.slug) for release in filled.portal.listed()}
    taken = run(filled, "explain", slugs["Neue Sprachkurse für Geflüchtete"])
    assert taken.code == 0
    assert "relevant, score" in taken.out
    assert "Sprachkurse" in taken.out
    other = run(filled, "explain", slugs["Neue Brücke"] + "/?utm_source=mail")
    assert other.code == 0
    assert "set aside" in other.out
    assert run(filled, "explain", filled.portal.release_url("nie-gesehen")).code == 2


def test_search_finds_compounds_and_spellings(filled: World) -> None:
    """`kurse` in Sprachkurse, `gefluechtete` for Geflüchtete."""
    for words in ("kurse", "gefluechtete", "Geflüchteten"):
        hits = run(filled, "search", words, "--json").json
        assert [hit["title"] for hit in hits] == ["Neue Sprachkurse für Geflüchtete"], words
    assert run(filled, "search", "brücke", "--json").json == []
    assert run(filled, "search", '"', "--json").json == []


def test_search_says_that_there_may_be_more(filled: World) -> None:
    """Who sees as many finds as asked for does not take them for all."""
    assert "--limit" in run(filled, "search", "kurse", "--limit", "1").err
    assert run(filled, "search", "kurse").err == ""


def test_recheck_diff_and_revisions(filled: World) -> None:
    """A silent edit is found by hand and shown word by word."""
    release = next(one for one in filled.portal.listed() if "Sprachkurse" in one.title)
    body = release.rewritten("14 Millionen", "11 Millionen")
    filled.portal.edit_silently(release.slug, body=body)
    assert run(filled, "recheck").code == 0
    ran = run(filled, "diff", filled.portal.release_url(release.slug))
    assert ran.code == 0
    assert "[-14-]{+11+}" in ran.out.replace(" ", "")
    assert run(filled, "diff", filled.portal.release_url(release.slug), "--to", "7").code == 2


def test_extract_prints_records_and_errors_in_their_place(world: World, tmp_path: Path) -> None:
    """One unreadable input leaves an error object where its record would stand, and exit code 1."""
    (tmp_path / "brief.pdf").write_bytes(b"%PDF-1.7 nothing to read here")
    seed = ROOT / "seeds" / "000_aa043d98488c06ef.txt"
    release = world.publish("Neue Sprachkurse")
    ran = run(
        world, "extract", seed, tmp_path / "brief.pdf", world.portal.release_url(release.slug), "--json"
    )
    assert ran.code == 1
    first, second, third = ran.json
    assert first["title"] == "Bund-Länder-Workshop diskutiert Integrationsberichterstattung"
    assert second["error"]["kind"] == "not-html"
    assert third["title"] == "Neue Sprachkurse"
    missing = run(world, "extract", seed, tmp_path / "nirgends.html", "--json")
    assert (missing.code, missing.json[1]["error"]["kind"]) == (1, "unreadable")


def test_extract_needs_no_configuration(tmp_path: Path) -> None:
    """The seeds are read anywhere, in words for people too."""
    ran = pressewacht("extract", *sorted((ROOT / "seeds").glob("*.txt")), folder=tmp_path)
    assert ran.code == 0
    assert "Dr. Ute Leidig, Staatssekretärin" in ran.out


def test_match_answers_line_by_line(tmp_path: Path) -> None:
    """One JSON line out for each line in, in order."""
    lines = [
        {"kicker": "Integration", "title": "Land fördert Sprachkurse", "teaser": ""},
        {"kicker": "Verkehr", "title": "Neue Brücke", "teaser": "Sozial- und Integrationsminister dabei"},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    ran = pressewacht("match", "--json", folder=tmp_path, stdin=stdin)
    assert ran.code == 0
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["relevant"] for answer in answers] == [True, False]
    assert all({"relevant", "score", "evidence"} <= set(answer) for answer in answers)
    broken = pressewacht("match", folder=tmp_path, stdin='{"title": 7}\n')
    assert (broken.code, "standard input:1" in broken.err) == (2, True)


def test_backfill_is_stored_and_never_told(filled: World) -> None:
    """The archive becomes searchable; no digest mentions it."""
    for days in range(30, 60):
        filled.publish(f"Archivkurs {days}", days_ago=days, position=len(filled.portal.listed()))
    ran = run(filled, "backfill", "ministerium")
    assert ran.code == 0
    assert len(filled.titles()) == 31
    assert [event[1] for event in filled.events()] == ["Neue Sprachkurse für Geflüchtete"]
    assert run(filled, "deliver", "--now", "--json").json["channels"][0]["sent"] == 0


def test_reextract_is_no_edit(filled: World) -> None:
    """Reading archived pages again makes no revision and no event."""
    assert run(filled, "reextract", "--dry-run").code == 0
    assert run(filled, "reextract").code == 0
    assert filled.rows("select max(revision) as n from revisions") == [{"n": 1}]
    assert len(filled.events()) == 1


def test_export_of_the_page_that_showed_a_drift(filled: World, tmp_path: Path) -> None:
    """The message says how to look at it; a name that is not enough, or of no page, is a wrong usage."""
    filled.portal.answer(filled.portal.listing_url, body=b"<html><body><p>Leer</p></body></html>")
    name = run(filled, "poll").out.partition("--page ")[2].split()[0]
    ran = run(filled, "export", "--page", name, tmp_path / "seite.html")
    assert ran.code == 0
    assert filled.portal.listing_url in ran.out
    assert b"Leer" in (tmp_path / "seite.html").read_bytes()
    assert run(filled, "export", "--page", "xyz", tmp_path / "nichts.html").code == 2


def test_export_backup_and_what_they_hold(filled: World, tmp_path: Path) -> None:
    """Records, a table, the raw pages, and a copy of the store that opens."""
    for form in ("jsonl", "csv", "warc"):
        assert run(filled, "export", f"--{form}", tmp_path / f"out.{form}").code == 0
    record = json.loads((tmp_path / "out.jsonl").read_text())
    assert record["title"] == "Neue Sprachkurse für Geflüchtete"
    assert "Neue Sprachkurse" in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert run(filled, "backup", tmp_path / "copy.db").code == 0
    (tmp_path / "copy.toml").write_text(
        filled.config_path.read_text() + f'\n[store]\npath = "{tmp_path / "copy.db"}"\n'
    )
    assert pressewacht("--config", "copy.toml", "status", folder=tmp_path).code == 0


def test_retry_sends_a_failed_digest_again(filled: World) -> None:
    """`retry` wants a digest that failed, or a channel."""
    assert run(filled, "retry", "1").code == 2
    assert run(filled, "retry").code == 2
    assert run(filled, "retry", "--channel", "archiv").code == 0
    assert run(filled, "retry", "--channel", "nirgends").code == 2


def test_check_online_reports_field_by_field(filled: World) -> None:
    """What can be read of the listing and of the newest release, and whether the channels work."""
    ran = run(filled, "check", "--online")
    assert ran.code == 0
    for word in ("entries", "title", "kicker", "published", "lead", "body", "archiv"):
        assert word in ran.out
    filled.portal.answer(filled.portal.listing_url, status=404)
    failed = run(filled, "check", "--online")
    assert failed.code == 1
    assert "404" in failed.out


def test_init_writes_a_configuration_that_checks(tmp_path: Path) -> None:
    """From flags and from answers; an existing file is not written over."""
    assert pressewacht("init", "--email", "rat@example.org", folder=tmp_path).code == 0
    assert pressewacht("check", folder=tmp_path).code == 0
    assert "rat@example.org" in (tmp_path / "config.toml").read_text()
    assert pressewacht("init", "--contact", "x", folder=tmp_path).code == 2
    asked = pressewacht(
        "--config", "neu.toml", "init", folder=tmp_path, stdin="rat\nrat@example.org\n\n1, 3\n"
    )
    assert asked.code == 0
    config = load_config(tmp_path / "neu.toml")
    assert [one.id for one in config.sources if one.enabled] == ["bw-sozialministerium", "nrw"]
    assert [one.schedule for one in config.channels] == ["immediate", "0 7 * * mon-fri"]
    elsewhere = pressewacht(
        "--config", "e.toml", "init", folder=tmp_path, stdin="\n\nhttps://example.org/presse\n"
    )
    assert elsewhere.code == 0
    listed = [one.listing for one in load_config(tmp_path / "e.toml").sources if one.enabled]
    assert listed == ["https://example.org/presse"]


def test_demo_needs_nothing_and_leaves_what_it_names(tmp_path: Path) -> None:
    """Three acts, a store, digests and a configuration that the next commands can use."""
    ran = pressewacht("demo", "--keep", "demo", folder=tmp_path)
    assert ran.code == 0
    for word in ("neue Mitteilungen", "geänderte", "zurückgezogene"):
        assert word in ran.out
    assert len(list((tmp_path / "demo" / "digests").glob("*.html"))) >= 3
    assert pressewacht("--config", "demo/config.toml", "status", folder=tmp_path).code == 0
    again = pressewacht("demo", "--keep", "demo", folder=tmp_path)
    assert again.code == 2, "a demo does not play on an old stage"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does(command: str, tmp_path: Path) -> None:
    """Every command explains itself."""
    ran = pressewacht(command, "--help", folder=tmp_path)
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 5


def test_version_and_help_load_nothing_heavy(tmp_path: Path) -> None:
    """What is asked for most often starts fastest."""
    script = (
        "import sys; sys.argv = ['pressewacht', sys.argv[1]]\n"
        "import worker.cli.main as program\n"
        "try: program.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'httpx', 'pydantic', 'selectolax', 'apscheduler', 'jinja2', 'sqlite_utils', 'feedparser'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    (tmp_path / "light.py").write_text(script)
    for flag in ("--version", "--help"):
        subprocess.run([sys.executable, "light.py", flag], cwd=tmp_path, check=True, capture_output=True)


def test_files_channel_default_is_enough(tmp_path: Path, world: World) -> None:
    """A configuration with nothing but a source stores and writes digests beside itself."""
    world.configure(rest="")
    world.publish("Neue Sprachkurse")
    assert run(world, "run").code == 0
    assert (world.folder / "var" / "monitor.db").exists()
    assert list((world.folder / "var" / "digests").glob("*.eml"))
