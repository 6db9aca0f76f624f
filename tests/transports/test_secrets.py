"""Secrets come from environment or file, and never show themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.config.secrets import read_secret
from worker.errors import DeliveryError


def test_nothing_configured_is_no_secret() -> None:
    """None, not an error: not every channel has one."""
    assert read_secret(None, None) is None


def test_a_variable_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line break an editor leaves behind is not part of a secret."""
    monkeypatch.setenv("A_SECRET", "geheim")
    (tmp_path / "secret").write_text("aus der Datei\n")
    assert read_secret("A_SECRET", None) == "geheim"
    assert read_secret(None, tmp_path / "secret") == "aus der Datei"


@pytest.mark.parametrize("value", ["", "  ", None])
def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """Unset and empty are the same mistake."""
    monkeypatch.delenv("A_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("A_SECRET", value)
    with pytest.raises(DeliveryError, match=r"^mail: the environment variable A_SECRET is not set"):
        read_secret("A_SECRET", None, channel="mail")


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot be read"), (b"", "is empty"), (b"\xffCANARY", "not UTF-8")]
)
def test_a_bad_file_is_named_and_not_quoted(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """Path and reason, no content."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DeliveryError, match=reason) as caught:
        read_secret(None, path)
    assert str(path) in caught.value.reason
    assert "CANARY" not in repr(caught.value)
    assert caught.value.__cause__ is None
