"""One release in every format: the same fields and the same words, whatever the file has around them.

The files are ``tests/golden/formats/release.*``; the scripts beside them write them from ``release.md``.
"""

from __future__ import annotations

import datetime as dt
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from feedd import readers
from feedd.model import Reading
from feedd.understand import understand

FOLDER = Path(__file__).parent.parent / "golden" / "formats"
FILES = sorted(FOLDER.glob("release.*"))
EXACT = [path for path in FILES if path.suffix != ".pdf"]
PDFS = [path for path in FILES if path.suffix == ".pdf"]
MTIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
BY_NAME = {"ids": lambda path: path.name.removeprefix("release.")}


@cache
def reading(path: Path) -> Reading:
    return understand(path.read_bytes(), path="drop", mtime=MTIME)[1]


def fields(path: Path) -> dict[str, Any]:
    release, classification = reading(path).release, reading(path).classification
    return {
        "title": release.title,
        "subtitle": release.subtitle,
        "dateline": release.dateline,
        "date": (release.date, release.date_source),
        "language": release.language,
        "issuer": release.issuer,
        "tickers": release.tickers,
        "summary": release.summary,
        "contacts": release.contacts,
        "people": release.people,
        "quotes": release.quotes,
        "figures": release.figures,
        "fiscal_period": release.fiscal_period,
        "class": (classification.class_, classification.subtopic),
        "held": reading(path).held,
    }


def body(path: Path) -> list[str]:
    return [paragraph.text for paragraph in reading(path).release.body]


EXPECTED = FOLDER / "release.md"


def test_every_format_is_here_and_is_known_by_its_content() -> None:
    found = {readers.read(path.read_bytes(), name="drop").format for path in FILES if path != EXPECTED}

    assert found | {"markdown"} == {*readers.FORMATS, *readers.WRITTEN}


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_the_fields_are_the_same(path: Path) -> None:
    expected = fields(EXPECTED)

    assert {key: value for key, value in fields(path).items() if value != expected[key]} == {}


@pytest.mark.parametrize("path", EXACT, **BY_NAME)
def test_the_paragraphs_are_the_same(path: Path) -> None:
    assert body(path) == body(EXPECTED)


@pytest.mark.parametrize("path", PDFS, **BY_NAME)
def test_the_words_of_a_pdf_are_nearly_the_same(path: Path) -> None:
    told, expected = (" ".join(body(one)).split() for one in (path, EXPECTED))

    assert SequenceMatcher(None, told, expected, autojunk=False).ratio() >= 0.995
