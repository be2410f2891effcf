"""Which reader takes a drop, and which drops nobody takes."""

from __future__ import annotations

import random

import pytest

from feedd.errors import UnreadableDocument
from feedd.readers import MAX_BYTES, MAX_CHARACTERS, MAX_LINES, read


def refusal(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, name="drop.txt")
    return caught.value


def test_the_content_decides_and_not_the_name() -> None:
    assert read(b"# Tern Copper restarts its north shaft", name="drop.txt").format == "markdown"
    assert read(b"Tern Copper restarts its north shaft", name="drop").format == "text"


@pytest.mark.parametrize("data", [b"", b" \n\t\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data).code == "empty"


def test_random_bytes_are_refused() -> None:
    assert refusal(random.Random(7).randbytes(200_000)).code == "binary"


def test_a_text_without_words_is_refused() -> None:
    error = refusal(b"12 345 -- 67 % ok")

    assert error.code == "no-text"
    assert error.reason == "The file holds 2 letters; a release has at least 20."


def test_a_giant_is_refused_before_it_is_read() -> None:
    error = refusal(b"a" * (MAX_BYTES + 1))

    assert error.code == "too-large"
    assert "10,000,001" in error.reason


def test_a_file_of_endless_short_lines_is_refused() -> None:
    error = refusal(b"a word\r" * (MAX_LINES + 1))

    assert error.code == "too-large"
    assert "30,001 lines" in error.reason


def test_a_text_of_millions_of_characters_is_refused() -> None:
    error = refusal(b"word " * (MAX_CHARACTERS // 5 + 1))

    assert error.code == "too-large"
    assert "2,000,005 characters; a release may have 2,000,000." in error.reason


def test_a_text_that_is_nothing_but_marks_is_read_as_it_stands() -> None:
    marks = "[*" * 60_000

    document = read(f"# Tern Copper restarts its north shaft\n\n{marks}".encode(), name="drop.md")

    assert document.format == "text"
    assert document.text.endswith(marks)


@pytest.mark.parametrize("gap", ["\n" * 25_000, (" " * 70 + "\n") * 25_000], ids=["empty lines", "blank lines"])
def test_a_wide_gap_costs_no_more_than_its_length(gap: str) -> None:
    assert read(f"Tern Copper restarts its north shaft{gap}Production".encode(), name="drop").format == "text"


def test_every_refusal_says_what_to_do() -> None:
    for data in (b"", b"\0" * 99, b"1 2 3", b"%PDF-1.4"):
        assert refusal(data).wish.endswith(".")
