"""`browse`, as a reader meets it: a real process on a filled store, asked over HTTP."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import yaml

from worker.bundled import bundled
from worker.store.connection import working

from .conftest import ROOT, Browser, browsing
from .samples import CONFERENCE, COUNSEL, COURSES, NOW, SITE, SOURCE, entry_of, fill, list_entries

NAME = "presse-archiv"  # the file's name, fit for an address
METADATA = yaml.safe_load((bundled("datasette") / "metadata.yaml").read_text("utf-8"))["databases"]["monitor"]
VISIBLE = [name for name, table in METADATA["tables"].items() if table.get("allow") is not False]
SCRIPT = "<script>alert(1)</script>"
HOSTILE = ('"', '""', "foo AND", "NEAR(", "*", "title:x", SCRIPT, "'; drop table items", "a\0b")


def rows(browser: Browser, page: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of a table or query, as JSON."""
    answer = browser.client.get(f"/{NAME}/{page}.json", params={"_shape": "array", **parameters})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def html(browser: Browser, page: str, **parameters: str) -> str:
    """A page for people; no text from outside may come back as markup."""
    answer = browser.client.get(f"/{NAME}/{page}".rstrip("/"), params=parameters)
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    return answer.text


def test_first_page_names_what_this_is(browser: Browser) -> None:
    """The first page explains itself, leads to the search and forbids what it does not need."""
    answer = browser.client.get("/")
    assert "quietly edited or withdrawn" in answer.text
    assert f'action="/{NAME}/search_releases"' in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert browser.client.get("/static/pressewacht.css").status_code == 200


def test_store_page_lists_every_question(browser: Browser) -> None:
    """The store's page shows each query with its title and what it answers, and no machinery."""
    page = html(browser, "")
    for query in METADATA["queries"].values():
        assert query["title"] in page
    assert "releases_fts" not in page
    assert "_sqlite_migrations" not in page


@pytest.mark.parametrize("table", VISIBLE)
def test_table_pages_have_rows(browser: Browser, table: str) -> None:
    """Every table a reader meets opens with its description and rows."""
    page = html(browser, table)
    assert METADATA["tables"][table]["description"].split("«")[0].split("'")[0] in page
    assert rows(browser, table)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("konferenz", CONFERENCE),
        ("Konferenzen", CONFERENCE),
        ("gefluechtete mannheim", None),
        ("Abschluss", COUNSEL),
        ("berufsabschluss mannheim", COUNSEL),
    ],
)
def test_search_box_knows_german(browser: Browser, words: str, found: Any) -> None:
    """The table's search box and the query find inflected words, compounds and ae/oe/ue spellings."""
    expected = {found.url} if found else set()
    assert {row["url"] for row in rows(browser, "releases", _search=words)} == expected
    assert {row["url"] for row in rows(browser, "search_releases", words=words)} == expected


def test_found_words_are_marked(browser: Browser) -> None:
    """The snippet of the search query marks the words in plain text."""
    found = rows(browser, "search_releases", words="sprachförderung")
    assert {"«Sprachförderung»" in row["found"] for row in found} == {True}


@pytest.mark.parametrize("text", HOSTILE)
def test_search_box_takes_anything(browser: Browser, text: str) -> None:
    """No input to the search box is an error."""
    html(browser, "releases", _search=text)
    html(browser, "releases", _search_title=text)


def test_search_box_takes_a_flood(browser: Browser) -> None:
    """Thousands of words are no error either."""
    flood = " OR ".join(f"wort{number}" for number in range(1500))
    html(browser, "releases", _search=flood)
    html(browser, "search_releases", words=flood)


@pytest.mark.parametrize("name", METADATA["queries"])
def test_queries_answer_anything(browser: Browser, name: str) -> None:
    """Every query answers, for people and for programs, whatever is put in."""
    parameters = set(re.findall(r":([a-z_]+)", METADATA["queries"][name]["sql"]))
    for text in ("", "Integration", *HOSTILE) if parameters else ("",):
        given = dict.fromkeys(parameters, text)
        html(browser, name, **given)
        rows(browser, name, **given)


@pytest.mark.parametrize("name", [name for name in METADATA["queries"] if name != "search_releases"])
def test_queries_show_something_at_once(browser: Browser, name: str) -> None:
    """A query that is opened without parameters shows rows, not an empty page."""
    assert rows(browser, name)


def test_queries_answer_their_questions(browser: Browser) -> None:
    """The queries say what the store holds: edits, withdrawals, sums, quotations, reasons, messages."""
    edit = rows(browser, "silent_edits", title_or_address="KONFERENZ")[0]
    assert edit["title_before"] == CONFERENCE.title
    assert edit["revision"] == 2
    assert [row["url"] for row in rows(browser, "withdrawn_releases")] == [COUNSEL.url]
    sums = [row["value"] for row in rows(browser, "money_promised", smallest_sum="1.000.000")]
    assert sums == [320_000_000, 48_000_000]
    assert {row["speaker"] for row in rows(browser, "who_said_what", speaker="leidig")} == {"Dr. Ute Leidig"}
    reasons = rows(browser, "why_chosen", address=f"{COURSES.url}/")
    assert {(row["rule"], row["weight"]) for row in reasons} == {("kicker", 4)}
    (set_aside,) = rows(browser, "not_chosen", word="krankenhaus")
    assert (set_aside["title"], set_aside["rules"]) == ("Neuer Krankenhausplan", "kicker «Integration» +0.5")
    assert [row["url"] for row in rows(browser, "releases_of_month", month="2026-10")] == [COUNSEL.url]
    (year,) = rows(browser, "money_by_year", unit="eur")
    assert (year["year"], year["sums"], year["largest"], year["url"]) == ("2026", 3, 320_000_000, COURSES.url)
    looks = [row["next_look_at"] for row in rows(browser, "next_looks")]
    assert looks == sorted(looks)
    assert {row["last_error"] for row in rows(browser, "undelivered_digests")} == {"HTTP 400"}
    kinds = {row["kind"] for row in rows(browser, "digest_contents", digest="1")}
    assert kinds == {
        "new",
        "changed",
        "withdrawn",
    }
    health = rows(browser, "source_health")[0]
    assert (health["runs_well"], health["runs_failed"]) == (1, 1)


def test_doubles_are_shown_once(browser: Browser) -> None:
    """A release that another host repeats counts once."""
    urls = [row["url"] for row in rows(browser, "latest_releases", topic="integration")]
    assert len(urls) == len(set(urls)) == 4


def test_spreadsheet_cells_are_text(browser: Browser) -> None:
    """The CSV for spreadsheets holds no cell that would be taken for a formula."""
    answer = browser.client.get(f"/{NAME}/releases_for_spreadsheets.csv")
    assert "'=HYPERLINK" in answer.text
    assert not re.search(r'(^|,)"?[=+@]', answer.text, re.MULTILINE)


def test_facets_and_labels(browser: Browser) -> None:
    """Facets count, and foreign keys lead to the row they name, by its title."""
    answer = browser.client.get(f"/{NAME}/releases.json", params={"_facet": "kicker"}).json()
    kickers = {one["value"]: one["count"] for one in answer["facet_results"]["kicker"]["results"]}
    assert kickers["Integration"] == 3
    page = html(browser, "events")
    key = quote(str(COURSES.url), safe="-._").replace(".", "~2E").replace("%", "~")
    assert f'<a href="/{NAME}/releases/{key}">{COURSES.title}</a>' in page
    assert f'<a href="/{NAME}/sources/{SOURCE}">{SOURCE}</a>' in html(browser, "releases")
    assert "Sprache ist der Schlüssel" in html(browser, f"releases/{key}")
    assert f'href="{COURSES.url}"' in html(browser, f"releases/{key}")
    assert "2 rows</a>" in html(browser, f"releases/{key}")


def test_digest_links_arrive(browser: Browser) -> None:
    """The address that digests give for a stored copy leads to the release."""
    assert COUNSEL.title in html(browser, "releases", url=str(COUNSEL.url))


@pytest.mark.parametrize("statement", ["delete from items", "drop table items", "pragma journal_mode = wal"])
def test_nothing_can_be_written(analyst: Browser, statement: str) -> None:
    """SQL of one's own may read, within a time limit, and nothing else."""
    count = {"sql": "select count(*) from items"}
    assert analyst.client.get(f"/{NAME}.json", params=count).status_code == 200
    assert analyst.client.get(f"/{NAME}.json", params={"sql": statement}).status_code == 400
    assert analyst.client.get(f"/{NAME}.db").status_code == 403
    assert analyst.client.post(f"/{NAME}/items", data={"url": "x"}).status_code == 405


def test_endless_sql_is_stopped(analyst: Browser) -> None:
    """A query that would never end is interrupted."""
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    assert analyst.client.get(f"/{NAME}.json", params={"sql": endless}).status_code == 400


def test_sql_of_ones_own_is_asked_for(browser: Browser) -> None:
    """Without --sql nobody runs any, and no page offers it."""
    assert browser.client.get(f"/{NAME}", params={"sql": "select 1"}).status_code == 403
    assert browser.client.get(f"/{NAME}/items.json", params={"_where": "1 = 1"}).status_code == 403
    assert "SQL of your own" not in html(browser, "")
    assert "Edit it" not in html(browser, "silent_edits")


def test_sql_is_not_for_the_public(store: Path) -> None:
    """SQL would read the outbox that --public keeps back."""
    ended = run("browse", str(store), "--public", "--sql")
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)


def test_fresh_rows_show_while_the_worker_writes(tmp_path: Path) -> None:
    """What the worker commits is there with the next request, in counts as well as rows."""
    path = tmp_path / "monitor.db"
    fill(path)
    with browsing(str(path)) as running, working(path) as db:
        for number in range(3):
            before = running.client.get("/monitor/items.json").json()["filtered_table_rows_count"]
            entry = entry_of(COURSES)
            fresh = type(entry)(f"{SITE}/neu-{number}", f"Neu {number}", "Integration")
            list_entries(db, [fresh], NOW + timedelta(hours=number))
            answer = running.client.get("/monitor/items.json").json()
            assert answer["filtered_table_rows_count"] == before + 1
            assert "max-age" not in running.client.get("/monitor/items").headers.get("cache-control", "")


def test_public_server_keeps_the_outbox_to_itself(public: Browser) -> None:
    """With --public there is no outbox; the rest stays."""
    for hidden in ("digests", "digest_events", "channels", "troubles", "undelivered_digests", "robots"):
        assert public.client.get(f"/{NAME}/{hidden}").status_code == 403, hidden
    assert "Failed or waiting digests" not in html(public, "") + public.client.get("/").text
    assert rows(public, "search_releases", words="konferenz")
    assert rows(public, "latest_releases")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well(store: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it with 0 and without a word, even with a connection open."""
    with browsing(str(store)) as running:
        assert running.client.get("/").status_code == 200
        running.process.send_signal(number)
        _, errors = running.process.communicate(timeout=20)
    assert (running.process.returncode, errors) == (0, "")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`pressewacht` with these arguments, to its end."""
    command = [sys.executable, "-m", "worker", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_taken_port_is_one_clear_line(store: Path) -> None:
    """A port in use is a matter of usage."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("browse", str(store), "--port", str(port))
    assert ended.returncode == 2
    assert f"port {port}" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_missing_or_foreign_store_is_exit_3(tmp_path: Path) -> None:
    """Without a store, or with a stranger's file, there is nothing to browse."""
    foreign = tmp_path / "notes.db"
    foreign.write_text("not a database")
    for path in (tmp_path / "none.db", foreign):
        ended = run("browse", str(path), "--port", "0")
        assert ended.returncode == 3
        assert str(path) in ended.stderr


def test_missing_extra_says_how_to_install_it(store: Path) -> None:
    """Without Datasette the command says what to install and exits 2."""
    block = "import sys; sys.modules['datasette.app'] = None; from worker.cli.main import main; main()"
    command = [sys.executable, "-c", block, "browse", str(store)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "pip install 'pressewacht[web]'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_configured_store_is_opened(tmp_path: Path) -> None:
    """Without an argument the store of the configuration is served, under its file's name."""
    fill(tmp_path / "mein archiv.db")
    config = tmp_path / "config.toml"
    listing = f'[[sources]]\nid = "bw"\nname = "BW"\nlisting = "{SITE}"\n'
    config.write_text(f'[store]\npath = "mein archiv.db"\n{listing}')
    command = [sys.executable, "-m", "worker", "--config", str(config), "browse", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address
            page = httpx.get(f"{address.group()}/-/databases.json", trust_env=False)
            assert "mein-archiv" in json.dumps(page.json())
        finally:
            process.terminate()
    assert process.returncode == 0


def test_datasette_alone_opens_the_store(tmp_path: Path) -> None:
    """The shipped files work with `datasette` itself, as their first lines say."""
    fill(tmp_path / "monitor.db")
    shipped = bundled("datasette")
    command = [sys.executable, "-m", "datasette", str(tmp_path / "monitor.db")]
    command += ["-m", str(shipped / "metadata.yaml"), "--template-dir", str(shipped / "templates")]
    command += ["--static", f"static:{shipped / 'static'}", "--get"]
    for page in ("/monitor", "/monitor/search_releases.json?_shape=array&words=gefluechtete"):
        ended = subprocess.run([*command, page], capture_output=True, text=True, timeout=30, check=True)
        assert "Sprach" in ended.stdout or "Questions" in ended.stdout
