"""Lines of one source block become blocks: a hard-wrapped paragraph, list items, a table, or lines that stand alone.

Shared by the readers whose sources break lines by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from feedd.model import Block, BlockKind

LONGEST_WRAPPED = 110
"""Characters. A source with longer lines does not wrap by hand: each of its line ends is meant."""

SHORTEST_WRAPPED = 40
"""Characters. Shorter lines are labels, addresses, rows."""

LONGEST_LINE = 160
"""Characters. A single line longer than this is running text whatever it ends with."""

_BULLET = re.compile(r"\s*(?:[-*•·●▪◦‣–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=.*[^\W\d])")
_CELLS = re.compile(r"\S(?:\t+| {3,})(?=\S)")
_SENTENCE_END = re.compile(r"[.!?][\"”’'»)\]]*$")


class Line(NamedTuple):
    """Characters ``[start, end)`` of the document's text, without blank edges."""

    text: str
    start: int
    end: int


def wrap_column(lines: Sequence[Line | None]) -> int:
    """The column at which a source (its lines, None between groups) is wrapped by hand; 0 when it is not."""
    lengths = [len(line.text) for line in lines if line is not None and " " in line.text]
    longest = max(lengths, default=0)
    return longest if SHORTEST_WRAPPED <= longest <= LONGEST_WRAPPED else 0


def blocks(lines: Sequence[Line], *, group: int, column: int) -> list[Block]:
    """The blocks of one group of *lines*; `column` as `wrap_column` gives it."""
    if len(lines) > 1 and sum(bool(_CELLS.search(line.text)) for line in lines) > len(lines) / 2:
        return [Block(BlockKind.TABLE, lines[0].start, lines[-1].end, group)]
    return [_block(run, group) for run in _runs(lines, column)]


def _runs(lines: Sequence[Line], column: int) -> list[list[Line]]:
    runs = [[lines[0]]]
    for line in lines[1:]:
        if _continues(runs[-1], line, column):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _continues(run: list[Line], line: Line, column: int) -> bool:
    """Whether *line* goes on where *run* broke off: the break came because the next word did not fit."""
    if _BULLET.match(line.text):
        return False
    last = run[-1].text
    if _BULLET.match(run[0].text):
        return line.text[0].islower() or _is_full(last, line.text, column)
    if len(last) < SHORTEST_WRAPPED:
        return False
    return _is_full(last, line.text, column) or (line.text[0].islower() and not _SENTENCE_END.search(last))


def _is_full(last: str, following: str, column: int) -> bool:
    word = following.split(maxsplit=1)[0]
    return bool(column) and len(last) + 1 + len(word) > column * 0.92


def _block(run: list[Line], group: int) -> Block:
    start, end = run[0].start, run[-1].end
    bullet = _BULLET.match(run[0].text)
    if bullet:
        return Block(BlockKind.ITEM, start + bullet.end(), end, group)
    return Block(_kind(run), start, end, group)


def _kind(run: list[Line]) -> BlockKind:
    text = run[-1].text
    if len(run) > 1 or len(text) > LONGEST_LINE:
        return BlockKind.PARAGRAPH
    is_sentence = len(text) >= SHORTEST_WRAPPED and _SENTENCE_END.search(text)
    return BlockKind.PARAGRAPH if is_sentence else BlockKind.LINE
