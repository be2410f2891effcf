"""Which names are never taken: hidden ones, and those that editors, browsers and sync tools use on the way."""

from __future__ import annotations

DEEPEST = 16  # folders below the inbox

TEMPORARY_ENDINGS = (
    "~",
    ".tmp",
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".swx",
    ".lock",
)
TEMPORARY_STARTS = (".", "~$", "#")
SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini", "@eadir"})


def is_wanted(name: str) -> bool:
    """Not hidden, and not a temporary name."""
    low = name.lower()
    return not (low.startswith(TEMPORARY_STARTS) or low.endswith(TEMPORARY_ENDINGS) or low in SYSTEM_NAMES)


def is_wanted_path(raw: str) -> bool:
    """The same for every part of a path below the inbox, which is not too deep either."""
    return raw.count("/") <= DEEPEST and all(map(is_wanted, raw.split("/")))
