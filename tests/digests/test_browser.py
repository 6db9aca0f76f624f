"""A digest in a real browser: what a reader sees, on a phone too, and nothing that runs."""

from __future__ import annotations

import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from worker.digests.html import write_html
from worker.digests.view import view_digest

from .samples import COURSES, changed_entry, digest, entry

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync"
)


def browse(page: Path, *options: str) -> str:
    """What chromium prints for a page."""
    command = [str(CHROMIUM), *_FLAGS.split(), f"--user-data-dir={page.parent / 'profile'}", *options]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, timeout=50, check=True, cwd=page.parent
    )
    return done.stdout


def test_digest_shows_on_a_phone(tmp_path: Path) -> None:
    """A page of 375 pixels is drawn and is not empty."""
    page = tmp_path / "digest.html"
    page.write_text(write_html(view_digest(digest(entry(), changed_entry()))), encoding="utf-8")
    browse(page, "--window-size=375,1200", f"--screenshot={tmp_path / 'phone.png'}")
    png = (tmp_path / "phone.png").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert (width >= 375, height) == (True, 1200)
    assert len(png) > 20_000, "next to nothing was drawn"


def test_nothing_in_a_title_runs(tmp_path: Path) -> None:
    """A title that would be a script is words on the page."""
    attack = (
        "<img src=x onerror=\"document.body.innerHTML='GEHACKT'\"><script>document.title='GEHACKT'</script>"
    )
    page = tmp_path / "digest.html"
    hostile = digest(entry(replace(COURSES, title=attack)))
    page.write_text(write_html(view_digest(hostile)), encoding="utf-8")
    shown = browse(page, "--dump-dom")
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown
