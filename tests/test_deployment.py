"""What is installed is what the lock says: wheels, each with its hash; and nothing runs as root."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fenced import check_shell

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", ".ci/audit.lock")
INSTALLERS = ("Makefile", ".ci/wheel", ".ci/audit", "deploy/Containerfile")
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_version_and_a_hash(lock: str) -> None:
    """No package comes in by name alone."""
    text = re.sub(r"\\\n", "", (ROOT / lock).read_text(encoding="utf-8"))
    pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(pins) > 20
    for pin in pins:
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", pin), pin


@pytest.mark.parametrize("name", INSTALLERS)
def test_every_install_is_of_hashed_wheels(name: str) -> None:
    """Or of our own wheel without its dependencies, or from what was checked before."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text(encoding="utf-8"))
    commands = re.findall(r"pip\"? (?:install|download) [^&\n]*", text)
    assert commands
    for command in commands:
        is_hashed = "--require-hashes" in command and "--only-binary :all:" in command
        assert is_hashed or "--no-deps" in command or "--no-index" in command, command


def test_the_container_takes_everything_the_wheel_is_made_of() -> None:
    """What `pyproject.toml` puts into the wheel is copied into the build."""
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    included = pyproject.partition("force-include]")[2].partition("\n\n")[0]
    for path in ["worker", *re.findall(r'^"([^"]+)" =', included, re.MULTILINE)]:
        assert re.search(rf"^COPY .*\b{re.escape(path)}", CONTAINERFILE, re.MULTILINE), path


def test_the_container_does_not_run_as_root() -> None:
    """The last word on the user is a number, so that Kubernetes' `runAsNonRoot` believes it."""
    *_, user = re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_the_unit_and_the_documents_agree_on_credentials() -> None:
    """The path docs/running.md gives is the one systemd makes of the unit's `LoadCredential`."""
    unit = (ROOT / "deploy" / "pressewacht.service").read_text(encoding="utf-8")
    (name,) = re.findall(r"^LoadCredential=(\w+):/etc/pressewacht/credentials$", unit, re.MULTILINE)
    running = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    assert f'"/run/credentials/pressewacht.service/{name}_smtp"' in running


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy").glob("*.service")), ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists(unit: Path) -> None:
    """With options that exist."""
    (command,) = re.findall(r"^ExecStart=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    check_shell(command)
