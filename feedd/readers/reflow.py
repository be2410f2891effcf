"""Lines with their places on sheets become paragraphs again.

A PDF knows where letters stand and nothing of paragraphs. What tells them: a wider gap, a short line, an indent, a
bullet, another size. What runs over the edges of every sheet is furniture and goes first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from feedd.model import BlockKind
from feedd.readers.page import Piece

LONGEST_HEADING = 300
"""Characters; longer text in large letters is text."""

LARGER = 1.08
"""Size of a heading against that of the text."""

_LONGEST_CELLS = 12
"""Characters that cells have on average, unless gaps of two sizes leave no doubt."""

WIDER = 1.2
"""Gap between paragraphs against that between lines; 1.3 is the least that typesetting programs set."""

_BLANK = 0.4
"""Usual distance of the letters of two words, in sizes; the blank itself has 0.25 to 0.33."""

_BULLET = re.compile(r"[•·●▪◦‣■□○➢✓]\s*")
_MARK = re.compile(r"(?:[-–—*]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_SENTENCE_END = re.compile(r"[.!?:][\"”’'»)\]]*$")
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*(\d{1,3})(?:\s*(?:of|/|von|sur|de)\s*\d{1,3})?\W*", re.IGNORECASE)
_LAST_BUT_ONE = re.compile(r"; (?:and|or)$")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$")
_BROKEN_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[/?&=_%]$")
_LETTER = re.compile(r"[^\W\d_]")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


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

    @property
    def is_bulleted(self) -> bool:
        return _BULLET.match(self.text) is not None


def pieces(pages: Sequence[Sequence[Line]]) -> list[Piece]:
    """The blocks of all *pages*, each with its lines in the order of its content, furniture left out."""
    lines = [line for page in _without_furniture(pages) for line in _by_column(page)]
    return _Flow(lines).pieces()


# ── Furniture ───────────────────────────────────────────────────────────────────────────────────────────────────


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The *pages* less the lines at their upper and lower edges that are on other pages too, and page numbers."""
    seen = Counter(face for page in pages for face in {_face(line) for line in page})
    return [_peeled(page, seen) for page in pages]


_DEEPEST_HEAD = 4
"""Lines of a running head or foot."""


def _face(line: Line) -> tuple[str, int]:
    """What a running head keeps from page to page: its words, its height, and that there is a number."""
    if _LETTER.search(line.text) or _PAGE_NUMBER.fullmatch(line.text):
        return re.sub(r"\d+", "#", line.text), round(line.y / 3)
    return f"{line.page} {line.text}", round(line.y / 3)  # figures of a table, which stand at equal heights by chance


def _peeled(page: Sequence[Line], seen: Counter[tuple[str, int]]) -> list[Line]:
    from_above = sorted(page, key=lambda line: -line.y)
    furniture: set[int] = set()
    for edge in (from_above, from_above[::-1]):
        for line in edge[:_DEEPEST_HEAD]:
            if seen[_face(line)] < 2 and not _is_numbered(line):
                break
            furniture.add(id(line))
    return [line for line in page if id(line) not in furniture]


def _is_numbered(line: Line) -> bool:
    """Whether *line* is the number of its page."""
    number = _PAGE_NUMBER.fullmatch(line.text)
    return number is not None and int(number[1]) == line.page + 1


# ── Columns that were written line by line ──────────────────────────────────────────────────────────────────────

_PROSE = 20
"""Characters that a cell of running text has on average; cells of tables are shorter."""


def _by_column(page: Sequence[Line]) -> list[Line]:
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


# ── Paragraphs ──────────────────────────────────────────────────────────────────────────────────────────────────


class _Flow:
    """All lines in reading order, and what is usual among them."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
        self._size = sizes.most_common(1)[0][0] if sizes else 1.0
        self._step = _step(lines)
        self._edges = _edges(lines)
        self._words = Counter(word.lower() for line in lines for word in _LETTERS.findall(line.text))

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        for is_table, run in self._runs():
            if is_table:
                rows = ("\t".join(cell.text for cell in line.cells) for line in run)
                found.append(Piece(BlockKind.TABLE, "\n".join(rows)))
            else:
                found += [self._piece(block) for block in self._blocks(run)]
        return _ranked(found)

    # Tables ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _runs(self) -> Iterator[tuple[bool, list[Line]]]:
        """Rows of tables, and the lines between them."""
        run: list[Line] = []
        is_table = False
        for index, line in enumerate(self._lines):
            is_row = (is_table and self._are_rows(run[-1], line)) or self._are_rows(
                line, *self._lines[index + 1 : index + 2]
            )
            starts_anew = is_table and is_row and not self._are_rows(run[-1], line)
            if run and (is_row != is_table or starts_anew):
                yield is_table, run
                run = []
            run.append(line)
            is_table = is_row
        if run:
            yield is_table, run

    def _are_rows(self, above: Line, *below: Line) -> bool:
        """Whether two lines are rows of one table: their cells stand under each other, or there are as many."""
        if not below or not self._is_row(above) or not self._is_row(below[0]):
            return False
        few, many = sorted((above.cells, below[0].cells), key=len)
        if below[0].page != above.page or below[0].y > above.y:
            return len(few) == len(many) > 2
        return len(many) - len(few) <= 2 and all(any(_overlap(one, other) for other in many) for one in few)

    def _is_row(self, line: Line) -> bool:
        """Whether *line* has cells, and is no text that was blown up to the width of its column."""
        if len(line.cells) < 2:
            return False
        is_loose = max(line.gaps) < 2 * line.size and len(line.text) / len(line.cells) > _LONGEST_CELLS
        return not is_loose and not self._is_stretched(line)

    def _is_stretched(self, line: Line) -> bool:
        """Whether equal blanks part the words of a line that ends at the edge of its column."""
        edge = self._edges[line]
        at_edge = edge.is_straight and abs(line.right - edge.right) < 3
        return at_edge and len(line.gaps) > 1 and max(line.gaps) - min(line.gaps) < 0.5 * line.size

    # Blocks ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _blocks(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        block: list[Line] = []
        for line in lines:
            if block and self._parts(block, line):
                yield block
                block = []
            block.append(line)
        if block:
            yield block

    def _parts(self, block: list[Line], line: Line) -> bool:
        """Whether *line* begins a new block."""
        above, first = block[-1], block[0]
        if not _same_size(above, line):
            return True
        if line.is_bulleted or (_MARK.match(line.text) and not self._is_full(above, line)):
            return True
        if line.page != above.page or line.y > above.y - 0.5 * line.size:
            return not self._goes_on(above, line)
        if above.y - line.y > WIDER * self._step * above.size:
            return True
        return self._is_moved(block, line) if not first.is_bulleted else self._leaves(first, above, line)

    def _goes_on(self, above: Line, line: Line) -> bool:
        """Whether *line*, on the next page or in the next column, carries on the paragraph of *above*."""
        if line.text[0].islower() or above.is_hyphenated:
            return True
        return not _SENTENCE_END.search(above.text) and self._is_full(above, line)

    def _leaves(self, bullet: Line, above: Line, line: Line) -> bool:
        """Whether *line* stands no more under the text of an item but under its bullet or left of it."""
        return line.left < bullet.left + 0.3 * line.size and not self._is_full(above, line)

    def _is_moved(self, block: list[Line], line: Line) -> bool:
        """Whether *line* is indented, or left of a block that was indented and is over; centred lines are neither."""
        above = block[-1]
        if _are_centred(above, line):
            return False
        move = (line.left - above.left) / line.size
        is_over = _SENTENCE_END.search(above.text) or not self._is_full(above, line)
        return move > 0.8 or (move < -0.8 and len(block) > 1 and bool(is_over))

    def _is_full(self, above: Line, line: Line) -> bool:
        """Whether the first word of *line* had no more place at the end of *above*."""
        if above.is_hyphenated:
            return True
        if _LAST_BUT_ONE.search(above.text) or (above.text.endswith(";") and not line.text[0].islower()):
            return False
        edge = self._edges[above]
        falls_short = edge.is_straight and above.right < edge.right - above.size and not _are_centred(above, line)
        if falls_short and not line.text[0].islower():
            return False
        return _natural(above) + _BLANK * above.size + line.first_word > edge.right

    # Text ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _piece(self, block: list[Line]) -> Piece:
        text = block[0].text
        for above, line in pairwise(block):
            text = self._joined(text, above, line)
        bullet = _BULLET.match(text)
        if bullet:
            return Piece(BlockKind.ITEM, text[bullet.end() :].replace("\n", " "))
        if block[0].size > LARGER * self._size and len(text) <= LONGEST_HEADING:
            return Piece(BlockKind.HEADING, text.replace("\n", " "), round(block[0].size * 2))
        return Piece(BlockKind.PARAGRAPH, text)

    def _joined(self, text: str, above: Line, line: Line) -> str:
        if above.is_hyphenated:
            return text + self._hyphen(text, line.text) + line.text
        if (text.endswith("-") and text[-2:-1].isalnum()) or _BROKEN_ADDRESS.search(text):
            return text + line.text
        return text + (" " if self._goes_on_below(above, line) else "\n") + line.text

    def _goes_on_below(self, above: Line, line: Line) -> bool:
        return line.page != above.page or line.y > above.y or self._is_full(above, line)

    def _hyphen(self, text: str, following: str) -> str:
        """The hyphen between a line's last word and the next line's first, unless it only parted a word.

        The same word elsewhere decides. Else a capital or figure behind it keeps it, or an address around it, and all
        keep theirs in a text of which no line is known to end with a parted word.
        """
        before, after = _LAST_WORD.search(text), _LETTERS.match(following)
        if before is None or after is None or _ADDRESS.search(text) or not _is_one_word(before[0], after[0]):
            return "-"
        first, second = before[0].lower(), after[0].lower()
        if self._words[f"{first}-{second}"]:
            return "-"
        return "" if self._words[first + second] or self._parts_words else "-"

    @cached_property
    def _parts_words(self) -> bool:
        """Whether lines end with parted words: one at least whose halves together stand elsewhere."""
        return any(
            self._words[(before[0] + after[0]).lower()]
            for above, line in zip(self._lines, self._lines[1:], strict=False)
            if above.is_hyphenated
            and (before := _LAST_WORD.search(above.text)) is not None
            and (after := _LETTERS.match(line.text)) is not None
        )


def _is_one_word(before: str, after: str) -> bool:
    """Whether two parts can be one word: a capital begins another one, unless all letters are capitals."""
    return after[0].islower() or (len(before) > 1 and before.isupper() and after.isupper())


def _same_size(above: Line, below: Line) -> bool:
    return abs(above.size - below.size) < 0.06 * above.size


def _are_centred(above: Line, below: Line) -> bool:
    """Whether the middles of two lines of different length stand under each other."""
    return abs(above.left - below.left) > 2 and abs(above.left + above.right - below.left - below.right) < 4


def _natural(line: Line) -> float:
    """Where *line* would end if nothing had blown up the blanks between its cells."""
    return line.right - sum(gap - _BLANK * line.size for gap in line.gaps)


def _overlap(one: Cell, other: Cell) -> bool:
    return one.left < other.right + 2 and other.left < one.right + 2


def _is_stretched(line: Line) -> bool:
    """Whether a line was blown up to the width of its column: equal wide gaps between all of its words."""
    gaps = [right.left - left.right for left, right in zip(line.cells, line.cells[1:], strict=False)]
    return len(gaps) > 1 and max(gaps) - min(gaps) < 1.5 and not any(" " in cell.text for cell in line.cells)


def _step(lines: Sequence[Line]) -> float:
    """The way from line to line in sizes: the shortest usual one, for the gaps between paragraphs are wider."""
    steps = Counter(
        round((above.y - below.y) / above.size, 1)
        for above, below in pairwise(lines)
        if _same_size(above, below) and 0.9 * above.size < above.y - below.y < 3 * above.size
    )
    usual = max(steps.values(), default=0) * 0.2
    return min((step for step, count in steps.items() if count >= usual), default=1.2)


# ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────────────

_COLUMN = 4
"""Lines that make a column."""


class _Edge(NamedTuple):
    """How far right a column reaches; `is_straight` when its lines were blown up to end there."""

    right: float
    is_straight: bool


def _edges(lines: Sequence[Line]) -> dict[Line, _Edge]:
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
    rights: dict[tuple[int, float], list[float]] = {}
    for line, place in place_of.items():
        rights.setdefault(place, []).append(line.right)
    reach = {place: _edge(found) for place, found in rights.items()}
    return {line: reach[place] for line, place in place_of.items()}


def _edge(rights: list[float]) -> _Edge:
    """What most lines reach, or the right end of the longest line, but for odd ones."""
    at_edge, count = Counter(round(right / 2) for right in rights).most_common(1)[0]
    if count > max(3, 0.3 * len(rights)):
        return _Edge(at_edge * 2, is_straight=True)
    return _Edge(sorted(rights)[int(0.98 * (len(rights) - 1))], is_straight=False)


def _side(line: Line, second: float | None) -> int:
    """0 for a line as wide as its sheet, 1 and 2 for the first and the second column, which begins at `second`."""
    if second is None:
        return 0
    return 1 if line.right < second else 2 if line.left > second - 3 else 0


def _second_column(page: Sequence[Line]) -> float | None:
    """Where a second column begins: so many lines start there, and others end before."""
    starts = Counter(round(line.left) for line in page)
    for start, count in starts.most_common():
        before = sum(line.right < start for line in page)
        if count >= _COLUMN and before >= _COLUMN:
            return start
    return None


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────

_HEADLINE_WORDS = 4
"""Words of a headline at least; what stands larger above it is a letterhead."""


def _ranked(found: Sequence[Piece]) -> list[Piece]:
    """*found* with levels instead of sizes: 1 for the first of the largest that could be a headline, others below."""
    sizes = sorted({piece.level for piece in found if piece.level}, reverse=True)
    headline = max(
        (piece for piece in found if piece.level and len(piece.content.split()) >= _HEADLINE_WORDS),
        key=lambda piece: piece.level,
        default=None,
    )
    return [
        piece._replace(level=1 if piece is headline else min(6, max(2, sizes.index(piece.level) + 1)))
        if piece.level
        else piece
        for piece in found
    ]
