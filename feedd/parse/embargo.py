"""What asks to keep a release back, and the instant it names. What cannot be read surely is no instant.

Words of the text ask, and so do the format's own embargo, front matter, and the folder in which the drop lay.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedd.model import Paragraph, Stated, Zone
from feedd.parse import clock, days

FOLDER = "embargo"
"""The folder of the inbox whose own folders are called after an instant: ``embargo/2026-07-30T0600-0400/``."""


class Embargo(NamedTuple):
    """`text` says who asks, in their words; `until` (aware) is None where the instant cannot be read surely."""

    text: str
    until: dt.datetime | None


def of(
    paragraphs: tuple[Paragraph, ...], stated: Stated, path: str, *, day: dt.date | None, zone: str
) -> Embargo | None:
    """The embargo of a release: of several the latest instant, and none at all when one of them cannot be read.

    *day* is the day that the paper states, if it does; *zone* (IANA) the site's, for times without their own.
    """
    asked = list(_asked(paragraphs, stated, path, day, zone))
    if not asked:
        return None
    instants = [each.until for each in asked if each.until]
    text = "; ".join(dict.fromkeys(each.text for each in asked))
    return Embargo(text, max(instants) if len(instants) == len(asked) else None)


def _asked(
    paragraphs: tuple[Paragraph, ...], stated: Stated, path: str, day: dt.date | None, zone: str
) -> Iterator[Embargo]:
    words = find(paragraphs)
    if words:
        yield Embargo(words, until(words, day, zone))
    if stated.embargo:
        yield Embargo(f"embargo: {stated.embargo}", instant(stated.embargo, zone))
    folder, *below = path.split("/")
    if folder == FOLDER:
        yield Embargo(f"{FOLDER}/{below[0]}", instant(below[0], zone) if len(below) > 1 else None)


_HOUR_OF_DAY = re.compile(r"[T ]\d\d")


def instant(text: str, zone: str) -> dt.datetime | None:
    """The instant of an ISO 8601 time; one without offset is in *zone*. A day alone is no instant."""
    if not _HOUR_OF_DAY.search(text):
        return None
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else _on_the_wall(time, zone)


def _on_the_wall(time: dt.datetime, zone: str) -> dt.datetime:
    """*time* (naive) on the wall clocks of *zone*; of an hour that comes twice the later one."""
    return time.replace(tzinfo=ZoneInfo(zone), fold=1)


_WORDS = re.compile(
    r"""
      \b(?:strictly\s+)?embargo(?:ed)?\b
      (?:[^.\n]{0,80}?\b(?:until|till|to|for)\b[^\n]{0,80}|\s*:[^\n]{0,80}|[^\n]{0,40}$)
    | \bunder\s+(?:strict\s+)?embargo\b[^\n]{0,80}
    | \bnot\s+for\s+(?:release|publication)\s+(?:before|until|prior\s+to)\b[^\n]{0,80}
    | \bnot\s+to\s+be\s+(?:released|published)\s+(?:before|until|prior\s+to)\b[^\n]{0,80}
    | \bhold\s+(?:for|until)\s+release\b[^\n]{0,80}
    | \bfor\s+release\s+(?:at|on|after|until)\s+[^.\n]{0,20}?\d[^\n]{0,60}
    | \b(?:sous|levée\s+d['’e]\s*)\s*embargo\b[^\n]{0,80}
    | \bsperrfrist\b[^\n]{0,80}
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Arms embargoes and trade embargoes are news; the words that hold stand where the paper speaks of itself.
_ANYWHERE = re.compile(
    r"\b(?:strictly\s+)?embargoed\s+(?:until|till|for)\b[^\n]{0,80}|"
    r"\bunder\s+(?:strict\s+)?embargo\s+until\b[^\n]{0,80}",
    re.IGNORECASE,
)
_PREAMBLE = frozenset({Zone.LABEL, Zone.HEADLINE, Zone.SUBHEAD, Zone.DATELINE, Zone.FURNITURE})


def find(paragraphs: tuple[Paragraph, ...]) -> str | None:
    """The words that speak of an embargo, as written, or None."""
    for paragraph in paragraphs:
        text = paragraph.text
        if paragraph.zone in _PREAMBLE:
            match = _WORDS.search(text)
        else:
            match = _ANYWHERE.search(text) if "mbargo" in text or "MBARGO" in text else None
        if match:
            return match.group().strip()
    return None


_HOURS = re.compile(
    r"\b([01]\d|2[0-3])([0-5]\d)(?=\s*(?:hours|hrs|h\b|[A-Z]{2,4}T?\b|UTC|London|local))\s*(?:hours|hrs|h\b)?",
    re.IGNORECASE,
)
"""``0700 hours``: four digits, as papers for journalists write them."""


def until(text: str, day: dt.date | None, zone: str) -> dt.datetime | None:
    """The instant at which the embargo of *text* ends; *day* is the day the paper itself states, if it does.

    An hour without a clock of its own is on the clocks of *zone*. None unless exactly one instant, and at most one
    day, stand there: too late is mended, too early is not.
    """
    text = _HOURS.sub(r"\1:\2 ", text)
    found = days.find(text, day, day)
    stated = {one.day for one in found}
    hours = clock.find(text, labelled=True)
    date = next(iter(stated), day)
    doubtful = any(one.weekday_ok is False for one in found) or any(hour.zone_text and not hour.zone for hour in hours)
    if len(stated) > 1 or doubtful or date is None or any(hour.is_out_of_season(date) for hour in hours):
        return None
    instants = {
        hour.on(date) if hour.zone else _on_the_wall(hour.on(date).replace(tzinfo=None), zone) for hour in hours
    }
    return instants.pop() if len(instants) == 1 else None
