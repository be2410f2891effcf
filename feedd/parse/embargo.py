"""Words that ask to keep a release back, and the instant they name. What cannot be read surely is no instant."""

from __future__ import annotations

import datetime as dt
import re

from feedd.model import Paragraph, Zone
from feedd.parse import clock, days

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


def until(text: str, day: dt.date | None) -> dt.datetime | None:
    """The instant at which the embargo of *text* ends; *day* is the day the paper itself states, if it does.

    None unless exactly one hour with its clock, and at most one day, stand there: too late is mended, too early is not.
    """
    text = _HOURS.sub(r"\1:\2 ", text)
    found = days.find(text, day, day)
    stated = {one.day for one in found}
    hours = [hour for hour in clock.find(text, labelled=True) if hour.zone]
    date = next(iter(stated), day)
    doubtful = any(one.weekday_ok is False for one in found)
    if len(stated) > 1 or doubtful or date is None or any(hour.is_out_of_season(date) for hour in hours):
        return None
    instants = {hour.on(date) for hour in hours}
    return instants.pop() if len(instants) == 1 else None
