"""From bytes to clean text: which encoding it is, and which characters nobody can read.

The order is: byte order mark, strict UTF-8, what the document declares, strict cp1252, and only then a guess.
Statistical detectors turn French and German letters of short texts into wrong ones, so they are asked last.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from feedd.errors import UnreadableDocument

MARKS = (  # the longer mark first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

CHARACTER_SETS = ("utf", "iso8859", "cp", "koi8", "mac", "shift_jis", "euc", "gb", "big5", "tis")
"""How the names of codecs begin that are character sets; Python has others, for compression and for host names."""

GUESSED_BYTES = 100_000
"""Bytes from which a character set is guessed; a detector reads them dozens of times."""

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


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in *data* with ``\\n`` at line ends and only characters that a person can read.

    `declared` is the character set that the document itself names. Raises `UnreadableDocument` with code ``binary``.
    """
    return clean(characters(data, declared))


def characters(data: bytes, declared: str | None = None) -> str:
    """The text in *data* as it stands. Raises `UnreadableDocument` with code ``binary``."""
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    if marked is None and _is_binary(data):
        raise _no_text()
    attempts = [_strict(data, marked)] if marked else _attempts(data, declared)
    found = next((text for text in attempts if text is not None), None)
    if found is None:
        raise _no_text()
    return found


def clean(text: str) -> str:
    """*text* without control characters, terminal codes, direction overrides and lone surrogates."""
    if text.replace("\n", "").isprintable():  # most are; it takes a fifth of the time
        return text
    text = _TERMINAL_CODE.sub("", _LINE_END.sub("\n", text))
    return _UNREADABLE.sub("", text)


def _attempts(data: bytes, declared: str | None) -> Iterator[str | None]:
    yield _strict(data, "utf-8")
    yield _strict(data, _known(declared)) if declared else None
    yield _strict(data, "cp1252")
    yield _guessed(data)


def _known(declared: str) -> str:
    """The codec for a *declared* name, or strict UTF-8 where Python has none or one that is no character set.

    What calls itself Latin-1 is Windows-1252, as browsers have it: the letters agree, and nobody means controls.
    """
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return "utf-8"
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if name.startswith(CHARACTER_SETS) else "utf-8"


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes  # costs 20 ms, and hardly a file needs it

    best = from_bytes(data[:GUESSED_BYTES]).best()
    return _strict(data, best.encoding) if best is not None else None


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


def _no_text() -> UnreadableDocument:
    return UnreadableDocument(
        "binary",
        "The bytes are not text in any character set.",
        "Save the release as plain text in UTF-8 and drop that.",
    )
