"""Figures of the news: amounts, percentages and counts with the unit and currency that the text states.

Dates, durations, phone numbers and rows of tables are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from feedd.model import BlockKind, Figure, Paragraph, Zone
from feedd.parse import guards, tables

MOST = 60
"""Figures of one release that are kept: long papers are tables in words."""

_WORD_SCALE = (
    r"(?:millions?|billions?|trillion|thousand|hundred|millionen|milliarden|milliards?|mln|mio\.?|mrd\.?|bn|mm)"
)
_SIGN = (
    r"(?:US\$|U\.S\.\s?\$|C\$|CA\$|CAD\s?\$|Cdn\$|A\$|AU\$|NZ\$|HK\$|S\$|R\$|USD\s?\$?|CAD|AUD|EUR|GBP|CHF|"
    r"SEK|NOK|DKK|RMB|CNY|JPY|INR|[$€£¥₹₩])"
)
_AFTER_CURRENCY = (
    r"(?:U\.?S\.?\sdollars|Canadian\sdollars|Australian\sdollars|dollars|euros?|pounds\ssterling|"
    r"Swiss\sfrancs|EUR|USD|CAD|CHF|GBP|SEK|NOK|DKK|€)"
)


def _by_letter(forms: str) -> str:
    """The *forms*, blanks between them, as one: a letter of a text is asked for once, not by each of a hundred."""
    rests: dict[str, list[str]] = {}
    for form in forms.split():
        rests.setdefault(form[0], []).append(form[1:])
    return "|".join(f"{letter}(?:{'|'.join(forms)})" for letter, forms in rests.items())


_METAL = r"(?:gold|silver|copper)?[\s-]?(?:equivalent\s)?(?:ounces?|pounds)"
_UNIT = (
    rf"(?:{_METAL}|"
    + _by_letter(
        r"""
    square\s(?:kilomet(?:er|re)s?|met(?:er|re)s?|feet|foot|miles?) cubic\s(?:met(?:er|re)s?|feet|yards) ounces? oz
    koz Moz AgEq\b AuEq\b tonnes? tons? kt(?:pa|pd)? Mt(?:pa|pd)? tpd tpa kilograms? kg g/t gpt
    grams?\s(?:per\stonne|of) grams? ppm ppb lbs? mg ml mcg μg kilomet(?:er|re)s? km met(?:er|re)s? m(?![\w²])
    miles? feet hectares? ha\b acres? lit(?:er|re)s? gallons? barrels? bbls? boe/d boepd bopd boe mcf/d MW[hpe]?
    GW[hp]? TWh kWh? kV units? shares? employees contractors people workers staff customers clients patients
    participants subjects vehicles positions jobs roles stores locations branches restaurants hotels rooms sites
    homes households apartments vessels ships aircraft drill\sholes drillholes holes wells users subscribers members
    students countries warrants options claims orders beds megawatts? gigawatts? kilowatts? seats passengers devices
    installations schools hospitals clinics properties facilities basis\spoints bps x(?![\w])
    """
    )
    + ")"
)
_PER = (
    r"(?:\s(?:per|a|each|/)\s?(?:common\s|diluted\s|basic\s|fully\s)?(?:share|unit|ounce|pound|tonne|ton|year|"
    r"annum|month|day|week|quarter|barrel|boe|kilogram|warrant|employee|MWh|kg)|(?:\sannually|\sp\.a\.)|"
    r"/(?:oz|lb|t|share|boe|bbl|MWh|kg|day|year))"
)
_NUMBER = r"(?>\d{1,3}(?:[,’'\s]\d{3}){1,6}(?:\.\d+)?|\d+(?:[.,]\d+)?|\.\d+)"
"""Taken whole or not at all, for no unit begins within a number; the groups have an end, or rows of them have none."""

_COUNTED = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s(?:million|billion|thousand|hundred)\b)"
)
_FIGURE = re.compile(
    rf"""
      (?=[(A-Z$€£¥₹₩])(?P<open>\()?(?P<sign>{_SIGN})\s?(?P<minus>[-–(])?(?P<n1>{_NUMBER})\)?(?:\s?(?P<s1>{_WORD_SCALE}|
      [MBKmbk](?![\w²/]))\b\.?)?(?P<code>\s(?:USD|CAD|AUD))?(?P<per>{_PER})?
    | (?P<plus>[+–-])?(?P<n2>{_NUMBER}|{_COUNTED})(?:
        \s?(?P<percent>%|per\s?cent\b|percentage\spoints\b|percent\b|pour\scent\b|Prozent\b|basis\spoints\b)
      | (?(plus)(?!)|(?:[\s-]?(?=[bhmt])(?P<s2>{_WORD_SCALE})\b\.?)?
        [\s-]?+(?:(?=[ACDEGNSUdep€])(?P<after>{_AFTER_CURRENCY})(?!\w)|(?P<unit>{_UNIT})(?![\w/]))(?P<per2>{_PER})?))
    """,
    re.VERBOSE,
)


class _Parts(NamedTuple):
    """The groups of a match of `_FIGURE`, asked for at once."""

    open: str | None
    sign: str | None
    minus: str | None
    n1: str | None
    s1: str | None
    code: str | None
    per: str | None
    n2: str | None
    percent: str | None
    s2: str | None
    after: str | None
    unit: str | None
    per2: str | None


_BEGIN = re.compile(r"[0-9.(+–$€£¥₹₩A-Z-](?<![\w.,/:–—-].)(?:(?<![A-Z])|(?=[A-Zdn.]{0,3}\s?[$\d.(–-]))")
_COUNTING = (" million", " billion", " thousand", " hundred")
_COUNTED_GUARD = re.compile(r" (?<=[a-z] )(?:million|billion|thousand|hundred)\b")
_BEGIN_COUNTED = re.compile(rf"{_BEGIN.pattern}|(?<![\w.,/:–—-]){_COUNTED}")
"""Where a figure can begin; a capital letter is that of a sign. A set of characters ahead is fast to look for."""

_QUALIFIER = re.compile(
    r"\b(?:(?:an?\s)?(?:additional|further|approximate(?:ly)?|estimated|total\sof)|approx\.?|about|around|"
    r"nearly|almost|roughly|some|over|more\sthan|less\sthan|fewer\sthan|at\sleast|at\smost|"
    r"up\sto|as\smuch\sas|in\sexcess\sof|minimum\sof|maximum\sof|just\s(?:over|under)|under|below|above|"
    r"close\sto|environ|plus\sde|rund|knapp|über|mehr\sals)\s$",
    re.IGNORECASE,
)
_LONGEST_QUALIFIER = len("an approximately ")
_QUALIFIER_ENDS = frozenset(
    word[-2:]
    for word in "additional further approximate approximately estimated of approx approx. about around nearly almost "
    "roughly some over than least most to as under below above environ de rund knapp über als".split()
)
"""The last two letters of every qualifier, small ones: a cheap question."""

_SHARE_OF = re.compile(
    r"\b(?P<q>(?:approximately|about|nearly|almost|more than|over|less than|roughly|around)\s)?(?P<share>half|"
    r"(?:a|one|two|three)[\s-](?:third|thirds|quarter|quarters))\sof\s(?:the|its|our|their|all)?\s?"
    r"(?P<n>(?!(?:19|20)\d\d\b)\d[\d,]*\d|\d)\s(?P<unit>[a-z]+)",
    re.IGNORECASE,
)
_SHARE_GUARD = ("alf of", "ird of", "irds of", "rter of", "rters of", "F OF", "D OF", "S OF", "R OF")
_LEADING = re.compile(
    r"(?P<what>\b[A-Za-z][a-z-]+(?:\s[a-z-]+)?)\s(?:of|was|were|rose\sto|fell\sto|grew\sto|increased\sto|"
    r"decreased\sto|totall?ed|reached)\s(?:\w+\s)?$"
)
_LINKS = frozenset("of was were to totaled totalled reached".split())
"""The last word of what leads, or the last but one: a cheap question."""

_TRAILING = re.compile(
    r"\s(?:of|in)\s(?:(?:its|the|our|their|new|annual)\s)*(?P<what>[a-z][\w-]*(?:\s[a-z][\w-]*){0,3})"
)
_STATED = re.compile(
    r"[AaUu](?<!\w.)(?i:(?:(?<=a)ll|(?<=u)nless)\b[^.]{0,120}\b(?:in|to)\s(?:are\s)?(?:(?:thousands|"
    r"millions)\sof\s)?(?P<currency>U\.?S\.?|United\sStates|Canadian|Australian|euros?|pounds\ssterling|"
    r"Swiss\sfrancs)\b(?:\s(?:dollars|currency|funds))?)"
)
_DIGIT = re.compile(r"\d")
_SCALES = ("illion", "housand")


def find(paragraphs: Sequence[Paragraph]) -> tuple[Figure, ...]:
    """The figures of lead and body in reading order, `MOST` at most."""
    dollar = _stated_currency(paragraphs)
    found: list[Figure] = []
    for paragraph in paragraphs:
        if paragraph.zone in (Zone.LEAD, Zone.BODY) and paragraph.kind is not BlockKind.TABLE:
            if _DIGIT.search(paragraph.text) or guards.holds(paragraph.text, _SCALES):
                found += _of(paragraph.text, dollar)
            if len(found) >= MOST:
                break
    return tuple(found[:MOST])


def _of(text: str, dollar: str | None) -> list[Figure]:
    rows = [(m.start(), m.end(), _figure(text, m, dollar)) for m in islice(_figures(text), MOST)]
    shares = [(m.start(), m.end(), _share(m)) for m in islice(_shares(text), MOST)]
    if not shares:
        return [figure for _, _, figure in rows]
    apart = [row for row in rows if not any(start <= row[0] < end for start, end, _ in shares)]
    return [figure for _, _, figure in sorted([*shares, *apart], key=lambda row: row[0])]


def _figures(text: str) -> Iterator[re.Match[str]]:
    is_counted = guards.holds(text, _COUNTING) and _COUNTED_GUARD.search(text)
    begin = _BEGIN_COUNTED if is_counted else _BEGIN
    end = 0
    for place in begin.finditer(text):
        match = _FIGURE.match(text, place.start()) if place.start() >= end else None
        if match:
            end = match.end()
            yield match


def _shares(text: str) -> Iterable[re.Match[str]]:
    """Shares such as ``half of its 40 stores``."""
    return _SHARE_OF.finditer(text) if guards.holds(text, _SHARE_GUARD) else ()


def _share(match: re.Match[str]) -> Figure:
    share = re.sub(r"[\s-]+", " ", match["share"].lower())
    value = _units("shares").get(share.removesuffix("s"))
    return Figure(_lowered(match.group()), None, value, "share", None)


def _figure(text: str, match: re.Match[str], dollar: str | None) -> Figure:
    found = _Parts(*match.group(*_Parts._fields))
    start, end = match.span()
    before = text[max(0, start - 60) : start]
    is_qualified = before[-3:-1].lower() in _QUALIFIER_ENDS
    qualifier = _QUALIFIER.search(before, max(0, len(before) - _LONGEST_QUALIFIER)) if is_qualified else None
    written = match.group()
    unit = "%" if _is_percent(found.percent) else found.percent or found.unit or found.sign or found.after
    per = found.per or found.per2
    return Figure(
        text=(_lowered(_ARTICLE.sub("", qualifier.group())) if qualifier else "") + _closed(written),
        what=_what(text, end, before[: qualifier.start()] if qualifier else before, can_trail=found.unit is None),
        value=_value(found, is_closed=written.endswith(")")),
        unit=f"{unit}{per}" if per else unit,
        currency=_currency(found, dollar),
    )


_ARTICLE = re.compile(r"^an?\s", re.IGNORECASE)
_ABBREVIATED = ("mio.", "Mio.", "mrd.", "Mrd.")


def _closed(text: str) -> str:
    """*text* without a bracket that only opens or only closes."""
    text = text.strip()
    text = text if text.endswith(_ABBREVIATED) else text.removesuffix(".")
    if text.startswith("(") and not text.endswith(")"):
        return text[1:]
    return text[:-1] if text.endswith(")") and "(" not in text else text


def _is_percent(text: str | None) -> bool:
    return text is not None and not text.startswith(("percentage", "basis"))


def _lowered(text: str) -> str:
    """A qualifier that began its sentence, as it stands elsewhere."""
    return text[:1].lower() + text[1:]


def _value(found: _Parts, *, is_closed: bool) -> float | None:
    number = found.n1 or found.n2 or ""
    value = _number(number) if number[-1:].isdigit() else _units("words").get(number.lower())
    if value is None:
        return None
    scale = found.s1 or found.s2
    value *= _units("scales").get(scale.lower().rstrip("."), 1.0) if scale else 1.0
    return -value if found.minus or (found.open and is_closed) else round(value, 6)


_GAP = re.compile(r"(?<=\d)[,’'\s](?=\d{3}(?:\D|$))")


def _number(text: str) -> float | None:
    try:
        return float(text if text.isdecimal() else _GAP.sub("", text).replace(",", "."))
    except ValueError:
        return None


def _currency(found: _Parts, dollar: str | None) -> str | None:
    if found.code:
        return found.code.strip()
    sign = (found.sign or found.after or "").lower().strip()
    if not sign:
        return None
    codes = _codes("currencies")
    stated = codes.get(sign) or codes.get(sign.replace(" ", ""))
    return stated or (dollar if sign in ("$", "dollars") else None)


@cache
def _units(part: str) -> dict[str, float]:
    return {word: float(value) for word, value in tables.load("units.toml")[part].items()}


@cache
def _codes(part: str) -> dict[str, str]:
    return {word: code for code, words in tables.load("units.toml")[part].items() for word in words}


def _stated_currency(paragraphs: Sequence[Paragraph]) -> str | None:
    """The currency that a statement such as ``all amounts are in U.S. dollars`` gives to a bare ``$``."""
    for paragraph in paragraphs:
        text = paragraph.text
        if ("ollar" in text or "urrency" in text or "funds" in text) and paragraph.kind is not BlockKind.TABLE:
            match = _STATED.search(text[:4000])
            if match:
                return _codes("stated").get(match["currency"].lower().replace(".", ""))
    return None


def _what(text: str, end: int, before: str, *, can_trail: bool) -> str | None:
    """The words that say what is counted: ``revenue`` of ``revenue of $4 million``."""
    behind = _TRAILING.match(text, end, end + 60) if can_trail else None
    if behind:
        return behind["what"]
    words = before.split()[-2:]
    ahead = _LEADING.search(before) if not _LINKS.isdisjoint(words) else None
    return ahead["what"] if ahead else None


__all__ = ["MOST", "find"]
