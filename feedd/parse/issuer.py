"""The company that speaks: its legal name, how it calls itself, where it sits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedd.model import HeadOffice, Issuer, Paragraph, Zone
from feedd.parse import contacts, tables, tickers

_SUFFIX = (
    r"(?:Corp|Corporation|Inc|Incorporated|Ltd|Limited|LLC|L\.L\.C|plc|PLC|AG|SE|S\.A|SA|N\.V|NV|B\.V|GmbH|KGaA|KG|Co|Company|"
    r"Group|Holdings?|Trust|REIT|LP|L\.P|ltée|S\.p\.A|SpA|AB|ASA|A/S|Oyj|Bancorp|Partners|Resources|Technologies|International)"
)
_LEGAL = re.compile(rf"(?:[^\W_][\w&.'’+-]*,?\s+){{1,8}}?{_SUFFIX}\b\.?(?:\s+(?:Corp|Inc|Ltd|Limited|Corporation|SE|AG|plc|KGaA|Co)\b\.?|,\s+(?:Inc|Ltd|LLC)\b\.?)*")
_OPENER = re.compile(r"(?:today|the|the company|in its)[,\s]+", re.IGNORECASE)
_DEFINED = re.compile(r"[(\[][^()\[\]]{0,40}?[\"“‘']([^\"“”’]{2,40}?),?[\"”’']")
_VERB = re.compile(
    r"\s(?:today|is|are|was|has|have|had|will|announces?|announced|reports?|reported|advises?|provides?|provided|"
    r"wishes|confirms?|declares?|says|said|releases?|launch(?:es|ed)?|completes?|signs?|signed|a|an|together|through|on)\b|[(,;]"
)
_COMMON = frozenset({"company", "corporation", "issuer", "group", "trust", "fund", "bank", "we", "us", "our", "partnership"})
_ABOUT = re.compile(r"about\s+(?:the\s+)?(.{2,80})", re.IGNORECASE)
_COMMON_NOUN = re.compile(r"^[\"“]|^(?:we|in|at|as|by|for|following|with|on|after|the|this|these)\b", re.IGNORECASE)

LONGEST = 80
"""Characters of a company's name."""


def find(paragraphs: Sequence[Paragraph], news: str) -> Issuer | None:
    """The issuer, from the lead's text behind the dateline (*news*) and the parts that carry addresses."""
    profile = _profile_name(paragraphs)
    legal = _named(news) or profile
    if legal is None:
        return None
    letterhead = [p.text for p in paragraphs if p.zone is Zone.FURNITURE]
    return Issuer(
        legal_name=legal,
        short_name=_defined(news) or (profile if profile and profile != legal else None),
        website=contacts.website(paragraphs),
        email=contacts.email(paragraphs),
        head_office=head_office(letterhead),
    )


def _named(news: str) -> str | None:
    """The name that stands before the tickers, before a defined short form, or at the head of the lead."""
    news = _OPENER.sub("", news, count=1) if _OPENER.match(news) else news
    group = next(tickers.groups(news[:400]), None)
    rows = (
        _tail(news[: group[0]]) if group else None,
        _legal_head(news),
        _head(news),
    )
    return next((name for name in rows if name), None)


def _tail(text: str) -> str | None:
    """The name at the end of *text*, behind the last word that belongs to no name."""
    text = re.sub(r"\([^()]*\)", " ", text).strip(" ,;-–—")
    words: list[str] = []
    for word in reversed(text.split()):
        if not (word[0].isupper() or word[0].isdigit() or word in ("of", "and", "&", "de", "du", "the")):
            break
        words.insert(0, word)
    while words and words[0] in ("of", "and", "&", "the", "Today", "The"):
        words.pop(0)
    return _sane(" ".join(words)) or _sane(text)


def _legal_head(news: str) -> str | None:
    match = _LEGAL.match(news)
    return _sane(match.group()) if match else None


def _head(news: str) -> str | None:
    verb = _VERB.search(news, 0, 160)
    if verb is None or not news[:1].isalnum() or _COMMON_NOUN.match(news):
        return None
    name = news[: verb.start()].strip(" ,")
    return _sane(name) if all(word[0].isupper() or word[0].isdigit() or len(word) < 4 for word in name.split()) else None


def _sane(name: str) -> str | None:
    name = name.strip(" ,;:–—-*_")
    return name if 2 <= len(name) <= LONGEST and any(c.isalpha() for c in name) and not _COMMON_NOUN.match(name) else None


def _defined(news: str) -> str | None:
    """The short form that the lead defines: ``("Acme" or the "Company")`` gives Acme."""
    found = (match[1].strip(" ,.") for match in re.finditer(r"[\"“‘]([^\"“”’]{2,40}?)[,.]?[\"”’]", _parenthesis(news)))
    return next((name for name in found if name.lower() not in _COMMON), None)


def _parenthesis(news: str) -> str:
    match = _DEFINED.search(news, 0, 400)
    return news[match.start() : news.find(")", match.start()) + 1] if match else ""


def _profile_name(paragraphs: Sequence[Paragraph]) -> str | None:
    for paragraph in paragraphs:
        if paragraph.zone is Zone.PROFILE:
            match = _ABOUT.fullmatch(paragraph.text.rstrip(":")) or re.match(r"about\s+([^:.]{2,80}):", paragraph.text, re.I)
            if match:
                return tickers.without(match[1]).strip(" :") or None
    return None


# ── Head office ─────────────────────────────────────────────────────────────────────────────────────────────────

_PLACE = re.compile(
    r"(?P<city>[^,\d]{2,40}?),?\s+(?P<region>[A-Z]{2}|[A-Z][a-zA-Z ]{3,25})\.?,?\s+(?P<code>[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}(?:-\d{4})?)(?:,?\s+(?P<country>[A-Z][\w .]+))?$"
)
_POSTAL_FIRST = re.compile(r"(?:[A-Z]{1,2}-)?(?P<code>\d{4,5})\s+(?P<city>[^\d]{2,40})$")
_FAX = re.compile(r"(?:f|fax|facsimile)\b", re.IGNORECASE)


def head_office(lines: Sequence[str]) -> HeadOffice | None:
    """The head office in the *lines* of a letterhead, in whatever order they stand; None without an address."""
    office: dict[str, str] = {}
    for line in lines:
        for key, value in _office_part(line, office).items():
            office.setdefault(key, value)
    if "city" not in office and "street" not in office:
        return None
    region = contacts.region(office.get("country"), office.get("postal_code"))
    for key in ("phone", "fax"):
        number = contacts.e164(office.get(f"{key}_text", ""), region)
        if number:
            office[key] = number
    return HeadOffice(**office)


def _office_part(line: str, office: dict[str, str]) -> dict[str, str]:
    place = _PLACE.fullmatch(line) or _POSTAL_FIRST.fullmatch(line)
    if place:
        found = place.groupdict()
        return {
            "city": found["city"].strip(" ,"),
            "postal_code": found["code"],
            **({"region": found["region"]} if found.get("region") else {}),
            **({"country": found["country"]} if found.get("country") else {}),
        }
    if tables.is_whole("furniture", "phone", line):
        return {"fax_text" if _FAX.match(line) else "phone_text": line}
    for key in ("street", "country"):
        if tables.is_whole("furniture", key, line):
            return {key: line}
    is_name = not office.keys() & {"street", "city"} and re.search(rf"\b{_SUFFIX}\.?$", line)
    return {"name": line} if is_name else {}
