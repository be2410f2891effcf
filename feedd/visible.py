"""Words from outside as they may reach a terminal, a log line, a record: what would steer it is shown, not obeyed.

A file's name may hold any byte but two. One with an escape sequence could move a cursor, hide a line or forge another.
"""

from __future__ import annotations

import os
import re

_STEERING = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters; the line end has its own rule below
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading direction
    "\u2028\u2029"  # line ends by another name
    "\ud800-\udfff"  # bytes that were no UTF-8: no terminal can print them
)
_IN_TEXT = re.compile(f"[{_STEERING}]")
_IN_NAME = re.compile(f"[\n{_STEERING}]")
_WRITTEN = re.compile(r"\\(?:\\|x([0-9a-f]{2})|u([0-9a-f]{4}))")
_SHORT = 0x100  # characters below are written \x1b, those above \u202e
_SHORT_IN_NAME = 0x80  # there \x80 and above are bytes that are no UTF-8


def visible(text: str) -> str:
    """*text* with its line ends, and every other character that steers a terminal written as ``\\x1b``."""
    return _IN_TEXT.sub(_written, text)


def visible_name(raw: str) -> str:
    """A path as text on one line, whatever bytes it has: those that are no UTF-8 show as ``\\xff``.

    Different paths stay different: a backslash of the name's own is doubled. Else a file called ``a\\xff`` would pass
    for another whose name holds that byte, and replace its release.
    """
    if raw.isprintable() and "\\" not in raw:
        return raw  # nearly all are, and a rescan asks for each
    text = os.fsencode(raw.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
    return _IN_NAME.sub(_written_in_name, text)


def raw_name(shown: str) -> str:
    """The path that `visible_name` shows as *shown*, as the system spells it."""
    return _WRITTEN.sub(_unwritten, shown)


def visible_json(text: str) -> str:
    """JSON with the same characters as ``\\u001b``: it reads back as it was."""
    return _IN_TEXT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _written(match: re.Match[str]) -> str:
    return _escape(ord(match[0]), _SHORT)


def _written_in_name(match: re.Match[str]) -> str:
    return _escape(ord(match[0]), _SHORT_IN_NAME)


def _escape(code: int, short: int) -> str:
    return f"\\x{code:02x}" if code < short else f"\\u{code:04x}"


def _unwritten(match: re.Match[str]) -> str:
    byte, character = match.groups()
    if byte:
        return os.fsdecode(bytes([int(byte, 16)]))
    return chr(int(character, 16)) if character else "\\"
