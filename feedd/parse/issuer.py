"""The company that speaks: its legal name, how it calls itself, where it sits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from feedd.model import HeadOffice, Issuer, Paragraph, Zone
from feedd.parse import contacts, names, tables, tickers
from feedd.parse.tickers import Venues

_FORM = (
    r"(?:Corp|Corporation|Inc|Incorporated|Ltd|Limited|LLC|L\.L\.C|plc|PLC|REIT-AG|AG|SE|S\.A|SA|N\.V|NV|B\.V|"
    r"GmbH|KGaA|Co|"
    r"LP|L\.P|ltée|Ltée|S\.p\.A|SpA|AB|ASA|A/S|Oyj)"
)
_KIND = (
    r"(?:Group|Holdings?|Trust|REIT|Company|Bancorp|Partners|Resources|Technologies|International|Museum|Foundation)"
)
_SUFFIX = rf"(?:{_FORM}|{_KIND})"
_NAME_WORD = r"(?:[A-Z0-9][\w&.'’+-]*|of|and|&|de|du|for|[a-z][A-Z][\w-]*)"
_TWO_FORMS = (
    r"(?:\s+(?:Corp|Inc|Ltd|Limited|Corporation|SE|AG|plc|KGaA|Co)\b\.?|,?\s+(?:Inc|Ltd|LLC)\b\.?|\s+&\s+Co\.\s+KGaA)*"
)
_FORMED = re.compile(rf"(?!of\b|and\b|for\b)(?:{_NAME_WORD},?\s+){{0,8}}?(?:[a-z]+\s+){{0,2}}{_FORM}\b\.?{_TWO_FORMS}")
_ENDS_FORMED = re.compile(rf"\b{_FORM}\.?$")
_KINDED = re.compile(rf"(?=[A-Z0-9])(?:{_NAME_WORD}\s+){{1,6}}?{_KIND}\b")
_OPENER = re.compile(r"(?:today|the company)[,\s]+", re.IGNORECASE)
_PARENTHESES = re.compile(r"(?:[\s,]*[(\[][^()\[\]]*[)\]])+")
_QUOTED = re.compile(r"[\"“‘]([^\"“”’]{2,40}?)[,.]?[\"”’]")
_VERB = re.compile(
    r"\s(?:today|\w+ly|celebrates?|is|are|was|has|have|had|will|announces?|announced|reports?|reported|"
    r"advises?|provides?|provided|"
    r"wishes|to|plans|receives|hosts|completes|obtained|underlined|confirms?|declares?|says|said|releases?|"
    r"launch(?:es|ed)?|completes?|signs?|signed|a|an|together|through|on)\b|[(,;]"
)
_COMMON = frozenset(
    {"company", "corporation", "issuer", "group", "trust", "fund", "bank", "we", "us", "our", "partnership"}
)
_ABOUT = re.compile(r"about\s+(?:the\s+)?(.{2,80})", re.IGNORECASE)
_COMMON_NOUN = re.compile(
    r"^[\"“]|^(?:invitation|notice|changes?|correction|update|results|announcement|publication|voting|"
    r"reminder|we|in|at|as|by|for|following|with|on|after|the|this|these)\b",
    re.IGNORECASE,
)

LONGEST = 80
"""Characters of a company's name."""


def find(paragraphs: Sequence[Paragraph], news: str, venues: Venues | None = None) -> tuple[Issuer, ...]:
    """The issuers, from the lead's text behind the dateline (*news*) and the parts that carry addresses.

    Several speak where a joint release names them side by side; the first is who the release is of.
    """
    title = " ".join(p.text for p in paragraphs if p.zone is Zone.HEADLINE)
    profile = _profile_name(paragraphs, venues)
    candidates = _candidates(news, title, profile, venues)
    likeliest = next(candidates, None)
    if likeliest is None:
        return ()
    legal = _listed_and_profiled(likeliest, news, profile) or _chosen(likeliest, candidates, title)
    letterhead = [p.text for p in paragraphs if p.zone is Zone.FURNITURE]
    first = Issuer(
        legal_name=legal,
        short_name=_defined(news, legal) or _short_profile(profile, legal),
        website=contacts.website(paragraphs),
        email=contacts.email(paragraphs),
        head_office=head_office(letterhead),
    )
    return (first, *(Issuer(name, _defined(news, name)) for name in _beside(news, legal)))


_AND = re.compile(r"(?:[\s,]*\([^()]{0,120}\))*[\s,]*(?:and|&|et|und)\s+(?:the\s+)?", re.IGNORECASE)
_TOGETHER = re.compile(
    r"(?:[\s,]*\([^()]{0,160}\))*[\s,]*(?:together\b.{0,80}?\)|both\b|have\b|are\b|today\b|jointly\b|"
    r"announce\b|announced\b|report\b)",
    re.IGNORECASE,
)


def _beside(news: str, legal: str) -> Iterator[str]:
    """The companies that a joint release names after *legal*: "A Corp. (…) and B Inc. (…) announce"."""
    at = news.find(legal)
    if not 0 <= at <= 40:
        return
    link = _AND.match(news, at + len(legal))
    other = _FORMED.match(news, link.end()) if link else None
    if other and other.group() != legal and len(other.group()) <= LONGEST and _TOGETHER.match(news, other.end()):
        yield other.group().strip(" ,")


def _candidates(news: str, title: str, profile: str | None, venues: Venues | None) -> Iterator[str]:
    """Names that may be the issuer's, the likeliest first. Most releases need no more than the first."""
    yield from (name for name in _rows(news, title, profile, venues) if name and not _is_somebody(name, title))


def _rows(news: str, title: str, profile: str | None, venues: Venues | None) -> Iterator[str | None]:
    news = _OPENER.sub("", news, count=1) if _OPENER.match(news) else news
    bare = news.removeprefix("The ")
    group = next(tickers.groups(news[:400], venues), None)
    listed = _tail(_legal_before_alias(news[: group[0]])) if group else None
    yield listed
    yield _matched(_FORMED.match(news))
    yield _matched(_KINDED.match(bare))
    yield _head(bare)
    yield _matched(_FORMED.search(news, 0, 300))
    yield _matched(_KINDED.search(news, 0, 200))
    yield profile
    yield _behind_of(_matched(_FORMED.search(title)))
    yield _matched(_OWNER.search(title))
    yield _head(title)


def _behind_of(name: str | None) -> str | None:
    """``Tern SE`` of ``Earnings Call of Tern SE``."""
    return _sane(name.rpartition(" of ")[2]) if name else None


def _is_somebody(name: str, title: str) -> bool:
    """Whether *name* is a person's that the lead opens with, and no company's."""
    return len(name.split()) <= 3 and name not in title and not _ENDS_FORMED.search(name) and names.is_person(name)


_OWNER = re.compile(r"\b[A-Z][\w&-]*(?=['’]s\s)")
_ALIAS = re.compile(
    r"[\s,(]*\b(?:now\s+)?(?:doing\s+business\s+as|d/b/a|dba|operating\s+as|also\s+known\s+as|"
    r"formerly(?:\s+known\s+as)?|formally\s+known\s+as)\b[^()]*$",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"^.*,\s(?:the|a|an)\s[^,]*\bof\s(?=[A-Z])")


def _legal_before_alias(text: str) -> str:
    """*text* up to the name that the law knows: without "doing business as X", without a daughter before "of X"."""
    return _PART_OF.sub("", _ALIAS.sub("", text))


def _listed_and_profiled(likeliest: str, news: str, profile: str | None) -> str | None:
    """The name before the tickers when "About X" is about the same company: sure, whatever the headline speaks of."""
    first = likeliest if profile else None
    behind = news[news.find(first) + len(first) :].lstrip(" ,") if first and first in news else ""
    return (
        first if profile and first and behind.startswith("(") and _first_word(first) == _first_word(profile) else None
    )


def _chosen(likeliest: str, others: Iterable[str], title: str) -> str:
    """The first name that the headline speaks of too, from the word on that it shares; else the first."""
    spoken = title.lower()
    for name in chain((likeliest,), others):
        words = name.split()
        for index in range(min(len(words) - 1, 5) if _ENDS_FORMED.search(name) else 1):
            if _first_word(" ".join(words[index:])) in spoken:
                return " ".join(words[index:])
    return likeliest


def _first_word(name: str) -> str:
    words = name.removeprefix("The ").lower().split()
    return words[0].strip(",.(") or name.lower()


def _short_profile(profile: str | None, legal: str) -> str | None:
    """How "About X" calls the company, when X is short for its legal name."""
    if profile is None or profile == legal or _first_word(profile) != _first_word(legal):
        return None
    return profile


def _matched(match: re.Match[str] | None) -> str | None:
    return _sane(match.group()) if match else None


def _tail(text: str) -> str | None:
    """The name at the end of *text*, behind the last word that belongs to no name."""
    text = re.sub(r"\([^()]*\)", " ", text).strip(" ,;-–—")
    words: list[str] = []
    for word in reversed(text.split()):
        if not (word[0].isupper() or word[0].isdigit() or word in ("of", "and", "&", "de", "du", "the")):
            break
        words.insert(0, word)
    if words and not _ENDS_FORMED.search(words[-1]):
        words = words[words[0] == "The" :]
    while words and words[0] in ("of", "and", "&", "the", "Today"):
        words.pop(0)
    return _sane(" ".join(words)) or _sane(text)


def _head(news: str) -> str | None:
    verb = _VERB.search(news, 0, 160)
    if verb is None or not news[:1].isalnum() or _COMMON_NOUN.match(news):
        return None
    name = news[: verb.start()].strip(" ,")
    return (
        _sane(name) if all(word[0].isupper() or word[0].isdigit() or len(word) < 4 for word in name.split()) else None
    )


def _sane(name: str) -> str | None:
    """*name* when it can be one: short, begun by a name's word, more than a legal form."""
    name = name.strip(" ,;:–—-*_")
    if not 2 <= len(name) <= LONGEST or not any(c.isalpha() for c in name) or _ENDS_FORMED.fullmatch(name):
        return None
    is_title = name.startswith("The ") and _ENDS_FORMED.search(name)
    return name if is_title or not _COMMON_NOUN.match(name) else None


def _defined(news: str, legal: str) -> str | None:
    """The short form that the lead defines right behind the name: ``("Acme" or the "Company")`` gives Acme."""
    at = news.find(legal)
    behind = _PARENTHESES.match(news, at + len(legal)) if at >= 0 else None
    if behind is None:
        return None
    names = (match[1].strip(" ,.") for match in _QUOTED.finditer(behind.group()))
    return next((name for name in names if name.lower() not in _COMMON), None)


def _profile_name(paragraphs: Sequence[Paragraph], venues: Venues | None) -> str | None:
    for paragraph in paragraphs:
        if paragraph.zone is Zone.PROFILE:
            match = _ABOUT.fullmatch(paragraph.text.rstrip(":")) or re.match(
                r"about\s+([^:.]{2,80}):", paragraph.text, re.I
            )
            if match:
                return tickers.without(match[1], venues).strip(" :") or None
    return None


# ── Head office ─────────────────────────────────────────────────────────────────────────────────────────────────

_PLACE = re.compile(
    r"(?P<city>[^,\d]{2,40}?),?\s+(?P<region>[A-Z]{2}|[A-Z][a-zA-Z ]{3,25})\.?,?\s+"
    r"(?P<code>[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}(?:-\d{4})?)(?:,?\s+(?P<country>[A-Z][\w .]+))?$"
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
