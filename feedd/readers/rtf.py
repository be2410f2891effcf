"""The reader of RTF. Characters are striprtf's task; what may be seen, and how it stands, is decided before.

First the source is walked once: hidden and deleted text, pictures, notes, headers and instructions go, and the ends of
paragraphs, cells and rows become marks of one character. Then striprtf turns the rest into text, and the marks part it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document
from feedd.readers import tables, unread
from feedd.readers.page import Page, Piece

DEEPEST = 256
"""Groups inside each other; Word writes fewer than twenty."""

MOST_VISIBLE = 2_000_000
"""Characters of source without pictures. striprtf takes 1 µs for each."""

MOST_TOKENS = 1_000_000
"""Words, braces and stretches of text, each of which costs 1.5 µs; a long release has 50,000, a picture one."""

LARGEST_FONT_TABLE = 64_000
"""Characters. The time striprtf takes for it grows with the square; Word's are half as long."""

_LONGEST_NOTE = 500
"""Characters of a stretch without markup that may hold words; pictures have thousands."""

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>\\[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<bytes>[\x80-\xff]+)|(?P<text>[^\\{}\x80-\xff]+)|\\",
    re.DOTALL,
)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\r\n]")

# Marks, in characters that no source keeps. Headings: chr(level).
_PARAGRAPH, _ITEM, _CELL, _ROW, _LINE, _IN_CELL = "\x0e", "\x0f", "\x10", "\x11", "\x12", "\x13"
_MARKED = re.compile(r"([^\x01-\x06\x0e-\x11]*)([\x01-\x06\x0e-\x11]|$)")

_ENDS = frozenset(("par", "sect", "page", "column"))
_MARKS = {"cell": _CELL, "nestcell": _CELL, "row": _ROW, "line": _LINE}
_BULLETS = frozenset(("listtext", "pntext"))
_HIDING = frozenset(("v", "deleted"))
_FOR_LATER = frozenset(("uc", "f", "deff", "ansicpg"))  # say how to read what follows, so they count in hidden text too
_REVISIONS = frozenset(("deleted", "revised"))


def sniff(data: bytes, name: str) -> bool:
    """Whether *data* begins as RTF does."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def read(data: bytes) -> Document:
    """The document in *data*.

    Raises `UnreadableDocument` with code ``resource-limit`` for groups too deep or a font table too large,
    ``too-large`` for too much text, ``corrupt`` for what striprtf cannot read. Tracked changes are a doubt,
    and so is an embargo in parts that are not read.
    """
    source = _Source()
    visible = "".join(source.visible(data.decode("latin-1")))
    page = _page(_text(visible))
    doubts = ("The file still has tracked changes; accept or reject them all.",) if source.has_revisions else ()
    return page.document("rtf", doubts=doubts + unread.doubts("".join(source.unread)))


# ── What may be seen ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group until it ends."""

    skips: bool = False  # the whole group is no text
    hidden: frozenset[str] = frozenset()
    in_table: bool = False
    level: int = 0  # 1–6 in headings
    in_fonts: bool = False


class _Source:
    """One walk over an RTF source. Afterwards `has_revisions` says whether it has tracked changes.

    `unread` is then what stands in groups that are no text, but for pictures.
    """

    def __init__(self) -> None:
        self.has_revisions = False
        self.unread: list[str] = []
        self._state = _State()
        self._around: list[_State] = []
        self._is_item = False  # the paragraph had a bullet or number of its own

    def visible(self, source: str) -> Iterator[str]:
        """The source of what a reader sees, with marks for what ends."""
        position = tokens = length = fonts = 0
        while match := _TOKEN.match(source, position):
            position, tokens = match.end(), tokens + 1
            if match["word"] == "bin":
                position += max(0, int(match["number"] or 0))
            for piece in self._seen(match):
                length += len(piece)
                fonts += len(piece) * self._state.in_fonts
                yield piece
            if tokens > MOST_TOKENS:
                raise _too_much("resource-limit", f"more than {MOST_TOKENS:,} words and braces")
            if length > MOST_VISIBLE:
                raise _too_much("too-large", f"more than {MOST_VISIBLE:,} characters without its pictures")
            if fonts > LARGEST_FONT_TABLE:
                raise _too_much("resource-limit", f"a font table of more than {LARGEST_FONT_TABLE:,} characters")

    def _seen(self, match: re.Match[str]) -> Iterator[str]:
        if match["brace"]:
            yield from self._turn(match["brace"])
        elif self._state.skips:
            self.unread.append((match["text"] or "")[:_LONGEST_NOTE])
        elif match["word"]:
            yield from self._obey(match["word"], match["number"])
        elif match["sign"] == "\\*":
            self._skip()
        elif self._state.hidden:
            self.unread.append((match["text"] or "")[:_LONGEST_NOTE])
        elif match["bytes"]:
            yield "".join(f"\\'{ord(byte):02x}" for byte in match["bytes"])
        elif match["sign"] in ("\\\n", "\\\r"):
            yield from self._end_paragraph()
        else:
            yield _UNPRINTED.sub("", match.group())

    def _turn(self, brace: str) -> Iterator[str]:
        skipped = self._state.skips
        if brace == "{":
            self._around.append(self._state)
            if len(self._around) > DEEPEST:
                raise _too_much("resource-limit", f"more than {DEEPEST} groups inside each other")
        elif self._around:
            self._state = self._around.pop()
        if not (skipped and self._state.skips):
            yield brace

    def _skip(self) -> None:
        self._state = replace(self._state, skips=True)

    def _obey(self, word: str, number: str | None) -> Iterator[str]:
        if word in _BULLETS:
            self._skip()
            self._is_item = True
        elif word in _destinations():
            self._skip()
        elif word in _ENDS:
            yield from self._end_paragraph()
        elif word in _MARKS:
            yield f"{{{_MARKS[word]}}}"  # in a group: a character alone could be taken for the substitute of another
        else:
            self._note(word, number)
            if not self._state.hidden or word in _FOR_LATER:
                yield f"\\{word}{number or ''} "

    def _end_paragraph(self) -> Iterator[str]:
        state = self._state
        if state.in_table:
            yield f"{{{_IN_CELL}}}"
        else:
            yield f"{{{chr(state.level) if state.level else _ITEM if self._is_item else _PARAGRAPH}}}"
        self._is_item = False

    def _note(self, word: str, number: str | None) -> None:
        state, is_on = self._state, number != "0"
        if word in _REVISIONS and is_on:
            self.has_revisions = True
        if word in _HIDING:
            state = replace(state, hidden=state.hidden | {word} if is_on else state.hidden - {word})
        elif word == "plain":
            state = replace(state, hidden=frozenset())
        elif word == "pard":
            state = replace(state, in_table=False, level=0)
        elif word == "intbl":
            state = replace(state, in_table=True)
        elif word == "outlinelevel":
            state = replace(state, level=min(int(number or 0) + 1, 6) if int(number or 0) < 9 else 0)
        elif word == "fonttbl":
            state = replace(state, in_fonts=True)
        self._state = state


@cache
def _destinations() -> frozenset[str]:
    """Groups that hold no text of the document."""
    from striprtf.striprtf import destinations

    return destinations - {"fonttbl"}  # which says how to read what follows


def _too_much(code: str, what: str) -> UnreadableDocument:
    return UnreadableDocument(
        code, f"The RTF has {what}; no release needs that.", "Save the release as DOCX and drop that."
    )


# ── From source to text, from text to pieces ────────────────────────────────────────────────────────────────────


def _text(visible: str) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        text: str = rtf_to_text(visible, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise UnreadableDocument(
            "corrupt", f"The RTF is damaged: {error}.", "Save the release again and drop the new file."
        ) from error
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two halves are one character


def _page(text: str) -> Page:
    page = _Builder()
    for match in _MARKED.finditer(text):
        page.take(match[1].strip(" "), match[2])
    page.end_table()
    return page.page


class _Builder:
    """Puts paragraphs on a page; rows wait until their table is over."""

    def __init__(self) -> None:
        self.page = Page()
        self._rows: list[list[str]] = []
        self._cells: list[str] = []

    def take(self, text: str, mark: str) -> None:
        """*text* up to the *mark* that ends it; "" is the end of the document."""
        if mark == _CELL:
            self._cells.append(text)
        elif mark == _ROW:
            self._rows.append(self._cells)
            self._cells = []
        elif text.strip():
            self.end_table()
            self._add(text, mark)

    def _add(self, text: str, mark: str) -> None:
        level = ord(mark) if mark and mark <= "\x06" else 0
        kind = BlockKind.HEADING if level else BlockKind.ITEM if mark == _ITEM else BlockKind.PARAGRAPH
        self.page.add(kind, text.replace(_LINE, "\n").replace(_IN_CELL, "\n"), level=level)

    def end_table(self) -> None:
        """The rows so far as a table."""
        rows, self._rows = self._rows + [self._cells] * bool(self._cells), []
        self._cells = []
        for piece in tables.told([[_pieces(cell) for cell in row] for row in rows]):
            self.page.add(*piece[:2])


def _pieces(cell: str) -> list[Piece]:
    return [Piece(BlockKind.PARAGRAPH, part.strip()) for part in re.split(f"[{_LINE}{_IN_CELL}]", cell) if part.strip()]
