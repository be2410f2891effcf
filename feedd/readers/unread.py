"""Parts of a file that are no text of the release: page heads, notes to editors, hidden words.

They are left out, but for one thing: an embargo may stand there and nowhere else.
"""

from __future__ import annotations

import re

_HOLDING = re.compile(
    r"\bembargo|\bsperrfrist|\bnot\s+(?:for|to\s+be)\s+(?:release|publi)[a-z]*\s+(?:before|until|prior)"
    r"|\bhold\s+(?:for|until)\s+release",
    re.IGNORECASE,
)


def asks_to_hold(text: str) -> bool:
    """Whether *text* asks to keep something back."""
    return _HOLDING.search(text) is not None


def doubts(text: str) -> tuple[str, ...]:
    """Why a person must look, when *text* of such parts asks to keep the release back."""
    if not asks_to_hold(text):
        return ()
    return ("A part of the file that is not read, such as a page head or a note, speaks of an embargo.",)
