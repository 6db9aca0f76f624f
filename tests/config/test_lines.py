"""Finding the line of a key in TOML text."""

from __future__ import annotations

import pytest

from worker.config.lines import as_written, line_of

_TEXT = """# a comment = 1
[http]          # [not.a.table]
timeout_seconds = 5
[[sources]]
id = "a"
patterns = [
  ["nested"],
  ["table"]
]
[sources.selectors]
item = "x"
[[ sources ]]
"id" = "b"
[sources.selectors]
item = "y"
[[topics.integration.context]]
words = []
[[topics.integration.context]]
words = []
[topics."mit.punkt"]
threshold = 1
[x]
a.b.c = 1
"""


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        (("http",), 2),
        (("http", "timeout_seconds"), 3),
        (("http", "missing"), 2),
        (("sources", 0), 4),
        (("sources", 0, "id"), 5),
        (("sources", 0, "patterns", 1), 6),
        (("sources", 0, "selectors", "item"), 11),
        (("sources", 1, "id"), 13),
        (("sources", 1, "selectors", "item"), 15),
        (("sources", 1, "listing"), 12),
        (("topics", "integration", "context", 1, "words"), 19),
        (("topics", "mit.punkt", "threshold"), 21),
        (("x", "a", "b", "c"), 23),
        (("nirgends", "x"), None),
        ((), None),
    ],
)
def test_a_key_is_found_at_its_line(loc: tuple[int | str, ...], line: int | None) -> None:
    """Tables, arrays of tables, tables inside them, quoted and dotted keys, nested arrays."""
    assert line_of(_TEXT, loc) == line


def test_the_kind_of_a_channel_is_left_out() -> None:
    """What pydantic puts into the path is not in the file."""
    assert as_written(("channels", 2, "email", "to", 0)) == ("channels", 2, "to", 0)
    assert as_written(("channels", 2)) == ("channels", 2)
    assert as_written(("sources", 0, "hosts", 0)) == ("sources", 0, "hosts", 0)
