"""The room's data files, read once: forms of lines, venues. No knowledge of releases beside what they say."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def load(name: str) -> dict[str, Any]:
    """The TOML file *name* of this room."""
    return tomllib.loads((HERE / name).read_text("utf-8"))


@cache
def forms(part: str, key: str) -> re.Pattern[str]:
    """The forms of ``[part] key`` in ``words.toml`` as one expression; match it at a start, or fully."""
    rows: list[str] = load("words.toml")[part][key]
    return re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE)


@cache
def pattern(name: str, part: str, key: str) -> re.Pattern[str]:
    """The form or forms of ``[part] key`` in the TOML file *name* as one expression to search small letters with."""
    rows: str | list[str] = load(name)[part][key]
    return re.compile("|".join(f"(?:{row})" for row in ([rows] if isinstance(rows, str) else rows)))


def is_whole(part: str, key: str, text: str) -> bool:
    """Whether all of *text* is of one of the forms."""
    return forms(part, key).fullmatch(text) is not None


def starts(part: str, key: str, text: str) -> bool:
    """Whether *text* opens with one of the forms."""
    return forms(part, key).match(text) is not None
