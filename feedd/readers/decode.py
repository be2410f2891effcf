"""From bytes to clean text: which encoding it is, and which characters nobody can read.

The order (byte order mark, strict UTF-8, strict cp1252) never guesses: statistical detectors turn French and
German letters of short texts into wrong ones.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from feedd.errors import UnreadableDocument

MARKS = (  # the longer mark first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Stranger(NamedTuple):
    """A kind of file that is known by its first bytes (in small letters) and read by no reader."""

    starts: tuple[bytes, ...]
    what: str


STRANGERS = (
    Stranger((b"%pdf-",), "a PDF"),
    Stranger((b"pk\x03\x04", b"pk\x05\x06"), "a ZIP or Office file"),
    Stranger((b"\xd0\xcf\x11\xe0",), "an old Office file"),
    Stranger((b"{\\rtf",), "an RTF file"),
    Stranger((b"<!doctype html", b"<html"), "an HTML page"),
    Stranger((b"<?xml",), "an XML file"),
    Stranger((b"\x89png", b"\xff\xd8\xff", b"gif8"), "a picture"),
    Stranger((b"\x1f\x8b",), "a compressed file"),
)

MAX_CONTROL_SHARE = 0.02
"""Share of control characters above which bytes are no text; real texts have a form feed a page at most."""

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TERMINAL_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_])")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u00ad\u200b\u2060\ufeff"  # breaks and joints without width
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading direction
    "\ud800-\udfff"  # halves of a pair
    "\ue000-\uf8ff]"  # private use
)


def decode(data: bytes) -> str:
    """The text in *data* with ``\\n`` at line ends and only characters that a person can read.

    Raises `UnreadableDocument` with code ``unsupported-type`` or ``binary``.
    """
    _refuse_strangers(data)
    return clean(_characters(data))


def clean(text: str) -> str:
    """*text* without control characters, terminal codes, direction overrides and lone surrogates."""
    if text.replace("\n", "").isprintable():  # most are; it takes a fifth of the time
        return text
    text = _TERMINAL_CODE.sub("", _LINE_END.sub("\n", text))
    return _UNREADABLE.sub("", text)


def _refuse_strangers(data: bytes) -> None:
    start = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for stranger in STRANGERS:
        if start.startswith(stranger.starts):
            raise UnreadableDocument(
                "unsupported-type",
                f"The file is {stranger.what}; feedd reads plain text and Markdown.",
                "Save the release as plain text in UTF-8 and drop that.",
            )


def _characters(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strict(data, encoding) or _no_text()
    if _is_binary(data):
        return _no_text()
    return _strict(data, "utf-8") or _strict(data, "cp1252") or _no_text()


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_binary(data: bytes) -> bool:
    if b"\0" in data:
        return True
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    return controls > len(data) * MAX_CONTROL_SHARE


def _no_text() -> str:
    raise UnreadableDocument(
        "binary",
        "The bytes are not text in UTF-8, UTF-16 or Windows-1252.",
        "Save the release as plain text in UTF-8 and drop that.",
    )
