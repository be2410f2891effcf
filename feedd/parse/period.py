"""The fiscal period of the results that a release reports or announces, in the words it uses.

Comparisons ("up from the third quarter of 2013") and outlooks name periods too; those are not the release's own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from feedd.model import BlockKind, FiscalPeriod, Paragraph, Zone
from feedd.parse import dateline, guards, sentences

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "premier": 1, "1er": 1, "deuxième": 2, "2e": 2, "troisième": 3, "3e": 3, "quatrième": 4, "4e": 4,
    "erste": 1, "erstes": 1, "ersten": 1, "1.": 1, "zweite": 2, "zweites": 2, "zweiten": 2, "2.": 2,
    "dritte": 3, "drittes": 3, "dritten": 3, "3.": 3, "vierte": 4, "viertes": 4, "vierten": 4, "4.": 4,
    "primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4,
}  # fmt: skip
_ORDINAL = "(?:" + "|".join(map(re.escape, sorted(_ORDINALS, key=len, reverse=True))) + ")"

_MONTHS = {  # from and to, by their first letters → kind and number
    ("jan", "mar"): ("quarter", 1), ("apr", "jun"): ("quarter", 2), ("jul", "sep"): ("quarter", 3),
    ("oct", "dec"): ("quarter", 4), ("jan", "jun"): ("half", 1), ("jul", "dec"): ("half", 2),
    ("jan", "sep"): ("nine", None), ("jan", "dec"): ("full", None),
}  # fmt: skip
_MONTH = {
    "ene": "jan", "avr": "apr", "abr": "apr", "jui": "jun", "okt": "oct", "mär": "mar", "mrt": "mar",
    "dez": "dec", "déc": "dec", "dic": "dec",
}  # fmt: skip
"""First letters of months in other languages → English ones. A French July is *juil* beside *juin*."""

_YEAR = r"(?:(?:FY\s?)?(?:20|19)\d\d(?:\s?[/-]\s?\d\d(?:\d\d)?)?|(?:FY\s?|['’])\d\d)(?!\d|%|[.,]\d)"
_KIND = rf"""(?=[acdefghijnopqstvyz1-9'’])(?:  # every form begins with one of these: a cheap question
      (?P<quarter>{_ORDINAL})[\s-]+(?:fiscal[\s-]+|financial[\s-]+)?(?:quarters?|trimestre|quartals?|kvartal)\b
    | \b[QT](?P<q>[1-4])(?![\d-])(?!\s?[-–]\s?Q?\d) | \b(?P<q2>[1-4])Q(?=\b|\d\d)
    | (?P<half>{_ORDINAL})[\s-]+(?:fiscal[\s-]+)?(?:half(?:[\s-]+years?)?|halves|semestre|halbjahrs?|halbjahres)\b
    | \bH(?P<h>[12])\b | \b(?P<h2>[12])H(?=\b|\d\d) | \b(?P<half_year>half[\s-]?year(?:ly)?|interim\s+results|
    semestriels?|halbjahres\w+|six[\s-]months?)\b
    | \b(?:1(?:er|st|\.)?\s+)?(?P<from>jan|ene|apr|avr|abr|juil|jul|o[ck]t)[a-zéûä]*\.?(?:\s+1(?:st)?)?
      \s*(?:[-–—/]|\b(?:to|through|until|till|bis|à|au|al?|till\s+och\s+med|t/m)\b)\s*(?:3[01](?:th|st|\.)?\s+)?
      (?P<to>mar|mär|mrt|jun|juin|sep|de[cz]|déc|dic)[a-zéûä]*\.?(?:\s+3[01](?:th|st)?\b)?
    | \b(?P<nine>9M\b|Q1\s?[-–]\s?Q?3\b|(?:first\s+)?nine[\s-]months?\b|neun\s+monate|neuf\s+(?:premiers\s+)?mois)
    | \b(?P<three>three[\s-]months?|trois\s+(?:premiers\s+)?mois|quarter)(?=\s+(?:period\s+)?(?:ended|ending|
    that\s+ended))
    | \b(?P<full>full[\s-](?:fiscal[\s-]|financial[\s-])?year|year[\s-]end|twelve[\s-]months|(?:fiscal|
    financial)(?:\s+year)?(?=\s+(?:year\s+)?(?:ended\b|{_YEAR}))|FY(?=\s?\d)|
    annual(?=\s+(?:{_YEAR}\s+)?(?:financial\s+)?(?:results|earnings|report|figures|statements|accounts))|
    years?(?=\s+end(?:ed|ing)\b)|financial\s+year|geschäftsjahr|exercice|(?:{_YEAR})(?=\s+(?:annual|
    year[\s-]end)\b))
    )"""
_BETWEEN = r"""(?:\s*(?:&|and|et|und|/|,|\(|of|for|the|its|de|du|des|l['’]exercice|im|des\s+jahres|fiscal|financial|
    full|calendar|first|half|nine|six|twelve|year(?:[\s-]end|[\s-]to[\s-]date)?|exercice|geschäftsjahr\w*|months?|period|
    unaudited|preliminary|consolidated|results|report|earnings|revenues?|sales|operating|statement|ended|ending|
    quarter|FY|Q4|9M|H1|six-month|nine-month)\b\.?|\s*[&/,(–-])"""
_PERIOD = re.compile(_KIND, re.IGNORECASE | re.VERBOSE)
_YEAR_BEHIND = re.compile(rf"{_BETWEEN}{{0,8}}?\s*(?P<year>{_YEAR})", re.IGNORECASE | re.VERBOSE)
_YEAR_BEFORE = re.compile(rf"(?<![\w.,])(?P<year>{_YEAR})[\s-]+(?:(?:fiscal|financial|full)[\s-]+)?$", re.IGNORECASE)
_ENDED = re.compile(
    rf"[^.;]{{0,60}}?\b(?:ended|ending|clos|zum)\b\s*(?:on\s+|le\s+)?(?P<date>{dateline.DATE.pattern})",
    re.IGNORECASE | re.VERBOSE,
)
_GUARD = (
    "quart", "half", "halb", "month", "mois", "monate", "year", "annual", "fiscal", "trimestre", "semestr", "exercice",
    "geschäftsjahr", "interim", "kvartal",
)  # fmt: skip
_SHORT_GUARD = re.compile(r"[qthf1-9](?<!\w.)(?:(?<=[qt])[1-4]|(?<=[1-4])q|(?<=h)[12]|(?<=[12])h|(?<=9)m|(?<=f)y)")
_SPAN_GUARD = re.compile(
    r"\b(?:jan|ene|a[pvb]r|jui?l|o[ck]t)[a-zéûä]*\.?(?:\s+1(?:st)?)?\s*(?:[–—/-]|\b(?:to|th|un|ti|bi|à|au?|al|t/)[a-z]*)"
)
"""Small words one of which every period contains, or the months of a span."""

_CUE = re.compile(
    r"\b(?:results?|earnings|figures|revenues?|sales|profit\w*|income|loss|ebitda\w*|turnover|margins?|performance|"
    r"reports?\b|reporting|statements?|financials?|conference\s+call|investor\s+call|webcast|résultats|"
    r"ergebnis\w*|umsatz\w*|zahlen|resultados|"
    r"quarterly\s+(?:results|report|statement)|records?|growth|quartals\w+|halbjahres\w+)",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"\b(?:results|earnings|figures|financial\s+statements?|quarterly\s+statement|(?:half-?year(?:ly)?|interim)\s+report|"
    r"résultats|ergebnisse|"
    r"zahlen|resultados|revenues?|net\s+(?:income|loss|sales)|profit)\b",
    re.IGNORECASE,
)
_NOT_OWN = re.compile(
    r"\b(?:outlook|guidance|forecasts?|targets?|expects?|expected|expectations|anticipates?|plans?|budget|"
    r"compared|versus|vs\.?|"
    r"against|from|over|prior|since|previous|same|until|by\s+the\s+end|by|late|early|before|in\s+or\s+around|"
    r"dividend|end\s+of|start\s+of|during)\b(?:(?!\b(?:following|after|preliminary|reports?|"
    r"on)\b)[^.,;:]){0,45}$",
    re.IGNORECASE,
)
_NOT_RESULTS = re.compile(
    r"[^.;,]{0,24}\b(?:dividends?|distributions?|guidance|outlook|forecast|meeting)\b|\s+(?:plans?|targets?|budget)\b",
    re.IGNORECASE,
)

_NEAR = 320
"""Characters of the lead in which a results release names its period."""

_CLOSE = 10
"""Characters between two periods of one enumeration."""

_QUARTER_ENDS = {3: 1, 6: 2, 9: 3, 12: 4}


class _Found(NamedTuple):
    kind: str  # "quarter", "half", "nine", "three", "full"
    number: int | None
    year: int | None
    end: dt.date | None
    text: str
    order: int


def find(paragraphs: Sequence[Paragraph], news: str, day: dt.date) -> FiscalPeriod | None:
    """The period, from the headline before the decks and the lead's first sentences (*news*); *day* is the release's.

    A year that is not stated is the last one in which the period was over on *day*.
    """
    title = _joined(paragraphs, Zone.HEADLINE)
    decks = _joined(paragraphs, Zone.SUBHEAD)
    lead = news[: max(_NEAR, sentences.first_end(news[: 3 * _NEAR]))]
    in_decks = _of(decks[:600], _RESULTS)
    stated = _of(title, _CUE) or in_decks
    in_lead = _of(lead, _RESULTS)
    found = stated or (in_lead if _speaks_of_results(title, lead) else None)
    if found is None:
        found = _of_table_heads(paragraphs) if _RESULTS.search(title) else _to_come(paragraphs)
    if found is None:
        return None
    return _completed(found, [other for other in (in_decks, in_lead) if other], day)


def _joined(paragraphs: Sequence[Paragraph], zone: Zone) -> str:
    return " ".join(p.text for p in paragraphs if p.zone is zone)


_TITLE_CUE = re.compile(
    r"\b(?:results|earnings|financial|quarter\w*|half|year|revenues?|sales|profit\w*|report(?:s|ing)?|figures|"
    r"call|webcast|growth|ebitda|"
    r"résultats|ergebnis\w*|zahlen|preliminary|turnaround)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:results|earnings|financial\s+statements?|figures|résultats|ergebnisse|zahlen)\b.{0,80}\b(?:for|of|"
    r"ended|du|für)\b|\b(?:quarter|half|year|Q[1-4]|H1|9M|months)\b.{0,60}\b(?:results|earnings|figures)\b",
    re.IGNORECASE,
)


def _speaks_of_results(title: str, lead: str) -> bool:
    return bool(_TITLE_CUE.search(title) and _RESULTS.search(lead)) or False


def _of(text: str, cue: re.Pattern[str]) -> _Found | None:
    """The period that *text* names: a quarter before a half before longer ones, each the first of its kind."""
    if not _may_name_one(text) or not cue.search(text):
        return None
    found = list(_all(text))
    return min(found, key=lambda one: one.order, default=None)


def _may_name_one(text: str) -> bool:
    small = text.lower()
    is_short = _SHORT_GUARD.search(small) or _SPAN_GUARD.search(small)
    return is_short is not None or guards.holds(small, _GUARD)


def _all(text: str) -> Iterator[_Found]:
    last_end, is_own = 0, True
    for match in _PERIOD.finditer(text):
        if match["from"] and (_month(match["from"]), _month(match["to"])) not in _MONTHS:
            continue
        gap = text[max(last_end, match.start() - 60) : match.start()]
        behind = _YEAR_BEHIND.match(text, match.end())
        last_end = behind.end() if behind else match.end()
        goes_on = is_own or len(gap) > _CLOSE  # "guidance for the third quarter and the full year"
        is_own = goes_on and not _NOT_OWN.search(gap) and not _NOT_RESULTS.match(text, last_end)
        if is_own:
            yield _read(text, match, text[max(0, match.start() - 60) : match.start()], behind)


def _read(text: str, match: re.Match[str], before: str, behind: re.Match[str] | None) -> _Found:
    kind, number = _kind(match)
    ahead = _YEAR_BEFORE.search(before)
    start = match.start() - (len(before) - ahead.start() if ahead else 0)
    chosen = ahead or behind
    ended = _ENDED.match(text, match.end())
    end = dateline.find_date(ended["date"]) if ended else None
    stop = match.end() if ahead or behind is None else behind.end()
    if chosen is behind and ended and behind and ended.end() >= behind.end() > ended.start("date"):
        chosen, stop = None, ended.end()  # the year of a date
    return _Found(
        kind,
        number,
        _year(chosen["year"]) if chosen else None,
        end,
        text[start:stop],
        ("quarter", "three", "half", "nine", "full").index(kind),
    )


def _kind(match: re.Match[str]) -> tuple[str, int | None]:
    quarter = match["q"] or match["q2"]
    half = match["h"] or match["h2"]
    if match["quarter"]:
        return "quarter", _ORDINALS[match["quarter"].lower()]
    if quarter:
        return "quarter", int(quarter)
    if match["half"]:
        return "half", min(2, _ORDINALS[match["half"].lower()])
    if half:
        return "half", int(half)
    if match["half_year"]:
        return "half", 1
    if match["from"]:
        return _MONTHS[_month(match["from"]), _month(match["to"])]
    if match["three"]:
        return "three", None
    return ("nine", None) if match["nine"] else ("full", None)


def _month(text: str) -> str:
    """The English first letters of a month by those of another language."""
    first = text.lower()
    return "jul" if first == "juil" else _MONTH.get(first[:3], first[:3])


def _year(text: str) -> int:
    """The year of ``2014``, ``FY14``, ``'14``, or the last one of ``2013/14``."""
    first, _, last = re.sub(r"[^\d/-]", "", text).replace("-", "/").partition("/")
    if last:
        return int(last) if len(last) == 4 else int(first[:2] + last)
    return int(first) if len(first) == 4 else 2000 + int(first)


def _of_table_heads(paragraphs: Sequence[Paragraph]) -> _Found | None:
    """The period that the head of the first table, or the first headings, name."""
    heads = [p.text[:120] for p in paragraphs if p.zone is Zone.BODY and p.kind in (BlockKind.TABLE, BlockKind.HEADING)]
    return next((found for found in (_of(text, _ANY) for text in heads[:4]) if found), None)


_ANY = re.compile("")
_TO_COME = re.compile(r"will(?<!\wwill)\s+(?:release|announce|report|publish|issue)\b[^.]{0,120}")
"""Letters ahead of their edge are fast to look for."""


def _to_come(paragraphs: Sequence[Paragraph]) -> _Found | None:
    """The period of results that a release on something else announces by the way."""
    said = (match.group() for p in paragraphs if p.zone is Zone.BODY for match in _TO_COME.finditer(p.text))
    return next((found for found in (_of(text, _RESULTS) for text in said) if found), None)


def _completed(found: _Found, others: Sequence[_Found], day: dt.date) -> FiscalPeriod:
    same = [one for one in others if (one.kind, one.number) == (found.kind, found.number)]
    end = found.end or next((one.end for one in same if one.end), None)
    end = end or next((one.end for one in others if one.end and one.kind == "three" and found.kind == "quarter"), None)
    year = found.year or next((one.year for one in same if one.year), None)
    quarter = found.number if found.kind == "quarter" else None
    if found.kind == "three":
        quarter = _QUARTER_ENDS.get(end.month) if end else None
    return FiscalPeriod(
        text=found.text,
        quarter=quarter,
        half=found.number or 1 if found.kind == "half" else None,
        fiscal_year=year or (end.year if end else _last_over(found, day)),
        period_end=end.isoformat() if end else None,
    )


_LAST_MONTHS = {"half": 6, "nine": 9, "full": 12}


def _last_over(found: _Found, day: dt.date) -> int:
    """The last calendar year in which the period was over, or was about to be, on *day*."""
    month = 3 * (found.number or 4) if found.kind in ("quarter", "three") else _LAST_MONTHS[found.kind]
    if found.kind == "half" and found.number == 2:
        month = 12
    is_over = day + dt.timedelta(days=20) >= dt.date(day.year, month, 28)
    return day.year if is_over else day.year - 1
