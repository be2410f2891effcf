"""Releases of many styles, each with the reading that it must get: ``tests/golden/releases/<name>.txt`` and ``.json``.

The expectation names some keys of ``feedd explain --json``; those must be equal, in lists member by member.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedd.render.explain import as_contract
from feedd.understand import understand

FOLDER = Path(__file__).parent.parent / "golden" / "releases"
EXPECTED = sorted(FOLDER.glob("*.json"))
MTIME = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key, "nothing"), f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}[{index}]")
    elif expected != found:
        yield f"{where}: expected {expected!r}, found {found!r}"


def test_there_are_releases_of_many_styles() -> None:
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_a_release_is_read_as_expected(path: Path) -> None:
    drop = next(other for other in FOLDER.glob(f"{path.stem}.*") if other != path)
    document, reading = understand(drop.read_bytes(), path=drop.name, mtime=MTIME)
    found = as_contract(drop.name, "", document, reading, codes={})

    assert list(differences(json.loads(path.read_text("utf-8")), found)) == []


def test_a_difference_is_seen_and_named() -> None:
    expected = {"title": "Tern", "tickers": [{"symbol": "TRN"}], "quotes": []}
    found = {"title": "Tern", "tickers": [{"symbol": "GUL", "mic": "XTSE"}], "quotes": [1]}

    assert list(differences(expected, found)) == [
        ".tickers[0].symbol: expected 'TRN', found 'GUL'",
        ".quotes: expected [], found [1]",
    ]
