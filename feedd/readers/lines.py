"""Lines of one source block become blocks: a hard-wrapped paragraph, list items, a table, or lines that stand alone.

Shared by the readers whose sources break lines by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from feedd.model import Block, BlockKind

LONGEST_WRAPPED = 110
"""Characters. A source with longer lines does not wrap by hand: each of its line ends is meant."""

SHORTEST_WRAPPED = 40
"""Characters. Shorter lines are labels, addresses, rows."""

LONGEST_LINE = 160
"""Characters. A single line longer than this is running text whatever it ends with."""

LEAST_CARRIED = 2
"""Lines that show by how they go on that a source with longer lines is wrapped by hand all the same."""

_BULLET = re.compile(r"\s*(?:[-*•·●▪◦‣–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=.*[^\W\d])")
_ADDRESSES = ("http", "www.", "(http", "(www.")
_CELLS = re.compile(r"\S(?:\t+| {3,})(?=\S)")
_SENTENCE_END = re.compile(r"[.!?][\"”’'»)\]]*$")


class Line(NamedTuple):
    """Characters ``[start, end)`` of the document's text, without blank edges."""

    text: str
    start: int
    end: int


def wrap_column(groups: Sequence[Sequence[Line]]) -> int:
    """The column at which a source (its lines, in groups) is wrapped by hand; 0 when it is not."""
    column = _filled_column(groups)
    longest = _longest(groups)
    if column or longest > LONGEST_WRAPPED:
        return column
    inner = _longest(group for group in groups if len(group) > 2)  # what stands on a line of its own may stick out
    return next((width for width in (inner, longest) if width >= SHORTEST_WRAPPED), 0)


def _longest(groups: Iterable[Sequence[Line]]) -> int:
    return max((len(line.text) for group in groups for line in group if " " in line.text), default=0)


def _filled_column(groups: Iterable[Sequence[Line]]) -> int:
    """The column to which most lines are filled: they end before it, and the next word would have crossed it.

    0 where too few of them go on in small letters: rows of numbers and addresses fill lines too.
    """
    fits: Counter[int] = Counter()
    carries: Counter[int] = Counter()
    for above, below in (pair for group in groups for pair in pairwise(line.text for line in group)):
        reach = range(max(len(above), SHORTEST_WRAPPED), min(_crossed(above, below), LONGEST_WRAPPED + 1))
        fits.update(reach)
        carries.update(reach if below[0].islower() else ())
    column = max(fits, key=lambda column: (fits[column], column), default=0)
    return column if carries[column] >= LEAST_CARRIED else 0


def blocks(lines: Sequence[Line], *, group: int, column: int) -> list[Block]:
    """The blocks of one group of *lines*; `column` as `wrap_column` gives it."""
    if _longest([lines]) > LONGEST_WRAPPED:
        column = 0  # each of its line ends is meant
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
    last = run[-1].text
    is_full = _is_full(last, line.text, column)
    is_item = bool(_BULLET.match(run[0].text))
    if _BULLET.match(line.text):  # also what a long sentence brings to the start of a line: a dash, "(5)"
        return len(run) > 1 and is_full and not is_item and not _SENTENCE_END.search(last)
    if is_item:
        return line.text[0].islower() or is_full
    if len(last) < SHORTEST_WRAPPED:
        return len(run) > 1 and is_full and line.text.startswith(_ADDRESSES)  # too long for the rest of the line
    return is_full or (line.text[0].islower() and not _SENTENCE_END.search(last))


def _is_full(last: str, following: str, column: int) -> bool:
    return bool(column) and _crossed(last, following) > column * 0.92


def _crossed(above: str, below: str) -> int:
    """The column that the first word of *below* would reach in the line *above*; no hard blank parts words."""
    return len(above) + 1 + len(below.partition(" ")[0])


def _block(run: list[Line], group: int) -> Block:
    start, end = run[0].start, run[-1].end
    bullet = _BULLET.match(run[0].text)
    if bullet:
        return Block(BlockKind.ITEM, start + bullet.end(), end, group)
    return Block(_kind(run), start, end, group)


def _kind(run: list[Line]) -> BlockKind:
    length = run[-1].end - run[0].start
    if length > LONGEST_LINE:
        return BlockKind.PARAGRAPH
    is_sentence = length >= SHORTEST_WRAPPED and _SENTENCE_END.search(run[-1].text)
    return BlockKind.PARAGRAPH if is_sentence else BlockKind.LINE
