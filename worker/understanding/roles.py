"""What a block of a release is. Floor 1.

Each block of the main region gets exactly one role; a block that no rule knew has none and is
reported. Every rule hands on which blocks it took, and the next sees only what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Role = Literal[
    "kicker",
    "title",
    "date",
    "lead",
    "heading",
    "paragraph",
    "list_item",
    "quote",
    "image",
    "caption",
    "credit",
    "link",
    "related",
    "furniture",
]
# By the index of the block in its document.
Roles = dict[int, Role]


def left_over(indexes: Iterable[int], taken: Mapping[int, Role]) -> tuple[int, ...]:
    """Return those of `indexes` that have no role yet, in the same order."""
    return tuple([index for index in indexes if index not in taken])


def first_with(roles: Mapping[int, Role], *wanted: Role) -> int | None:
    """Return the first block of the page that has one of these roles, None where none has."""
    return min((index for index, role in roles.items() if role in wanted), default=None)
