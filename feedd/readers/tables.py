"""Tables with cells of their own: one piece where they hold figures, the cells' pieces where they lay out a page.

Shared by the readers whose formats use tables for both.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedd.model import BlockKind
from feedd.readers.page import Piece

LONGEST_CELL = 300
"""Characters. A table with a longer cell lays out a page; it holds no figures."""

MOST_PIECES = 4
"""Paragraphs in one cell; a table with more of them lays out a page."""

Cell = Sequence[Piece]


def told(rows: Sequence[Sequence[Cell]]) -> list[Piece]:
    """What a person reads of a table, row by row: one row a line, cells split by tabs; or the cells one by one."""
    if _is_layout(rows):
        return [piece for row in rows for cell in row for piece in cell]
    lines = ("\t".join(_words(cell) for cell in row).rstrip("\t") for row in rows)
    return [Piece(BlockKind.TABLE, "\n".join(filter(None, lines)))]


def _words(cell: Cell) -> str:
    return " ".join(word for piece in cell for word in piece.content.split())


def _is_layout(rows: Sequence[Sequence[Cell]]) -> bool:
    return all(len(row) < 2 for row in rows) or any(_is_page(cell) for row in rows for cell in row)


def _is_page(cell: Cell) -> bool:
    return (
        len(cell) > MOST_PIECES
        or any(piece.kind is BlockKind.TABLE for piece in cell)
        or sum(len(piece.content) for piece in cell) > LONGEST_CELL
    )
