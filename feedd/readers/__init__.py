"""Readers turn the bytes of a drop into a `Document`: plain text in blocks, no meaning yet.

One reader a format, found by content; a name only breaks ties. A new format is one file here and one row in
`FORMATS`, or in `WRITTEN` when it is known by its words alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from feedd.errors import UnreadableDocument
from feedd.model import Document
from feedd.readers import docx, eml, front, html, markdown, newsml, nitf, pdf, rtf, strangers, text
from feedd.readers.decode import decode

MAX_BYTES = 10_000_000
"""Longest drop that is read of a format that holds words only. The longest real release seen has 0.4 MB."""

MAX_PACKED_BYTES = 50_000_000
"""Longest drop of a format that holds pictures and other files; only the text in it is read."""

MAX_CHARACTERS = 2_000_000
"""Longest text that is parsed; with it the worst takes a few seconds, so one odd file holds nobody up."""

MAX_LINES = 30_000
"""Most lines that are read, blank ones too: 500 pages. Each costs more than its bytes; a million would take minutes."""

MIN_LETTERS = 20
"""A text with fewer letters says nothing that could be news."""


class Format(NamedTuple):
    """A format known by its bytes. `sniff` says from bytes and file name whether a drop is of it, at little cost;

    `read` makes the document, or raises `UnreadableDocument`. No more than `max_bytes` are read.
    """

    sniff: Callable[[bytes, str], bool]
    read: Callable[[bytes], Document]
    max_bytes: int = MAX_BYTES


class Written(NamedTuple):
    """A format known by its words, once they are decoded; else as `Format`."""

    sniff: Callable[[str, str], bool]
    read: Callable[[str], Document]


FORMATS: dict[str, Format] = {  # asked in this order
    "pdf": Format(pdf.sniff, pdf.read, MAX_PACKED_BYTES),
    "docx": Format(docx.sniff, docx.read, MAX_PACKED_BYTES),
    "rtf": Format(rtf.sniff, rtf.read, MAX_PACKED_BYTES),
    "newsml-g2": Format(newsml.sniff, newsml.read),
    "nitf": Format(nitf.sniff, nitf.read),
    "html": Format(html.sniff, html.read),
    "eml": Format(eml.sniff, eml.read, MAX_PACKED_BYTES),
}

WRITTEN: dict[str, Written] = {  # asked of what is left, in this order; the last one takes it
    "markdown": Written(markdown.sniff, markdown.read),
    "text": Written(text.sniff, text.read),
}


def read(data: bytes, *, name: str) -> Document:
    """The document in *data*, whose file is called *name*.

    Raises `UnreadableDocument` with one of the codes of ``feedd explain``.
    """
    if not data.strip():
        raise UnreadableDocument(
            "empty", "The file is empty.", "Drop it again once the program that writes it has finished."
        )
    found = next((row for row in FORMATS.values() if row.sniff(data, name)), None)
    if found is None:
        return _read_written(data, name)
    _refuse_size(data, found.max_bytes)
    document = found.read(data)
    _refuse_length(document.text)
    if not document.attachments:  # a mail may say nothing itself and bring the release along
        _refuse_silence(document.text)
    return document


def _read_written(data: bytes, name: str) -> Document:
    strangers.refuse(data, name)
    _refuse_size(data, MAX_BYTES)
    whole = _decoded(data, name)
    _refuse_length(whole)
    values, decoded = front.taken(whole)
    _refuse_silence(decoded)
    document = next(row for row in WRITTEN.values() if row.sniff(decoded, name)).read(decoded)
    if not values:
        return document
    return replace(document, stated=front.stated(values), title=values.get("title") or document.title)


def _decoded(data: bytes, name: str) -> str:
    try:
        return decode(data)
    except UnreadableDocument as error:
        raise strangers.mismatch(name, "no text and no document that feedd knows") or error from error


def _refuse_size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise UnreadableDocument(
            "too-large",
            f"The file has {len(data):,} bytes; a release of this kind may have {limit:,}.",
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
