"""The pictures in this folder: the demo's store in `browse`, as Debian's chromium shows it.

.venv/bin/python docs/pictures/make.py
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

FOLDER = Path(__file__).parent
PRESSEWACHT = (sys.executable, "-m", "worker")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def main() -> None:
    """Write `start.png` and `release.png`: the start page, and the newest release that was edited."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*PRESSEWACHT, "demo", "--keep", folder], check=True, capture_output=True)
        browse = [*PRESSEWACHT, "browse", f"{folder}/monitor.db", "--port", "0"]
        with subprocess.Popen(browse, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout
                address = re.findall(r"http://\S+", server.stdout.readline())[0]
                take(address, "start.png", "1100,840", folder)
                with urlopen(address) as page:
                    entry = re.split(r"badge edited", page.read().decode())[1]
                edited = re.findall(r'href="(/monitor/releases/[^"]+)"', entry)[0]
                take(address + edited, "release.png", "1000,660", folder)
            finally:
                server.terminate()


def take(address: str, name: str, size: str, folder: str) -> None:
    """One screenshot, `size` in pixels."""
    shot = (f"--user-data-dir={folder}/profile", f"--window-size={size}", f"--screenshot={FOLDER / name}")
    subprocess.run([*CHROMIUM, *shot, address], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    main()
