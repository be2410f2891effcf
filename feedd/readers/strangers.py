"""Files that no reader takes: what they are, by their first bytes, and what a person can drop instead."""

from __future__ import annotations

import codecs
from pathlib import PurePath
from typing import NamedTuple, NoReturn

from feedd.errors import UnreadableDocument
from feedd.readers import xml


class Stranger(NamedTuple):
    """A kind of file: how it begins (in small letters), what stands somewhere in it, what to say of it."""

    starts: tuple[bytes, ...]
    holds: bytes
    code: str
    what: str
    wish: str


_AS_TEXT = "Save the release as text, Word (.docx) or PDF and drop that."
_OLD = (b"\xd0\xcf\x11\xe0",)
_ZIP = (b"pk\x03\x04", b"pk\x05\x06", b"pk\x07\x08")


def _wide(name: str) -> bytes:
    """*name* as old Office files write the names of their parts."""
    return name.encode("utf-16-le")


STRANGERS = (  # asked in this order
    Stranger(_OLD, _wide("EncryptedPackage"), "encrypted", "an Office file with a password", "Save it without one."),
    Stranger(_OLD, _wide("WordDocument"), "binary-doc", "an old Word file (.doc)", "Save it as .docx or PDF."),
    Stranger(_OLD, _wide("Workbook"), "unsupported-type", "an old Excel file", _AS_TEXT),
    Stranger(_OLD, _wide("PowerPoint"), "unsupported-type", "an old PowerPoint file", _AS_TEXT),
    Stranger(_OLD, _wide("__substg1.0"), "unsupported-type", "an Outlook message", "Save it as .eml or as text."),
    Stranger(_OLD, b"", "binary-doc", "an old Office file", "Save it as .docx or PDF."),
    Stranger(_ZIP, b"xl/workbook", "unsupported-type", "an Excel file", _AS_TEXT),
    Stranger(_ZIP, b"ppt/presentation", "unsupported-type", "a PowerPoint file", _AS_TEXT),
    Stranger(_ZIP, b"application/vnd.oasis.opendocument", "unsupported-type", "an OpenDocument file", _AS_TEXT),
    Stranger(_ZIP, b"application/epub", "unsupported-type", "an electronic book", _AS_TEXT),
    Stranger(_ZIP, b"Index/Document.iwa", "unsupported-type", "a Pages file", _AS_TEXT),
    Stranger(_ZIP, b"", "unsupported-type", "a ZIP archive", "Unpack it and drop the releases."),
    Stranger(
        (b"\x1f\x8b", b"bzh", b"\xfd7zxz", b"7z\xbc\xaf", b"rar!\x1a", b"\x28\xb5\x2f\xfd"),
        b"",
        "unsupported-type",
        "a compressed file",
        "Unpack it and drop the releases.",
    ),
    Stranger(
        (b"\x89png", b"\xff\xd8\xff", b"gif8", b"ii*\0", b"mm\0*", b"riff", b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp"),
        b"",
        "unsupported-type",
        "a picture, sound or film",
        _AS_TEXT,
    ),
    Stranger((b"%!ps",), b"", "unsupported-type", "a PostScript file", "Save the release as PDF and drop that."),
    Stranger((b"\x7felf", b"sqlite format 3"), b"", "unsupported-type", "no document at all", _AS_TEXT),
)

NAMED = {
    ".pdf": "a PDF",
    ".docx": "a Word file",
    ".rtf": "an RTF file",
    ".eml": "a mail",
    ".htm": "a web page",
    ".html": "a web page",
}
"""What a file must be by its name."""

_XML_STARTS = (b"<?xml", b"<!doctype")


def refuse(data: bytes, name: str) -> None:
    """Nothing for what may be text.

    Else raises `UnreadableDocument`: ``encrypted``, ``binary-doc``, ``type-mismatch`` when *name* promises another
    kind, ``unsupported-type``, or what is wrong with an XML file.
    """
    start = data[:512].removeprefix(codecs.BOM_UTF8).lstrip()
    for stranger in STRANGERS:
        if start.lower().startswith(stranger.starts) and stranger.holds in data:
            _refuse(stranger, name)
    if start.lower().startswith(_XML_STARTS):
        root = xml.local_name(xml.tree(data))
        raise UnreadableDocument(
            "unsupported-type",
            f"The file is XML with the root element {root[:40]!r}; feedd reads NITF and NewsML-G2.",
            _AS_TEXT,
        )


def mismatch(name: str, what: str) -> UnreadableDocument | None:
    """The refusal of a file that is *what*, while its *name* promises a document; None where it promises none."""
    promised = NAMED.get(PurePath(name).suffix.lower())
    if promised is None:
        return None
    return UnreadableDocument(
        "type-mismatch",
        f"The file is called {PurePath(name).suffix} like {promised}, but it is {what}.",
        "Save the release again and drop it under the name that fits.",
    )


def _refuse(stranger: Stranger, name: str) -> NoReturn:
    if stranger.code == "unsupported-type":
        raise mismatch(name, stranger.what) or _refusal(stranger)
    raise _refusal(stranger)


def _refusal(stranger: Stranger) -> UnreadableDocument:
    return UnreadableDocument(stranger.code, f"The file is {stranger.what}; feedd cannot read it.", stranger.wish)
