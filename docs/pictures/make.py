"""Draw the pictures of the documentation from the demo, with Debian's chromium: `make pictures`."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).parent
PRESSEWACHT = (sys.executable, "-m", "worker")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def main() -> None:
    """A mail, and in `browse` the start page and the newest release that was edited."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*PRESSEWACHT, "demo", "--keep", folder], check=True, capture_output=True)
        draw(mail(folder).as_uri(), "mail.png", "680,1056", folder)
        browse = [*PRESSEWACHT, "browse", folder / "monitor.db", "--port", "0"]
        with subprocess.Popen(browse, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout
                address = re.findall(r"http://\S+", server.stdout.readline())[0]
                draw(address, "start.png", "1100,840", folder)
                draw(address + edited_release(address), "release.png", "1000,660", folder)
            finally:
                server.terminate()


def mail(folder: Path) -> Path:
    """The digest of the demo's second act: a new release, and an edit nobody announced."""
    _, second, _ = sorted((folder / "digests").glob("*.html"), key=lambda path: int(path.stem))
    page = folder / "mail.html"
    html = re.sub(r"127\.0\.0\.1:\d+", "ministerium.example", second.read_text(encoding="utf-8"))
    page.write_text(html, encoding="utf-8")
    return page


def edited_release(address: str) -> str:
    """The path of the first release on the start page that is marked as edited."""
    with urlopen(address) as page:
        entry = re.split(r"badge edited", page.read().decode())[1]
    return re.findall(r'href="(/monitor/releases/[^"]+)"', entry)[0]


def draw(address: str, name: str, size: str, folder: Path) -> None:
    """One picture, `size` in pixels."""
    shot = (f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={HERE / name}")
    subprocess.run([*CHROMIUM, *shot, address], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    main()
