"""Hours of the day with the clock they are meant in: ``11:00 a.m. Eastern (8:00 a.m. Pacific)``, ``16.00 CET``.

A word such as "Eastern" or "ET" means a place's clock; letters of the wrong season (EST in July) mean it too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedd.parse import tables

SAYS_AN_HOUR = re.compile(r"\d\s?[ap]\.?\s?m\b|\d(?:[:.]|\s?h\s?)[0-5]\d|\bnoon\b|\d\s?uhr\b", re.IGNORECASE)
"""What every hour contains; asked before the costly form."""

_EARLIEST = 8
"""Bare hours from here on to noon are the morning's where people count to twelve: "8:30 ET", but not "4:30 ET"."""


class Clock(NamedTuple):
    """An hour as written at ``[start, end)``; `zone` is an IANA name, None where no word says it.

    `season` is "standard" or "daylight" where the word names one half of the year.
    """

    start: int
    end: int
    time: dt.time
    text: str
    zone: str | None
    zone_text: str | None
    season: str | None

    def on(self, day: dt.date) -> dt.datetime:
        """The instant of this hour on *day*; asks for a zone to be there."""
        return dt.datetime.combine(day, self.time, ZoneInfo(self.zone or "UTC"))

    def is_out_of_season(self, day: dt.date) -> bool:
        """Whether the word names the other half of the year than *day* lies in."""
        if self.season is None or self.zone in (None, "UTC"):
            return False
        return (self.season == "daylight") != bool(self.on(day).dst())


def find(text: str, home: str | None = None, *, labelled: bool = False) -> list[Clock]:
    """The hours in *text*, in order; `home` (IANA) is the clock of the place where the paper was written.

    With `labelled` ("Time: 16:30") an hour needs no further word to be one.
    """
    if not SAYS_AN_HOUR.search(text):
        return []
    return [clock for match in _form().finditer(text) if (clock := _clock(match, home, labelled)) is not None]


def home(places: Iterable[str | None]) -> str | None:
    """The clock (IANA) of the first of *places* that is known to have one: names of cities and countries."""
    names = _homes()
    return next((names[place.lower()] for place in places if place and place.lower() in names), None)


def _clock(match: re.Match[str], home: str | None, labelled: bool) -> Clock | None:
    zone_text = match["zone"]
    zone = _zone(zone_text, home) if zone_text else None
    time = _time(match, zone, is_sure=bool(zone_text) or labelled)
    if time is None:
        return None
    season = _season(zone_text) if zone_text else None
    return Clock(match.start(), match.end(), time, match.group().strip(" ,(["), zone, zone_text, season)


def _time(match: re.Match[str], zone: str | None, *, is_sure: bool) -> dt.time | None:
    if match["noon"]:
        return dt.time(12)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = match["half"] or match["half2"]
    if half:
        if hour <= 12:
            hour = hour % 12 + (12 if half.lower() == "p" else 0)
    elif not _is_whole(match, zone, is_sure=is_sure):
        return None
    return dt.time(hour, minute) if hour < 24 else None


def _is_whole(match: re.Match[str], zone: str | None, *, is_sure: bool) -> bool:
    """Whether an hour without "a.m." or "p.m." can only mean one hour of the day."""
    if not match["hours"] and not (match["minute"] and is_sure):
        return False
    is_early = 0 < int(match["hour"]) < _EARLIEST and not match["hour"].startswith("0")
    return not (is_early and _counts_to_twelve(zone))


def _counts_to_twelve(zone: str | None) -> bool:
    return zone is None or zone.startswith("America/")


def _zone(text: str, home: str | None) -> str | None:
    ambiguous = tables.load("events.toml")["ambiguous"]
    if text in ambiguous:
        return home if home in ambiguous[text] else None
    return _letters().get(text) or _words().get(_bare(text))


def _season(text: str) -> str | None:
    by_letters = tables.load("events.toml")["seasons"]
    for season in ("standard", "daylight"):
        if text in by_letters[season] or season in text.lower():
            return season
    return "daylight" if "summer" in text.lower() else None


_SUFFIX = re.compile(r"(?:[\s-]+(?:standard|daylight|summer|savings?|prevailing|time|zone))+$")


def _bare(text: str) -> str:
    return _SUFFIX.sub("", " ".join(text.lower().split()))


@cache
def _letters() -> dict[str, str]:
    return {letters: row["iana"] for row in tables.load("events.toml")["zone"] for letters in row.get("letters", [])}


@cache
def _words() -> dict[str, str]:
    return {word: row["iana"] for row in tables.load("events.toml")["zone"] for word in row["words"]}


@cache
def _homes() -> dict[str, str]:
    return {place: zone for zone, places in tables.load("events.toml")["home"].items() for place in places}


@cache
def _form() -> re.Pattern[str]:
    """One hour with its zone. Exports glue words ("CESTDuration"), so letters end before a capitalised word too."""
    words = "|".join(map(re.escape, sorted(_words(), key=len, reverse=True)))
    letters = [*_letters(), *tables.load("events.toml")["ambiguous"]]
    short = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
    zone = (
        rf"(?:(?i:{words})\b(?:[\s-]+(?i:standard|daylight|summer|savings?|prevailing))*(?:\s+(?i:time))?"
        rf"|(?:{short})(?![a-z])(?![A-Z](?![a-z])))"
    )
    return re.compile(
        rf"""
        (?:(?P<noon>\b(?:12(?::00)?\s*(?:p\.?m\.?)?\s*)?\(?(?:[Nn]oon|NOON|midday)\b\)?)
          |(?<![\d.,:/$€£%])(?P<hour>[01]?\d|2[0-3])(?:(?:[:.]|\s?h\s?)(?P<minute>[0-5]\d))?(?![\d%])
           (?:\s*(?P<half>[apAP])\.?\s?[mM]\b\.?)?
           (?:\s?(?P<hours>(?i:hrs?|hours|uhr|o['’]clock))\b\.?)?
        )
        (?:\s*(?:-|–|—|to|until)\s*\d{{1,2}}(?:[:.][0-5]\d)?(?:\s*(?P<half2>[apAP])\.?\s?[mM]\b\.?)?)?
        (?:\s*,?\s*[(\[]?\s*(?:(?:U\.?S\.?|US|North\sAmerican|local)\s+)?(?P<zone>{zone}))?
        """,
        re.VERBOSE,
    )
