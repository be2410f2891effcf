"""The reader of Word files (.docx): what a person sees of the text once every change is accepted.

    package ─► members counted ─► main part ─► paragraphs in order, each run once ─► pieces

Deleted and moved-away text, comments, footnotes, page headers and hidden text stay out. A file that still holds
changes of its authors gets a doubt: somebody may not be done with it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document
from feedd.readers import tables, unread, xml
from feedd.readers.page import Page, Piece, refuse_lines
from feedd.readers.xml import local_name

if TYPE_CHECKING:
    from lxml import etree

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200_000_000  # of all members together, as the package states it
MAX_ASIDES = 30  # page heads and comments that are looked at
MAX_PART_BYTES = 40_000_000  # of one part that is read, counted while it is unpacked

REVISIONS_DOUBT = "The Word file still holds tracked changes; accept or reject all of them and drop it again."

_MAIN = "word/document.xml"
_READ = ("main", "styles", "core")
_ASIDE = re.compile(r"word/(?:header|footer|comments|footnotes)\d*\.xml")
_ENTRY = b"PK\x01\x02"  # begins each row of a package's table of contents

_SIGNS = {"noBreakHyphen": "-", "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n"}
_CHANGES = frozenset(("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"))
_DELETED = frozenset(("del", "moveFrom"))
_UNREAD = _DELETED | {"delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "rt", "Fallback"}
_OFF = ("0", "false", "off")
_BODY_LEVEL = 9  # of an outline: no heading
_STYLE_NAME = re.compile(r"(?P<title>title)|(?P<subtitle>subtitle)|heading ?(?P<level>\d)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def sniff(data: bytes, name: str) -> bool:
    """A ZIP with Word's main part, whole or cut off."""
    return data.startswith(b"PK\x03\x04") and b"word/document" in data


def read(data: bytes) -> Document:
    """The document in *data*.

    Raises `UnreadableDocument` with code ``zip-bomb``, ``corrupt``, ``encrypted``, ``unsupported-type``,
    ``too-large``, or one of `xml.tree`.
    """
    parts = _parts(data)
    refuse_lines(sum(1 for _ in parts["main"].iter("{*}p")))
    story = _Story(_styles(parts.get("styles")))
    page = Page()
    for piece in story.pieces(parts["main"]):
        page.add(piece.kind, piece.content, level=piece.level)
    doubts = (REVISIONS_DOUBT,) if _has_revisions(parts["main"]) else ()
    asides = "\n".join(xml.whole_text(part) for name, part in parts.items() if name not in _READ)
    return page.document("docx", language=_language(parts.get("core")), doubts=doubts + unread.doubts(asides))


# ── The package ─────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(data: bytes) -> dict[str, etree._Element]:
    """The parts: ``main``, and ``styles`` and ``core`` (facts about the file) where they are there.

    Page heads and comments come under their own names.
    """
    _refuse_members(data.count(_ENTRY))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_sizes(package)
            found = set(package.namelist())
            asides = sorted(filter(_ASIDE.fullmatch, found))[:MAX_ASIDES]
            names = dict(zip(_READ, (_main(package), "word/styles.xml", "docProps/core.xml"), strict=True))
            names |= {name: name for name in asides}
            return {key: xml.tree(_part(package, name)) for key, name in names.items() if name in found}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise UnreadableDocument(
            "corrupt", f"The Word file is damaged: {error}.", "Save it again and drop the new file."
        ) from error
    except RuntimeError as error:  # what zipfile says of a member with a password
        raise UnreadableDocument("encrypted", "The Word file has a password.", "Save it without one.") from error


def _refuse_members(count: int) -> None:
    if count > MAX_MEMBERS:
        raise _bomb(f"{count:,} files; a Word file may hold {MAX_MEMBERS:,}")


def _refuse_sizes(package: zipfile.ZipFile) -> None:
    size = sum(member.file_size for member in package.infolist())
    if size > MAX_UNPACKED_BYTES:
        raise _bomb(f"{size:,} bytes when it is unpacked; a Word file may hold {MAX_UNPACKED_BYTES:,}")


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """One member. What the package states of its size is not believed."""
    with package.open(name) as member:
        data = member.read(MAX_PART_BYTES + 1)
    if len(data) > MAX_PART_BYTES:
        raise _bomb(f"a text of more than {MAX_PART_BYTES:,} bytes")
    return data


def _bomb(what: str) -> UnreadableDocument:
    return UnreadableDocument("zip-bomb", f"The file holds {what}.", "Save the release alone and drop that.")


def _main(package: zipfile.ZipFile) -> str:
    """The name of the part that holds the text. Some writers number it."""
    names = package.namelist()
    if "_rels/.rels" in names:
        for relation in xml.tree(_part(package, "_rels/.rels")):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in names:
                return target
    if _MAIN in names:
        return _MAIN
    raise UnreadableDocument("unsupported-type", "The file is a ZIP archive.", "Unpack it and drop the releases.")


def _language(core: etree._Element | None) -> str | None:
    stated = "" if core is None else (core.findtext("{*}language") or "").strip()
    return stated if _LANGUAGE.fullmatch(stated) else None


def _has_revisions(main: etree._Element) -> bool:
    return any(local_name(element) in _CHANGES for element in main.iter("{*}*"))


# ── Styles ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style, or a paragraph itself, says of its purpose; None where it says nothing."""

    level: int | None = None  # 1–6 of a heading, 0 of text
    is_item: bool | None = None

    def over(self, other: _Style) -> _Style:
        """This one, and *other* where it says nothing."""
        return _Style(
            other.level if self.level is None else self.level,
            other.is_item if self.is_item is None else self.is_item,
        )


_LONGEST_CHAIN = 20  # styles based on each other; a circle must end


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """All styles by id, each with what it takes over from those it is based on."""
    if root is None:
        return {}
    elements = {_value(style, "styleId"): style for style in root.iterfind("{*}style")}
    return {name: _style(name, elements) for name in elements}


def _style(name: str, elements: Mapping[str, etree._Element]) -> _Style:
    found = _Style()
    for _ in range(_LONGEST_CHAIN):
        element = elements.get(name)
        if element is None:
            break
        found = found.over(_by_name(_of(element, "name"))).over(_own(element.find("{*}pPr")))
        name = _of(element, "basedOn")
    return found


def _by_name(name: str) -> _Style:
    match = _STYLE_NAME.fullmatch(name)
    if match is None:
        return _Style()
    return _Style(level=1 if match["title"] else 2 if match["subtitle"] else min(int(match["level"]), 6))


def _own(properties: etree._Element | None) -> _Style:
    """What a ``pPr`` says by itself: a level of the outline, a place in a list."""
    if properties is None:
        return _Style()
    level, number = _of(properties, "outlineLvl"), _of(properties, "numPr/{*}numId")
    return _Style(
        level=(int(level) + 1 if int(level) < _BODY_LEVEL else 0) if level.isdecimal() else None,
        is_item=number != "0" if number else None,
    )


def _of(element: etree._Element, path: str) -> str:
    """The value of the element at *path* below *element*; "" where there is none."""
    found = element.find(f"{{*}}{path}")
    return "" if found is None else _value(found, "val")


def _value(element: etree._Element, name: str) -> str:
    """The attribute *name*, of whichever edition of the format."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Story:
    """Walks the text in order; a paragraph may lose its end to a deletion, and then goes on in the next one."""

    def __init__(self, styles: Mapping[str, _Style]) -> None:
        self._styles = styles
        self._begun = ""  # text of a paragraph whose end was deleted

    def pieces(self, element: etree._Element) -> list[Piece]:
        """The blocks below *element*: paragraphs, tables, and whatever wraps them."""
        found: list[Piece] = []
        for child in element:
            name = local_name(child)
            if name == "p":
                found += self._paragraph(child)
            elif name == "tbl":
                found += tables.told(self._rows(child))
            elif name not in _UNREAD:
                found += self.pieces(child)
        return found

    def _rows(self, table: etree._Element) -> list[list[list[Piece]]]:
        rows = (row for row in _inside(table, "tr") if not _is_deleted(row.find("{*}trPr")))
        return [[self.pieces(cell) for cell in _inside(row, "tc")] for row in rows]

    def _paragraph(self, element: etree._Element) -> list[Piece]:
        boxes: list[Piece] = []
        text = self._begun + "".join(self._text(element, boxes))
        self._begun = ""
        properties = element.find("{*}pPr")
        if properties is not None and _is_deleted(properties.find("{*}rPr")):
            self._begun = text
            return boxes
        return [*self._placed(text, properties), *boxes]

    def _placed(self, text: str, properties: etree._Element | None) -> Iterator[Piece]:
        style = self._style(properties)
        if not text.strip():
            return
        if style.level:
            yield Piece(BlockKind.HEADING, " ".join(text.split()), min(style.level, 6))
        elif style.is_item:
            yield Piece(BlockKind.ITEM, text)
        else:
            yield Piece(BlockKind.PARAGRAPH, text)

    def _style(self, properties: etree._Element | None) -> _Style:
        name = "" if properties is None else _of(properties, "pStyle")
        return _own(properties).over(self._styles.get(name) or _by_name(name))

    def _text(self, element: etree._Element, boxes: list[Piece]) -> Iterator[str]:
        """The words of a paragraph; the text boxes that hang on it go to *boxes*."""
        for child in element:
            name = local_name(child)
            if name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "txbxContent":
                boxes += self.pieces(child)
            elif name not in _UNREAD and not _is_hidden(child):
                yield from self._text(child, boxes)


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements called *name* below *element*, through what may wrap them, but not inside each other."""
    for child in element:
        if local_name(child) == name:
            yield child
        elif local_name(child) not in _UNREAD:
            yield from _inside(child, name)


def _is_deleted(properties: etree._Element | None) -> bool:
    return properties is not None and any(local_name(child) in _DELETED for child in properties)


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find("{*}rPr/{*}vanish")
    return hidden is not None and _value(hidden, "val") not in _OFF
