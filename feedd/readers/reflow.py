"""Lines with their places on sheets become paragraphs again.

A PDF knows where letters stand and nothing of paragraphs. What tells them: a wider gap, a short line, an indent, a
bullet, another size. What runs over the edges of every sheet is furniture and goes first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from feedd.model import BlockKind
from feedd.readers.page import Piece
from feedd.readers.sheets import Cell, Line, by_column, edges, without_furniture

LONGEST_HEADING = 300
"""Characters; longer text in large letters is text."""

LARGER = 1.08
"""Size of a heading against that of the text."""

_LONGEST_CELLS = 12
"""Characters that cells have on average, unless gaps of two sizes leave no doubt."""

WIDER = 1.2
"""Gap between paragraphs against that between lines; 1.3 is the least that typesetting programs set."""

_LONGEST_ADDRESS = 300
"""Characters before a line's end in which a web address or a word may begin."""

_BLANK = 0.4
"""Usual distance of the letters of two words, in sizes; the blank itself has 0.25 to 0.33."""

_BULLET = re.compile(r"[•·●▪◦‣■□○➢✓]\s*")
_MARK = re.compile(r"(?:[-–—*]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_NUMBER = re.compile(r"\w{1,4}\)")  # of an item: 1) or iii)
_SENTENCE_END = re.compile(r"[.!?:][\"”’'»)\]]*$")
_LAST_BUT_ONE = re.compile(r"; (?:and|or)$")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$")
_BROKEN_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[/?&=_%]$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def pieces(pages: Sequence[Sequence[Line]]) -> list[Piece]:
    """The blocks of all *pages*, each with its lines in the order of its content, furniture left out."""
    lines = [line for page in without_furniture(pages) for line in by_column(page)]
    return _Flow(lines).pieces()


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
        self._edges = edges(lines)
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
        """Whether equal blanks part the words of a line that ends at the edge of its column, or has no figures."""
        if len(line.gaps) < 2 or max(line.gaps) - min(line.gaps) > 0.5 * line.size:
            return False
        edge = self._edges[line]
        at_edge = edge.is_straight and abs(line.right - edge.right) < 3
        return at_edge or (max(line.gaps) < 2 * line.size and not re.search(r"\d", line.text))

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
        if _BULLET.match(line.text) or (_MARK.match(line.text) and not self._is_full(above, line)):
            return True
        if line.page != above.page or line.y > above.y - 0.5 * line.size:
            return not self._goes_on(above, line)
        if above.y - line.y > WIDER * self._step * above.size:
            return True
        return self._is_moved(block, line) if not _BULLET.match(first.text) else self._leaves(first, above, line)

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
        if above.is_hyphenated or _are_centred(above, line):
            return False
        move = (line.left - above.left) / line.size
        is_over = _SENTENCE_END.search(above.text) or not self._is_full(above, line)
        return move > 0.8 or (move < -0.8 and len(block) > 1 and bool(is_over))

    def _is_full(self, above: Line, line: Line) -> bool:
        """Whether the first word of *line* had no more place at the end of *above*."""
        if above.is_hyphenated or _is_open(above, line):
            return True
        if _ends_item(above, line):
            return False
        edge = self._edges[above]
        falls_short = edge.is_straight and above.right < edge.right - above.size and not _are_centred(above, line)
        if falls_short and not line.text[0].islower():
            return False
        return _natural(above) + line.first_word > edge.right - _BLANK * above.size

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
        if (text.endswith("-") and text[-2:-1].isalnum()) or _BROKEN_ADDRESS.search(text[-_LONGEST_ADDRESS:]):
            return text + line.text
        return text + (" " if self._goes_on_below(above, line) else "\n") + line.text

    def _goes_on_below(self, above: Line, line: Line) -> bool:
        return line.page != above.page or line.y > above.y or self._is_full(above, line)

    def _hyphen(self, text: str, following: str) -> str:
        """The hyphen between a line's last word and the next line's first, unless it only parted a word.

        The same word elsewhere decides. Else a capital or figure behind it keeps it, or an address around it, and all
        keep theirs in a text of which no line is known to end with a parted word.
        """
        text = text[-_LONGEST_ADDRESS:]
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


def _ends_item(above: Line, below: Line) -> bool:
    """Whether a semicolon ends *above* as it ends the items of a list."""
    begins = not below.text[0].islower() or bool(_MARK.match(below.text))
    return bool(_LAST_BUT_ONE.search(above.text)) or (above.text.endswith(";") and begins)


def _is_open(above: Line, below: Line) -> bool:
    """Whether brackets hold the end of *above* and the start of *below* together."""
    if above.text.rfind("(") > above.text.rfind(")"):
        return True
    return ")" in below.text.partition("(")[0] and not _NUMBER.match(below.text)


def _are_centred(above: Line, below: Line) -> bool:
    """Whether the middles of two lines of different length stand under each other."""
    return abs(above.left - below.left) > 2 and abs(above.left + above.right - below.left - below.right) < 4


def _natural(line: Line) -> float:
    """Where *line* would end if nothing had blown up the blanks between its cells."""
    return line.right - sum(gap - _BLANK * line.size for gap in line.gaps)


def _overlap(one: Cell, other: Cell) -> bool:
    return one.left < other.right + 2 and other.left < one.right + 2


def _step(lines: Sequence[Line]) -> float:
    """The way from line to line in sizes: the shortest usual one, for the gaps between paragraphs are wider."""
    steps = Counter(
        round((above.y - below.y) / above.size, 1)
        for above, below in pairwise(lines)
        if _same_size(above, below) and 0.9 * above.size < above.y - below.y < 3 * above.size
    )
    usual = max(steps.values(), default=0) * 0.2
    return min((step for step, count in steps.items() if count >= usual), default=1.2)


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
