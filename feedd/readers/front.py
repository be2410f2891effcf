"""Front matter: lines ``key: value`` between ``---`` at the very top of a text, as site generators write them.

Only a few keys mean something here; the others belong to another program. What stands there is no text of the release.
"""

from __future__ import annotations

import re

from feedd.model import Stated

MOST_LINES = 60

_OPENING = re.compile(r"\A---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_ROW = re.compile(r"([A-Za-z][\w -]*):(?:[ \t]+(.*))?")
_FURTHER = re.compile(r"[ \t]+\S.*|-[ \t].*|#.*|[ \t]*")  # of a value above: a list, a comment, nothing


def taken(text: str) -> tuple[dict[str, str], str]:
    """The values by key in small letters, and the text below; no values, and all of *text*, where there are none."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return {}, text
    lines = text[opening.end() : closing.start()].splitlines()
    rows = [_ROW.fullmatch(line) for line in lines]
    is_front = all(row or _FURTHER.fullmatch(line) for row, line in zip(rows, lines, strict=True))
    if len(lines) > MOST_LINES or not is_front or not any(rows):
        return {}, text
    values = {row[1].strip().lower(): _bare(row[2] or "") for row in rows if row}
    return values, text[closing.end() :]


def stated(values: dict[str, str]) -> Stated:
    """What *values* say of the item."""
    return Stated(**{key: values[key] for key in ("guid", "version", "status", "date", "embargo") if values.get(key)})


def _bare(value: str) -> str:
    """A value without its quotation marks."""
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
