"""From bytes to clean text."""

from __future__ import annotations

import pytest

from feedd.errors import UnreadableDocument
from feedd.readers.decode import clean, decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert decode("Zürich – “Erträge”".encode(encoding)) == "Zürich – “Erträge”"


def test_every_kind_of_line_end_becomes_one() -> None:
    assert decode(b"one\r\ntwo\rthree\nfour\x0cfive") == "one\ntwo\nthree\nfour\nfive"


@pytest.mark.parametrize(
    "hidden",
    ["\x07", "\x1b[31m", "\x1b]0;window\x07", "\u202e", "\u2066", "\u200b", "\u00ad", "\ud800", "\ufeff"],
)
def test_characters_that_nobody_can_read_are_removed(hidden: str) -> None:
    assert clean(f"Gold{hidden}field") == "Goldfield"


def test_blanks_that_do_not_break_stay() -> None:
    assert clean("10\u00a0000 oz") == "10\u00a0000 oz"


@pytest.mark.parametrize("data", [b"a\0b\0c\0", bytes(range(256)) * 10, b"\x81\x8d\x8f" * 9, b"\xff\xfe\x00"])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        decode(data)

    assert refusal.value.code == "binary"


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04rest", "a ZIP or Office file"),
        (b"{\\rtf1\\ansi", "an RTF file"),
        (b"\n <!DOCTYPE HTML>", "an HTML page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "an XML file"),
    ],
)
def test_a_known_stranger_is_called_by_its_name(start: bytes, what: str) -> None:
    with pytest.raises(UnreadableDocument, match=what) as refusal:
        decode(start)

    assert refusal.value.code == "unsupported-type"
    assert "plain text" in refusal.value.wish
