"""Pages in a real browser, Debian's chromium: what is seen at which width."""

from __future__ import annotations

import json
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
# Chromium's window is never narrower than 500 pixels; a frame is, and its page believes it.
_FRAME = """<iframe style="width: {width}px; height: 900px; border: 0" srcdoc="{page}"></iframe><pre></pre>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  const bars = [...page.querySelectorAll(".months .bar")].map(bar => bar.offsetHeight);
  const width = page.documentElement.scrollWidth;
  const seen = [page.title, width, Math.max(0, ...bars), page.body.innerText];
  document.querySelector("pre").textContent = JSON.stringify(seen);
}});</script>"""


class Seen(NamedTuple):
    """What became of a page: lengths in pixels, `tallest` that of the months' bars."""

    title: str
    width: int
    tallest: int
    text: str


def dumped(address: str, folder: Path) -> str:
    """The page as chromium holds it once it is loaded."""
    command = [str(CHROMIUM), *_FLAGS.split(), f"--user-data-dir={folder / 'profile'}", "--dump-dom", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=True).stdout


def seen(page: str, width: int, folder: Path) -> Seen:
    """A page on a screen so many pixels wide, without a server and its policies."""
    file = folder / "page.html"
    file.write_text(_FRAME.format(page=escape(page), width=width), encoding="utf-8")
    found = LexborHTMLParser(dumped(file.as_uri(), folder)).css_first("pre")
    assert found is not None
    return Seen(*json.loads(found.text()))
