"""The reader of plain text: blank lines part the blocks; a line stays a line unless it was wrapped by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedd.model import Block, Document
from feedd.readers import lines as by_line

_ESCAPE = re.compile(r"\\([$*_#&%~\[\]])")
_LINE = re.compile(r"[^\n]+")


def sniff(text: str, name: str) -> bool:
    """Everything that could be decoded is at least plain text."""
    return True


def read(text: str) -> Document:
    """The document in decoded *text*. Escapes that a Markdown writer left behind (``\\$``) are resolved."""
    text = _ESCAPE.sub(r"\1", text)
    return Document(format="text", text=text, blocks=tuple(_blocks(text)))


def _blocks(text: str) -> Iterator[Block]:
    groups = list(_groups(text))
    column = by_line.wrap_column(groups)
    for number, group in enumerate(groups):
        yield from by_line.blocks(group, group=number, column=column)


def _groups(text: str) -> Iterator[list[by_line.Line]]:
    """Lines that no blank line parts."""
    group: list[by_line.Line] = []
    last_end = 0
    for match in _LINE.finditer(text):
        line = _trimmed(match)
        if line is None:
            continue
        if group and text.count("\n", last_end, line.start) > 1:
            yield group
            group = []
        group.append(line)
        last_end = line.end
    if group:
        yield group


def _trimmed(match: re.Match[str]) -> by_line.Line | None:
    raw = match.group()
    bare = raw.strip()
    if not bare:
        return None
    start = match.start() + raw.index(bare)
    return by_line.Line(bare, start, start + len(bare))
