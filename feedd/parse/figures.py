"""Figures of the news: amounts, percentages and counts with the unit and currency that the text states.

Dates, durations, phone numbers and rows of tables are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

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
_UNIT = (
    r"(?:square\s(?:kilomet(?:er|re)s?|met(?:er|re)s?|feet|foot|miles?)|cubic\s(?:met(?:er|re)s?|feet|yards)|"
    r"(?:gold|silver|copper)?[\s-]?(?:equivalent\s)?(?:ounces?|pounds)"
    r"|ounces?|oz|[kM]oz|AgEq\b|AuEq\b|tonnes?|tons?|[kM]t(?:pa|pd)?|tpd|tpa|kilograms?|kg|g/t|gpt|"
    r"grams?\s(?:per\stonne|of)|grams?|ppm|ppb|lbs?|mg|ml|mcg|μg"
    r"|kilomet(?:er|re)s?|km|met(?:er|re)s?|m(?![\w²])|miles?|feet|hectares?|ha\b|acres?|lit(?:er|re)s?|"
    r"gallons?|barrels?|bbls?|boe/d|boepd|bopd|boe|mcf/d|MW[hpe]?|GW[hp]?|TWh|kWh?|kV"
    r"|units?|shares?|employees|contractors|people|workers|staff|customers|clients|patients|participants|"
    r"subjects|vehicles|positions|jobs|roles|stores|locations|branches|restaurants|hotels|rooms|sites"
    r"|homes|households|apartments|vessels|ships|aircraft|drill\sholes|drillholes|holes|wells|users|"
    r"subscribers|members|students|countries|warrants|options|claims|orders|beds|megawatts?|gigawatts?|"
    r"kilowatts?"
    r"|seats|passengers|devices|installations|schools|hospitals|clinics|properties|facilities|basis\spoints|"
    r"bps|x(?![\w]))"
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
      (?P<open>\()?(?P<sign>{_SIGN})\s?(?P<minus>[-–(])?(?P<n1>{_NUMBER})\)?(?:\s?(?P<s1>{_WORD_SCALE}|
      [MBKmbk](?![\w²/]))\b\.?)?(?P<code>\s(?:USD|CAD|AUD))?(?P<per>{_PER})?
    | [+–-]?(?P<n2>{_NUMBER})\s?(?P<percent>%|per\s?cent\b|percentage\spoints\b|percent\b|pour\scent\b|
      Prozent\b|basis\spoints\b)
    | (?P<n3>{_NUMBER}|{_COUNTED})(?:[\s-]?(?P<s3>{_WORD_SCALE})\b\.?)?
      [\s-]?+(?:(?P<after>{_AFTER_CURRENCY})(?!\w)|(?P<unit>{_UNIT})(?![\w/]))(?P<per3>{_PER})?
    """,
    re.VERBOSE,
)
_BEGIN = re.compile(r"[0-9.(+–$€£¥₹₩A-Z-](?<![\w.,/:–—-].)(?:(?<![A-Z])|(?=[A-Zdn.]{0,3}\s?[$\d.(–-]))")
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
_QUALIFIER_ENDS = tuple(
    f"{word} "
    for word in "additional further approximate ely estimated of approx approx. about around nearly almost roughly "
    "some over than least most to as under below above environ de rund knapp über als".split()
)
"""How every qualifier ends, in small letters: a cheap question."""

_SHARE_OF = re.compile(
    r"\b(?P<q>(?:approximately|about|nearly|almost|more than|over|less than|roughly|around)\s)?(?P<share>half|"
    r"(?:a|one|two|three)[\s-](?:third|thirds|quarter|quarters))\sof\s(?:the|its|our|their|all)?\s?"
    r"(?P<n>(?!(?:19|20)\d\d\b)\d[\d,]*\d|\d)\s(?P<unit>[a-z]+)",
    re.IGNORECASE,
)
_SHARE_GUARD = ("half of", "third of", "thirds of", "quarter of", "quarters of")
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
    r"\b(?:all|unless)\b[^.]{0,120}\b(?:in|to)\s(?:are\s)?(?:(?:thousands|"
    r"millions)\sof\s)?(?P<currency>U\.?S\.?|United\sStates|Canadian|Australian|euros?|pounds\ssterling|"
    r"Swiss\sfrancs)\b(?:\s(?:dollars|currency|funds))?",
    re.IGNORECASE,
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
    shares = [(m.start(), m.end(), _share(m)) for m in islice(_shares(text), MOST)]
    rows = [(m.start(), m.end(), _figure(text, m, dollar)) for m in islice(_figures(text), MOST)]
    apart = [row for row in rows if not any(start <= row[0] < end for start, end, _ in shares)]
    return [figure for _, _, figure in sorted([*shares, *apart], key=lambda row: row[0])]


def _figures(text: str) -> Iterator[re.Match[str]]:
    begin = _BEGIN_COUNTED if _COUNTED_GUARD.search(text) else _BEGIN
    end = 0
    for place in begin.finditer(text):
        match = _FIGURE.match(text, place.start()) if place.start() >= end else None
        if match:
            end = match.end()
            yield match


def _shares(text: str) -> Iterable[re.Match[str]]:
    """Shares such as ``half of its 40 stores``."""
    can_be = " of " in text and guards.holds(text.lower(), _SHARE_GUARD)
    return _SHARE_OF.finditer(text) if can_be else ()


def _share(match: re.Match[str]) -> Figure:
    share = re.sub(r"[\s-]+", " ", match["share"].lower())
    value = _units("shares").get(share.removesuffix("s"))
    return Figure(_lowered(match.group()), None, value, "share", None)


def _figure(text: str, match: re.Match[str], dollar: str | None) -> Figure:
    before = text[max(0, match.start() - 60) : match.start()]
    qualifier = _QUALIFIER.search(before) if before.lower().endswith(_QUALIFIER_ENDS) else None
    words = _lowered(_ARTICLE.sub("", qualifier.group())) if qualifier else ""
    scale = match["s1"] or match["s3"]
    per = match["per"] or match["per3"] or ""
    currency = _currency(match, dollar)
    unit = match["percent"] or match["unit"] or match["sign"] or match["after"]
    return Figure(
        text=words + _closed(match.group()),
        what=_what(text, match, before[: qualifier.start()] if qualifier else before),
        value=_value(match, scale),
        unit=f"{'%' if _is_percent(match['percent']) else unit}{per}",
        currency=currency,
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


def _value(match: re.Match[str], scale: str | None) -> float | None:
    number = match["n1"] or match["n2"] or match["n3"]
    value = _units("words").get(number.lower()) or _number(number)
    if value is None:
        return None
    value *= _units("scales").get((scale or "").lower().rstrip("."), 1.0)
    return -value if match["minus"] or (match["open"] and match.group().endswith(")")) else round(value, 6)


_GAP = re.compile(r"(?<=\d)[,’'\s](?=\d{3}(?:\D|$))")


def _number(text: str) -> float | None:
    try:
        return float(text if text.isdecimal() else _GAP.sub("", text).replace(",", "."))
    except ValueError:
        return None


def _currency(match: re.Match[str], dollar: str | None) -> str | None:
    if match["code"]:
        return match["code"].strip()
    sign = (match["sign"] or match["after"] or "").lower().strip()
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


def _what(text: str, match: re.Match[str], before: str) -> str | None:
    """The words that say what is counted: ``revenue`` of ``revenue of $4 million``."""
    behind = _TRAILING.match(text, match.end(), match.end() + 60) if match["unit"] is None else None
    if behind:
        return behind["what"]
    words = before.split()[-2:]
    ahead = _LEADING.search(before) if any(word in _LINKS for word in words) else None
    return ahead["what"] if ahead else None


__all__ = ["MOST", "find"]
