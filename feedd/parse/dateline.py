"""Dates as releases write them, and the dateline that opens the lead: place, wire marker, date, separator."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple

from feedd.model import Dateline

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv januar enero ene",
            "february feb février févr fevrier februar febrero",
            "march mar mars märz maerz marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juin juni junio",
            "july jul juillet juil juli julio",
            "august aug août aout agosto ago",
            "september sep sept septembre septiembre setiembre",
            "october oct octobre oktober okt octubre",
            "november nov novembre noviembre",
            "december dec décembre decembre dezember dez diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"\d{1,2}"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"

DATE = re.compile(
    rf"""
      \b{_WEEKDAY}(?P<m1>{_MONTH})\s*(?P<d1>{_DAY})(?:st|nd|rd|th)?\b,?\s*(?P<y1>\d{{4}}|['’]\d\d)\b
    | \b(?P<d2>{_DAY})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?(?P<m2>{_MONTH}),?\s+(?:de\s+)?(?P<y2>\d{{4}}|['’]\d\d)\b
    | \b(?P<y3>\d{{4}})-(?P<m3>\d\d)-(?P<d3>\d\d)\b
    | \b(?P<d4>{_DAY})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>\d{{4}})\b
    | \b(?P<m5>\d{{1,2}})/(?P<d5>{_DAY})/(?P<y5>\d{{4}}|\d\d)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

_FILE_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<gap>[-_.]?)(?P<m>[01]\d)(?P=gap)(?P<d>[0-3]\d)(?!\d)")

_WIRE_NAMES = (
    r"news\s?media\s?wire|new\s?media\s?wire|globe\s?newswire|business\s?wire|pr\s?newswire|prism\s?mediawire|newsfile|"
    r"access\s?(?:wire|newswire)|the\s?newswire|cnw|canada\s?newswire|marketwired?|ccnmatthews|marketwire|eqs|dgap|"
    r"news\s?direct|reportable|newsworthy|ein\s?presswire|prweb|rns|send2press|issuewire|citybiz|bw\s?healthwire"
)
_SEPARATOR = r"\s*(?:[-–—:|]\s*){1,3}"
_WIRE = (
    rf"(?:\([^()\n]{{0,30}}(?:{_WIRE_NAMES})[^()\n]{{0,60}}\)"
    rf"|/[^/\n]{{0,40}}(?:{_WIRE_NAMES})[^/\n]{{0,40}}/"
    rf"|(?:{_WIRE_NAMES})\b(?:\s\([^()\n]{{2,90}}\))?)"
)
WIRE = re.compile(_WIRE, re.IGNORECASE)

_YEAR = re.compile(r"\d{4}|['’]\d\d|/\d")
"""What every date contains; cheap to look for before the forms are."""

_WIRE_ROOTS = (
    "wire cnw newsfile marketwi ccnm eqs dgap direct reportable newsworthy prweb rns send2press citybiz".split()
)
"""Every wire's name holds one of these; cheap to look for before the forms are."""

_WORD = r"(?:[A-ZÀ-Þ][\w.'’-]*|and|et|de|la|le|du|des|of|the|am|an|der|upon|sur|&|St\.)"
_ARTICLE = re.compile(r"[\s,]+(?:le|den|am|el)$")  # of the date behind it: "MONTRÉAL, le 6 mai"
_PLACE = re.compile(rf"{_WORD}(?:[\s,/]+{_WORD}){{0,9}}")
_BEFORE = re.compile(rf"\s*(?P<place>{_PLACE.pattern})?[\s,–—:|-]*(?P<wire>(?i:{_WIRE}))?[\s,–—:|-]*(?:le\s+|den\s+)?")
_AFTER = re.compile(
    rf"[,.]?(?P<wire>{_SEPARATOR}(?i:{_WIRE})|\s*(?i:{_WIRE})|\s*\([^()\n]{{2,60}}\)|"
    rf"\s*/[^/\n]{{2,60}}/)?(?P<sep>{_SEPARATOR})?"
)

LONGEST = 160
"""Characters in which a dateline's date or wire marker must begin."""

_READ = 4 * LONGEST
"""Characters that are read: date, wire and separator end within them."""


class Opening(NamedTuple):
    """A dateline as found; `end` is where the news begins, `day` None where it states none."""

    dateline: Dateline
    day: dt.date | None
    end: int


def find_date(text: str) -> dt.date | None:
    """The first date in *text*."""
    for match in DATE.finditer(text):
        day = as_date(match)
        if day:
            return day
    return None


def as_date(match: re.Match[str]) -> dt.date | None:
    """The day that a match of `DATE` names; None when the calendar has no such day."""
    found = {key[0]: value for key, value in match.groupdict().items() if value}
    return _day(found["y"], found["m"], found["d"])


def file_name_date(name: str) -> dt.date | None:
    """The date in a file's name: ``2014-05-06``, ``20140506``."""
    for match in _FILE_NAME.finditer(name):
        day = _day(match["y"], match["m"], match["d"])
        if day:
            return day
    return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    digits = year.strip("'’")
    number = MONTHS.get(month.rstrip(".").lower()) or int(month)
    try:
        return dt.date(int(digits) + (2000 if len(digits) == 2 else 0), number, int(day))
    except ValueError:
        return None


def find(text: str) -> Opening | None:
    """The dateline that opens a paragraph's *text*; None when it opens with something else."""
    return _find(text[:_READ])


@lru_cache(maxsize=32)  # headline, date, summary and events ask for the dateline of the same lead
def _find(text: str) -> Opening | None:
    return _with_date(text) or _with_wire_only(text)


def _with_date(text: str) -> Opening | None:
    match = DATE.search(text, 0, LONGEST + 40) if _YEAR.search(text, 0, LONGEST + 40) else None
    if match is None or match.start() > LONGEST:
        return None
    before = _BEFORE.fullmatch(text, 0, match.start())
    after = _AFTER.match(text, match.end())
    if before is None or after is None or not (after["sep"] or after["wire"] or before["wire"]):
        return None
    wire = before["wire"] or after["wire"]
    return _opening(before["place"], wire, match.group(), after, as_date(match))


def _with_wire_only(text: str) -> Opening | None:
    opening = text[:LONGEST].lower()
    match = WIRE.search(text, 0, LONGEST) if any(word in opening for word in _WIRE_ROOTS) else None
    if match is None:
        return None
    before = _BEFORE.fullmatch(text, 0, match.start())
    after = _AFTER.match(text, match.end())
    if before is None or after is None or not (after["sep"] or match.start() == 0):
        return None
    within = DATE.search(match.group())  # (Marketwired - May 6, 2014)
    if within is None:
        return _opening(before["place"], match.group(), None, after, None)
    wire = match.group()[: within.start()]
    return _opening(before["place"], wire, within.group(), after, as_date(within))


def _opening(
    place: str | None, wire: str | None, date_text: str | None, after: re.Match[str], day: dt.date | None
) -> Opening:
    city, _, region = _ARTICLE.sub("", place or "").strip(" ,–—-").partition(",")
    dateline = Dateline(
        city=city.strip() or None,
        region=region.strip() or None,
        wire=(wire or "").strip(" -–—:|/()") or None,
        date_text=date_text,
        separator=after["sep"] or None,
    )
    return Opening(dateline, day, after.end())
