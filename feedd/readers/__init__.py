"""Readers turn the bytes of a drop into a `Document`: plain text in blocks, no meaning yet.

One reader a format, found by content; a name only breaks ties. A new format is one file here and one row in
`FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from feedd.errors import UnreadableDocument
from feedd.model import Document
from feedd.readers import markdown, text
from feedd.readers.decode import decode

MAX_BYTES = 10_000_000
"""Longest drop that is read. The longest real release seen has 0.4 MB."""

MAX_CHARACTERS = 2_000_000
"""Longest text that is parsed; with it the worst takes a few seconds, so one odd file holds nobody up."""

MAX_LINES = 30_000
"""Most lines that are read, blank ones too: 500 pages. Each costs more than its bytes; a million would take minutes."""

MIN_LETTERS = 20
"""A text with fewer letters says nothing that could be news."""


class Format(NamedTuple):
    """`sniff` says from decoded text and file name whether a drop is of this format; `read` makes the document."""

    sniff: Callable[[str, str], bool]
    read: Callable[[str], Document]


FORMATS: dict[str, Format] = {  # asked in this order; the last one takes what is left
    "markdown": Format(markdown.sniff, markdown.read),
    "text": Format(text.sniff, text.read),
}


def read(data: bytes, *, name: str) -> Document:
    """The document in *data*, whose file is called *name*.

    Raises `UnreadableDocument` with code ``empty``, ``too-large``, ``unsupported-type``, ``binary`` or ``no-text``.
    """
    _refuse_size(data)
    decoded = decode(data)
    _refuse_length(decoded)
    _refuse_silence(decoded)
    found = next(row for row in FORMATS.values() if row.sniff(decoded, name))
    return found.read(decoded)


def _refuse_size(data: bytes) -> None:
    if not data.strip():
        raise UnreadableDocument(
            "empty", "The file is empty.", "Drop it again once the program that writes it has finished."
        )
    if len(data) > MAX_BYTES:
        raise UnreadableDocument(
            "too-large",
            f"The file has {len(data):,} bytes; a release may have {MAX_BYTES:,}.",
            "Drop the release alone, without attachments.",
        )


def _refuse_length(decoded: str) -> None:
    for count, limit, what in ((len(decoded), MAX_CHARACTERS, "characters"), (decoded.count("\n"), MAX_LINES, "lines")):
        if count > limit:
            raise UnreadableDocument(
                "too-large",
                f"The file has {count:,} {what}; a release may have {limit:,}.",
                "Drop the release alone, without attachments.",
            )


def _refuse_silence(decoded: str) -> None:
    letters = 0
    for character in decoded:
        letters += character.isalpha()
        if letters >= MIN_LETTERS:
            return
    raise UnreadableDocument(
        "no-text",
        f"The file holds {letters} letters; a release has at least {MIN_LETTERS}.",
        "Drop the file that holds the text of the release.",
    )
