"""Days as prose names them: with or without a year, with a weekday to check, today, tomorrow.

The days of periods ("the quarter ended June 30"), payments and records are left out: nothing happens on them.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from feedd.parse import dateline

LONGEST_WAIT = dt.timedelta(days=200)
"""A day without a year is the next one of its name; one further ahead than this is rather one that has passed."""

_LOWER = sorted(dateline.MONTHS, key=len, reverse=True)
_MONTH = "(?:" + "|".join([*map(str.title, _LOWER), *map(str.upper, _LOWER)]) + ")"  # "may" and "mar" are words too
_ANY_MONTH = "(?:" + "|".join([_MONTH, *_LOWER]) + ")"
_TH = "(?:st|nd|rd|th|ST|ND|RD|TH)?"


def _year(name: str) -> str:
    return rf"(?:,?\s*(?:de\s+)?(?P<{name}>20\d\d)(?!\d))?"


_DAY = re.compile(
    rf"""
    (?=[A-Z\dtle])(?:  # every form begins with one of these: a cheap question at each character
      (?<![A-Za-z])(?P<m1>{_MONTH})\.?\s*(?P<d1>\d{{1,2}})(?!\d){_TH}(?:\s?[-–]\s?\d{{1,2}}{_TH}(?!\d))?{_year("y1")}
    | (?<![\d.,:$€£])(?P<d2>\d{{1,2}})(?:{_TH}|\.|er)\s?(?:[-–]\s?\d{{1,2}}{_TH}\.?\s?)?\s?(?:of\s+|de\s+)?
      (?P<m2>{_ANY_MONTH})(?![a-z])\.?{_year("y2")}
    | (?<!\d)(?P<y3>20\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)(?!\d)
    | (?<![\d.])(?P<d4>\d{{1,2}})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>20\d\d)(?!\d)
    | (?P<today>(?<=call\s)today\b|(?<=webcast\s)today\b|(?<=[TmM.]\s)today\b|(?<=[TmM.],\s)today\b
      |\b[Tt]oday,?\s+(?=at\s+\d|(?:Mon|Tues|Wednes|Thurs|Fri)day)|\b(?:later|earlier)\s+today\b
      |\bthis\s+(?:morning|afternoon|evening)\b)
    | (?P<tomorrow>\btomorrow\b(?!['’]s))
    )
    """,
    re.VERBOSE,
)

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lundi montag lunes",
            "tuesday tues tue mardi dienstag martes",
            "wednesday wed weds mercredi mittwoch miércoles",
            "thursday thurs thur thu jeudi donnerstag jueves",
            "friday fri vendredi freitag viernes",
            "saturday sat samedi samstag sábado",
            "sunday sun dimanche sonntag domingo",
        )
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_BEFORE = re.compile(rf"({_NAMES})\b\.?,?\s*(?:the\s+|le\s+|den\s+)?$", re.IGNORECASE)
_AFTER = re.compile(rf"\s*[,(]\s*({_NAMES})\b", re.IGNORECASE)

_NO_EVENT = re.compile(
    r"\b(?:ended|ending|ends|as\s+of|as\s+at|dated|payable|paid|due|since|record(?:\s+date)?"
    r"(?:\s+of|\s+on)?|close\s+of\s+business|"
    r"filed|approved|effective|expir\w+|announced|issued|presented|commenc\w+|mailed|"
    r"press\s+release\s+of|news\s+release\s+of|"
    r"between|zum|clos)\s*(?:by|for|of|at|on|the|le)?\s*(?:\w+day,?\s*)?$",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till|through|thru|to|no\s+later\s+than|prior\s+to|up\s+to|bis|"
    r"jusqu['’]au)\s*(?:the\s+end\s+of\s+|midnight\s+on\s+|and\s+including\s+)?"
    r"(?:\w{3,9}day,?\s*)?$",
    re.IGNORECASE,
)
_MOVED_TO = re.compile(
    r"\b(?:moved|changed|rescheduled|postponed|brought\s+forward|deferred|now)"
    r"\b[^.;]{0,90}\bto\s*(?:\w{3,9}day,?\s*)?$|\b(?:for|has|from)"
    r"\b[^.;]{0,60}\bto\s*(?:\w{3,9}day,?\s*)?$",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previously|originally|initially|formerly|earlier|first)\s+(?:been\s+)?(?:scheduled|"
    r"announced|planned|set|expected|communicated|slated)"
    r"\b(?:(?!\b(?:to|will|now|is|has|was)\b)[^,;]){0,45}$"
    r"|\b(?:instead\s+of|rather\s+than|from|not)\s+(?:on\s+)?(?:\w{3,9}day,?\s*)?$",
    re.IGNORECASE,
)
_REACH = 110
"""Characters before a day that say what it is for."""


class Day(NamedTuple):
    """A day as written at ``[start, end)``. `is_deadline`: until or by it; `is_earlier`: it stood before a change."""

    start: int
    end: int
    day: dt.date
    text: str
    weekday_text: str | None
    year_inferred: bool
    is_deadline: bool
    is_earlier: bool

    @property
    def weekday_ok(self) -> bool | None:
        """Whether the stated weekday is that of the day; None where none is stated."""
        if self.weekday_text is None:
            return None
        return _WEEKDAYS[self.weekday_text.lower()] == self.day.weekday()


def find(text: str, today: dt.date | None, since: dt.date | None = None) -> list[Day]:
    """The days in *text*, in order, that something may happen on.

    `today` is the paper's own day. Where that is not known, days without a year are the next ones after *since*, and
    are left out without that too.
    """
    return [found for match in _DAY.finditer(text) if (found := _day(match, today, since or today)) is not None]


def _day(match: re.Match[str], today: dt.date | None, since: dt.date | None) -> Day | None:
    text = match.string
    before = text[max(0, match.start() - _REACH) : match.start()]
    if _NO_EVENT.search(before):
        return None
    day, inferred = _date(match, today, since)
    if day is None:
        return None
    named = _BEFORE.search(before) or _AFTER.match(text, match.end())
    is_relative = bool(match["today"] or match["tomorrow"])
    return Day(
        start=match.start(),
        end=match.end(),
        day=day,
        text=match.group(),
        weekday_text=named[1] if named and not is_relative else None,
        year_inferred=inferred,
        is_deadline=bool(_DEADLINE.search(before)) and not _MOVED_TO.search(before),
        is_earlier=bool(_EARLIER.search(before)),
    )


def _date(match: re.Match[str], today: dt.date | None, since: dt.date | None) -> tuple[dt.date | None, bool]:
    """The day, and whether its year had to be inferred."""
    if match["today"] or match["tomorrow"]:
        return today and today + dt.timedelta(days=1 if match["tomorrow"] else 0), False
    found = {key[0]: value for key, value in match.groupdict().items() if value and key[1:].isdigit()}
    month = dateline.MONTHS.get(found["m"].lower()) or int(found["m"])
    if "y" in found:
        return _calendar(int(found["y"]), month, int(found["d"])), False
    return since and _next(month, int(found["d"]), since), True


def _next(month: int, day: int, since: dt.date) -> dt.date | None:
    """The next day of this name, from *since* on; None when it is so far ahead that the last one is meant."""
    for year in (since.year, since.year + 1):
        found = _calendar(year, month, day)
        if found and found >= since:
            return found if found - since <= LONGEST_WAIT else None
    return None


def _calendar(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
