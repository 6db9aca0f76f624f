"""Read a table of data row by row. Floor 1.

In go the blocks of a table that just ended, out come its rows as one block each («Stuttgart | 120 |
35»): a cell alone, a bare number, says nothing. A table that only lays out a page stays as it is:
there a cell holds headings, pictures or long text.
"""

from __future__ import annotations

from worker.reading.document import Block, Container

_BETWEEN_CELLS = " | "
_SHORT = 80
_CELLS = frozenset({"td", "th"})
_CELL_KINDS = frozenset({"paragraph", "list_item"})


def join_rows(blocks: list[Block], containers: list[Container], table: int) -> list[Block]:
    """Return `blocks`, those inside container `table`, with each row of data as one block.

    An empty cell keeps its place between two bars. Data is a table of at least two rows with two
    cells and only words in them, with header cells or with nothing but short cells.
    """
    cells: dict[int, list[Block]] = {
        at: [] for at in range(table + 1, len(containers)) if containers[at].tag in _CELLS
    }
    rows: dict[int, list[int]] = {}
    for cell in cells:
        rows.setdefault(containers[cell].parent, []).append(cell)
    around: list[Block] = []
    for block in blocks:
        cell = block.group
        while cell > table and cell not in cells:
            cell = containers[cell].parent
        cells.get(cell, around).append(block)
    if not _is_data(cells, rows, containers):
        return blocks
    return around + [row for at, own in rows.items() if (row := _row(at, [cells[cell] for cell in own]))]


def _is_data(cells: dict[int, list[Block]], rows: dict[int, list[int]], containers: list[Container]) -> bool:
    if sum(len(own) > 1 for own in rows.values()) < 2:
        return False
    if any(block.kind not in _CELL_KINDS for inside in cells.values() for block in inside):
        return False
    if any(containers[cell].tag == "th" for cell in cells):
        return True
    return all(
        len(inside) <= 1 and sum(len(block.text) for block in inside) <= _SHORT for inside in cells.values()
    )


def _row(at: int, cells: list[list[Block]]) -> Block | None:
    """Return one row as a block, None for a row without words."""
    inside = [block for cell in cells for block in cell]
    if not inside:
        return None
    words = _BETWEEN_CELLS.join(" ".join(block.text for block in cell) for cell in cells)
    return Block(
        kind="paragraph",
        text=" ".join(words.split()),
        group=at,
        tag="tr",
        hints=frozenset[str]().union(*(block.hints for block in inside)),
        anchors=tuple(anchor for block in inside for anchor in block.anchors),
        linked=sum(block.linked for block in inside),
    )
