"""The reader of PDF: pdfium gives characters with their places, `reflow` makes paragraphs of them again.

pdfium is not safe for threads: no two threads of one process may read at the same time. What it needs in time and
memory is bounded by the process that it runs in, since a small file can ask for a gigabyte.
"""

from __future__ import annotations

import ctypes
import importlib
import math
import re
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from feedd.errors import UnreadableDocument
from feedd.model import Document
from feedd.readers.page import Page
from feedd.readers.reflow import pieces
from feedd.readers.sheets import Cell, Line

if TYPE_CHECKING:
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

MOST_PAGES = 500
"""Pages; the longest annual reports have as many."""

MOST_CHARACTERS = 500_000
"""Characters of all pages: 150 full ones, which take 4 s."""

CELL_GAP = 1.0
"""Blank between two words that parts cells, in font sizes. Justified text stretches its blanks to 0.8 at most."""

_LINE = re.compile("[^\r\n\x02\ufffe]+(?P<hyphen>[\x02\ufffe]?)")  # pdfium's mark for a hyphen at the end of a line
_WORD = re.compile(r"[^ \t\r\n]+")  # blanks that do not break stand inside words
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_BULLET_OF_SYMBOL_FONTS = re.compile("^[\ue000-\uf8ff](?=\\s)")


def sniff(data: bytes, name: str) -> bool:
    """Whether the mark of a PDF stands near the start of *data*, where programs look for it."""
    return b"%PDF-" in data[:1024]


def read(data: bytes) -> Document:
    """The document in *data*.

    Raises `UnreadableDocument` with code ``encrypted``, ``corrupt``, ``too-many-pages``, ``too-large``, ``scanned``
    (pictures of text) or ``no-text``.
    """
    pdfium = _pdfium()
    try:
        with pdfium.PdfDocument(data) as document:
            return _document(document)
    except pdfium.PdfiumError as error:
        raise _refusal(error) from error


@cache
def _pdfium() -> ModuleType:
    """pypdfium2, which costs 40 ms that no other format needs to pay."""
    return importlib.import_module("pypdfium2")


def _refusal(error: pypdfium2.PdfiumError) -> UnreadableDocument:
    raw = _pdfium().raw
    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return UnreadableDocument(
            "encrypted", "The PDF opens with a password only.", "Save it without a password and drop that."
        )
    return UnreadableDocument(
        "corrupt", f"The PDF is damaged: {str(error).rstrip('.')}.", "Export the release again as PDF."
    )


def _document(document: pypdfium2.PdfDocument) -> Document:
    if len(document) > MOST_PAGES:
        raise UnreadableDocument(
            "too-many-pages",
            f"The PDF has {len(document):,} pages; a release may have {MOST_PAGES}.",
            "Drop the release alone, without the report.",
        )
    pages: list[list[Line]] = []
    room, has_pictures = MOST_CHARACTERS, False
    for sheet in document:
        with closing(sheet), closing(sheet.get_textpage()) as text:
            room -= text.count_chars()
            if room < 0:
                raise UnreadableDocument(
                    "too-large",
                    f"The PDF has more than {MOST_CHARACTERS:,} characters.",
                    "Drop the release alone, without the report.",
                )
            pages.append(list(_lines(text, len(pages))))
            has_pictures = has_pictures or (not pages[-1] and _has_picture(sheet))
    if not any(pages):
        raise _silent(has_pictures=has_pictures)
    page = Page()
    for piece in pieces(pages):
        page.add(*piece[:2], level=piece.level)
    return page.document("pdf")


def _has_picture(sheet: pypdfium2.PdfPage) -> bool:
    return next(sheet.get_objects(filter=(_pdfium().raw.FPDF_PAGEOBJ_IMAGE,)), None) is not None


def _silent(*, has_pictures: bool) -> UnreadableDocument:
    if has_pictures:
        return UnreadableDocument(
            "scanned",
            "The PDF holds pictures of pages and no text.",
            "Export the release from the program it was written in, or run text recognition over it.",
        )
    return UnreadableDocument("no-text", "The PDF holds no text.", "Drop the file that holds the text of the release.")


# ── Characters and their places ─────────────────────────────────────────────────────────────────────────────────


def _lines(text: pypdfium2.PdfTextPage, page: int) -> Iterator[Line]:
    """The lines of one sheet in the order of its content, as pdfium parts them."""
    places = _Places(text)
    for match in _LINE.finditer(places.characters):
        words = [
            (word.group(), *places.sides(match.start() + word.start(), match.start() + word.end() - 1))
            for word in _WORD.finditer(match.group().rstrip("\x02\ufffe"))
        ]
        if words:
            start = match.start() + match.group().index(words[0][0])
            size, baseline = places.size(start), places.baseline(start)
            cells = tuple(_cells(words, size * CELL_GAP))
            yield Line(cells, page, baseline, size, words[0][2] - words[0][1], bool(match["hyphen"]))


def _cells(words: list[tuple[str, float, float]], gap: float) -> Iterator[Cell]:
    """Words, each with its left and right side, put together where no wide gap parts them."""
    run = words[:1]
    for word in words[1:]:
        if word[1] - run[-1][2] > gap:
            yield _cell(run)
            run = []
        run.append(word)
    yield _cell(run)


def _cell(words: list[tuple[str, float, float]]) -> Cell:
    text = " ".join(word for word, _, _ in words).translate(_LIGATURES)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two halves are one character
    return Cell(_BULLET_OF_SYMBOL_FONTS.sub("•", whole), words[0][1], words[-1][2])


class _Places:
    """Where the characters of one text page stand, in points; y grows upwards."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self._raw = _pdfium().raw
        self._text = text.raw
        self._box = tuple(ctypes.c_double() for _ in range(4))  # left, right, bottom, top
        self._matrix = self._raw.FS_MATRIX()
        unicode = self._raw.FPDFText_GetUnicode
        self.characters = "".join(chr(unicode(self._text, index)) for index in range(text.count_chars()))

    def sides(self, first: int, last: int) -> tuple[float, float]:
        """The left side of the character with index *first* and the right side of *last*."""
        return self._fetch(first)[0], self._fetch(last)[1]

    def baseline(self, index: int) -> float:
        x, y, *_ = self._box
        self._raw.FPDFText_GetCharOrigin(self._text, index, x, y)
        return y.value

    def size(self, index: int) -> float:
        """The size of the font as seen: what is set, times what the page makes of it."""
        seen = 1.0
        if self._raw.FPDFText_GetMatrix(self._text, index, self._matrix):
            seen = math.hypot(self._matrix.c, self._matrix.d)
        return float(self._raw.FPDFText_GetFontSize(self._text, index)) * seen or 1.0

    def _fetch(self, index: int) -> tuple[float, float]:
        left, right, bottom, top = self._box
        self._raw.FPDFText_GetCharBox(self._text, index, left, right, bottom, top)
        return left.value, right.value
