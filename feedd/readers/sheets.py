"""Lines with their places on the sheets of a document: which are furniture, which columns they stand in.

What runs over the upper and lower edges of the sheets is furniture. A column tells how far its lines could reach, and
with that whether one ended because it was full.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from feedd.readers import unread

_LETTER = re.compile(r"[^\W\d_]")
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*(\d{1,3})(?:\s*(?:of|/|von|sur|de)\s*\d{1,3})?\W*", re.IGNORECASE)


class Cell(NamedTuple):
    """A stretch of a line without wide gaps, between `left` and `right` in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True)
class Line:
    """What stands on one baseline, `y` points above the lower edge of its sheet, in letters of `size` points."""

    cells: tuple[Cell, ...]
    page: int
    y: float
    size: float
    first_word: float = 0.0  # its width in points, so that one can tell whether it had a place on the line above
    is_hyphenated: bool = False  # ended with a hyphen, which is not in the text

    @cached_property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right

    @cached_property
    def gaps(self) -> list[float]:
        """The blanks between cells in points."""
        return [right.left - left.right for left, right in zip(self.cells, self.cells[1:], strict=False)]


# ── Furniture ───────────────────────────────────────────────────────────────────────────────────────────────────


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The *pages* less the lines at their upper and lower edges that are on other pages too, and page numbers.

    A line that asks to hold the release back stays where it stands first.
    """
    seen = Counter(face for page in pages for face in {_face(line) for line in page})
    holding = {line.text: line for page in reversed(pages) for line in page if unread.asks_to_hold(line.text)}
    return [_peeled(page, seen, frozenset(holding.values())) for page in pages]


_DEEPEST_HEAD = 4
"""Lines of a running head or foot."""


def _face(line: Line) -> tuple[str, int]:
    """What a running head keeps from page to page: its words, its height, and that there is a number."""
    if _LETTER.search(line.text) or _PAGE_NUMBER.fullmatch(line.text):
        return re.sub(r"\d+", "#", line.text), round(line.y / 3)
    return f"{line.page} {line.text}", round(line.y / 3)  # figures of a table, which stand at equal heights by chance


def _peeled(page: Sequence[Line], seen: Counter[tuple[str, int]], kept: Collection[Line]) -> list[Line]:
    from_above = sorted(page, key=lambda line: -line.y)
    furniture: set[int] = set()
    for edge in (from_above, from_above[::-1]):
        for line in edge[:_DEEPEST_HEAD]:
            if seen[_face(line)] < 2 and not _is_numbered(line):
                break
            furniture.add(id(line))
    return [line for line in page if id(line) not in furniture or line in kept]


def _is_numbered(line: Line) -> bool:
    """Whether *line* is the number of its page."""
    number = _PAGE_NUMBER.fullmatch(line.text)
    return number is not None and int(number[1]) == line.page + 1


# ── Columns that were written line by line ──────────────────────────────────────────────────────────────────────

_PROSE = 20
"""Characters that a cell of running text has on average; cells of tables are shorter."""


def by_column(page: Sequence[Line]) -> list[Line]:
    """*page* with lines that run across two columns of text taken apart: the left column first."""
    gutter = _gutter(page)
    if gutter is None:
        return list(page)
    ordered: list[Line] = []
    for is_parted, run in groupby(page, key=lambda line: _parts(line, gutter) is not None):
        if not is_parted:
            ordered += run
            continue
        parted = [parts for line in run if (parts := _parts(line, gutter))]
        ordered += [line for side in (0, 1) for parts in parted if (line := parts[side])]
    return ordered


def _gutter(page: Sequence[Line]) -> float | None:
    """Where the second column begins, if at least four lines run across two columns of text."""
    across = [line for line in page if len(line.cells) == 2 and min(len(cell.text) for cell in line.cells) > _PROSE]
    starts = Counter(round(line.cells[1].left) for line in across)
    if not starts:
        return None
    start, count = starts.most_common(1)[0]
    return start - 3 if count >= 4 else None


def _parts(line: Line, gutter: float) -> tuple[Line | None, Line | None] | None:
    """What of *line* stands left and right of the *gutter*; None for a line that crosses it."""
    left = tuple(cell for cell in line.cells if cell.right < gutter)
    right = tuple(cell for cell in line.cells if cell.left > gutter)
    if len(left) + len(right) < len(line.cells):
        return None
    return (
        replace(line, cells=left, is_hyphenated=line.is_hyphenated and not right) if left else None,
        replace(line, cells=right) if right else None,
    )


# ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────────────

_COLUMN = 4
"""Lines that make a column."""


class Edge(NamedTuple):
    """How far right a column reaches; `is_straight` when its lines were blown up to end there."""

    right: float
    is_straight: bool


def edges(lines: Sequence[Line]) -> dict[Line, Edge]:
    """The edge of the column of each line, judged from all pages that have a column in its place."""
    place_of: dict[Line, tuple[int, float]] = {}
    for _, sheet in groupby(lines, key=lambda line: line.page):
        page = list(sheet)
        second = _second_column(page)
        margins: dict[int, float] = {}
        for line in page:
            side = _side(line, second)
            margins[side] = min(line.left, margins.get(side, line.left))
        place_of |= {line: (side, round(margins[side] / 3)) for line in page for side in (_side(line, second),)}
    columns: dict[tuple[int, float], list[Line]] = {}
    for line, place in place_of.items():
        columns.setdefault(place, []).append(line)
    reach = {place: _edge(found) for place, found in columns.items()}
    return {line: reach[place] for line, place in place_of.items()}


def _edge(column: Sequence[Line]) -> Edge:
    """What most of the text reaches, or the right end of the longest line, but for odd ones."""
    ends: Counter[int] = Counter()
    for line in column:
        ends[round(line.right)] += len(line.text)
    reached = {end: ends[end - 1] + ends[end] + ends[end + 1] for end in list(ends)}
    edge = max(reached, key=lambda end: (reached[end], end))
    if len(column) > 3 and reached[edge] > 0.4 * ends.total():
        return Edge(edge, is_straight=True)
    return Edge(sorted(line.right for line in column)[int(0.98 * (len(column) - 1))], is_straight=False)


def _side(line: Line, second: float | None) -> int:
    """0 for a line as wide as its sheet, 1 and 2 for the first and the second column, which begins at `second`."""
    if second is None:
        return 0
    return 1 if line.right < second else 2 if line.left > second - 3 else 0


def _second_column(page: Sequence[Line]) -> float | None:
    """Where a second column begins: so many lines start there, and others end before."""
    ends = sorted(line.right for line in page)
    starts = Counter(round(line.left) for line in page)
    columns = (start for start, count in starts.most_common() if count >= _COLUMN)
    return next((start for start in columns if bisect_left(ends, start) >= _COLUMN), None)
