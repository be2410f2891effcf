"""The release that every format tells, in parts, for the scripts that write it in their formats."""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from feedd import readers
from feedd.model import BlockKind

HERE = Path(__file__).parent


class Part(NamedTuple):
    """Blocks of one kind that belong together: one paragraph, or all items of a list, or lines of an address."""

    kind: BlockKind
    level: int
    texts: list[str]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table."""
        return [line.split("\t") for line in self.texts[0].split("\n")]


def parts() -> list[Part]:
    """All of ``release.md`` in order; the mark at its end, which Markdown takes for a heading, as a line."""
    source = HERE / "release.md"
    document = readers.read(source.read_bytes(), name=source.name)
    together = groupby(document.blocks, key=lambda b: (b.kind, b.level, b.kind is BlockKind.ITEM or b.group))
    return [
        Part(kind if level < 3 else BlockKind.LINE, level, [document.text[block.start : block.end] for block in blocks])
        for (kind, level, _), blocks in together
    ]


def xhtml(part: Part) -> str:
    """*part* as elements that XHTML and NITF have in common, but for headings."""
    match part.kind:
        case BlockKind.HEADING:
            return f"<h{part.level}>{escape(part.texts[0], quote=False)}</h{part.level}>"
        case BlockKind.ITEM:
            return "<ul>" + "".join(f"<li>{escape(text, quote=False)}</li>" for text in part.texts) + "</ul>"
        case BlockKind.TABLE:
            return (
                "<table>" + "".join(_row(cells, "td" if n else "th") for n, cells in enumerate(part.rows)) + "</table>"
            )
    return "<p>" + "<br/>".join(escape(text, quote=False) for text in part.texts) + "</p>"


def _row(cells: list[str], name: str) -> str:
    return "<tr>" + "".join(f"<{name}>{escape(cell, quote=False)}</{name}>" for cell in cells) + "</tr>"
