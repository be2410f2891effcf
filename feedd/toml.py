"""TOML as an operator wrote it: its values, and for the sentence about a wrong one the line where it stands."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from typing import Any

from feedd.errors import ConfigError

_NAMES = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_NAME = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def read(file: str, text: bytes, *, shown: Callable[[str], str] = str) -> dict[str, Any]:
    """The values in *text*, the bytes of *file*. Raises `ConfigError` with the line, as *shown* gives it."""
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        number = text[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}, line {number},", shown(_line(text, number)), "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        match = re.search(r" \(at line (\d+), column \d+\)", str(error))
        number = _last_written(text, int(match[1]) if match else text.count(b"\n") + 1)
        wish = f"write it as TOML ({str(error).split(' (at ')[0]})"
        raise ConfigError(f"{file}, line {number},", shown(_line(text, number)), wish) from error


def wrong(file: str, text: bytes, path: Iterable[str], wish: str, *, word: str = "") -> ConfigError:
    """The error about the value at *path* in *text*, at *word* in it. A row of a list has its number in the path."""
    number = _place(text, tuple(path), word)
    line = _line(text, number).strip()
    return ConfigError(f"{file}, line {number},", line if len(line) <= 80 else f"{line[:79]}…", wish)


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: what may be meant."""
    near = difflib.get_close_matches(name, tuple(known), n=1)
    return f"perhaps {near[0]} is meant" if near else "take it out"


def _place(text: bytes, path: tuple[str, ...], word: str) -> int:
    """The line in which the value at *path* begins, or the one behind that has *word*; as near as lines tell it."""
    lines = text.decode("utf-8", "replace").splitlines()
    here: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    found, depth = 1, 0
    for number, line in enumerate(lines, 1):
        if header := _HEADER.fullmatch(line):
            here = _names(header[2])
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
                here = (*here, str(counts[header[2]]))
            at = here
        elif key := _KEY.match(line):
            at = (*here, *_names(key[1]))
        else:
            continue
        if path[: len(at)] == at and len(at) > depth:
            found, depth = number, len(at)
    return next((number for number, line in enumerate(lines, 1) if number >= found and word in line), found)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple("".join(names) for names in _NAMES.findall(dotted))


def _last_written(text: bytes, number: int) -> int:
    """The last line up to `number` that is not blank: an open quotation is noticed one line too late."""
    return max((each for each in range(1, number + 1) if _line(text, each).strip()), default=number)


def _line(text: bytes, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].decode("utf-8", "replace") if number <= len(lines) else ""
