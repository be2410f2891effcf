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
    ("declared", "text"),
    [
        ("windows-1250", "Łódź – żółty"),
        ("iso-8859-2", "Łódź i Kraków"),
        ("Shift_JIS", "東北亜鉛の決算"),
        ('"koi8-r"', "Цинк и медь"),
    ],
)
def test_what_a_document_declares_is_believed(declared: str, text: str) -> None:
    assert decode(text.encode(declared.strip('"')), declared) == text


def test_utf8_is_seen_whatever_is_declared() -> None:
    assert decode("Zürich".encode(), "iso-8859-1") == "Zürich"


@pytest.mark.parametrize("declared", ["latin-1", "us-ascii", "zlib", "idna", "unicode_escape", "no-such-set", "a\0b"])
def test_a_wrong_declaration_does_no_harm(declared: str) -> None:
    assert decode("“Erträge” in Zürich".encode("cp1252"), declared) == "“Erträge” in Zürich"


def test_the_last_resort_is_a_guess() -> None:
    text = "東北亜鉛株式会社は本日、第二四半期の決算を発表しました。" * 20

    assert decode(text.encode("shift_jis")) == text
