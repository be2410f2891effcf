"""Pieces of text become a document: one empty line between them, each with its characters counted.

Shared by the readers of formats that know their own paragraphs, headings, items and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from feedd.errors import UnreadableDocument
from feedd.model import Attachment, Block, BlockKind, Document, Stated
from feedd.readers import lines as by_line
from feedd.readers.decode import clean

LONGEST_HEADING = 300
"""Characters. What is longer is text, whatever it is marked as."""


MOST_LINES = 30_000
"""Paragraphs, items and rows: 500 pages."""


class Piece(NamedTuple):
    """A stretch of a document before it is laid out: `content` may have several lines; `level` 1–6 for headings."""

    kind: BlockKind
    content: str
    level: int = 0


class Page:
    """Collects pieces in reading order. What holds no words is left out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._lines = 0
        self._pieces: list[tuple[BlockKind, int, list[by_line.Line]]] = []

    def add(self, kind: BlockKind, content: str, *, level: int = 0) -> None:
        """Takes one piece, less the characters that nobody can read. `level` is 1–6 for headings.

        Of a paragraph each line counts: it may turn out as items, as lines, or as text that was wrapped by hand. A
        table has one row a line, its cells split by tabs. In a paragraph that was never wrapped put no line end.
        Raises `UnreadableDocument` with code ``too-large`` when there are more than `MOST_LINES`.
        """
        content = clean(content)
        if level and len(content) > LONGEST_HEADING:
            kind, level = BlockKind.PARAGRAPH, 0
        found = []
        for match in re.finditer(r"[^\n]+", content):
            bare = match.group().strip()
            if bare:
                start = self._length + match.start() + match.group().index(bare)
                found.append(by_line.Line(bare, start, start + len(bare)))
        if found:
            self._lines += len(found)
            refuse_lines(self._lines)
            self._pieces.append((kind, level, found))
            self._parts.append(content + "\n\n")
            self._length += len(content) + 2

    def document(
        self,
        format: str,
        *,
        title: str | None = None,
        language: str | None = None,
        stated: Stated | None = None,
        attachments: tuple[Attachment, ...] = (),
        doubts: tuple[str, ...] = (),
    ) -> Document:
        """All pieces as a document of *format*, with the facts that it states."""
        column = by_line.wrap_column([found for kind, _, found in self._pieces if kind is BlockKind.PARAGRAPH])
        return Document(
            format=format,
            text="".join(self._parts).rstrip() + "\n",
            blocks=tuple(
                block
                for group, (kind, level, found) in enumerate(self._pieces)
                for block in _blocks(kind, level, found, group, column)
            ),
            title=title,
            language=language,
            stated=stated or Stated(),
            attachments=attachments,
            doubts=doubts,
        )


def refuse_lines(count: int) -> None:
    """Nothing for *count* paragraphs up to `MOST_LINES`; more raise `UnreadableDocument` with code ``too-large``."""
    if count > MOST_LINES:
        raise UnreadableDocument(
            "too-large",
            f"The file has more than {MOST_LINES:,} paragraphs and lines, as many as a release may have.",
            "Drop the release alone, without attachments.",
        )


def _blocks(kind: BlockKind, level: int, found: list[by_line.Line], group: int, column: int) -> Iterator[Block]:
    if kind is BlockKind.PARAGRAPH:
        yield from by_line.blocks(found, group=group, column=column)
    else:
        yield Block(kind, found[0].start, found[-1].end, group, level)
