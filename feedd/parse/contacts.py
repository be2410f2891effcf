"""People to ask: names, roles, phones, addresses, from the contact zone alone.

Dial-in numbers, replay codes and conference ids stand in the body and never come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from feedd.model import Contact, Paragraph, Zone
from feedd.parse import names

_EMAIL = re.compile(
    r"(?:(?<=\d{4})|\b)[A-Za-z](?:(?!\d{4}[A-Za-z])[\w.+-]){0,64}@[A-Za-z0-9-]+(?:\.[a-zA-Z0-9-]+)*?\."
    r"(?:(?:com|net|org|info|biz|gov|edu)(?![a-vx-z])|[a-z]{2,18}(?![a-z.]\w)(?![a-z])|[A-Z]{2,4}\b)"
)
"""Pages glue neighbours together (``555-0100ir@acme.comWebsite``): a number before ends, a capital behind begins."""
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+|\(|1-|00)?\(?\d[\d\s().\-–/]{6,}\d(?![\w@])(?:\s?(?:x|ext\.?)\s?\d+)?", re.IGNORECASE
)
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s<>()\"“”]+", re.IGNORECASE)
_WAYS = re.compile(rf"(?P<email>{_EMAIL.pattern})|(?P<site>(?i:{_SITE.pattern}))|(?P<phone_text>(?i:{_PHONE.pattern}))")
_FAX = re.compile(r"\b(?:f|fax|facsimile|telefax)\b\W*$", re.IGNORECASE)
_FAX_REACH = 40
"""Characters before a number that say that it is a fax."""

_LABEL = re.compile(
    r"(?:(?:for\s+)?(?:(?:media|press|news|investors?|company|corporate|ir|pr|public|analyst|shareholder|"
    r"general|financial|us|european|canada)\b[\w\s&/,]{0,30}?)?"
    r"\b(?:contacts?(?:\s+(?:information|person|details|us))?|relations(?:\s+contacts?)?|inquiries|enquiries|"
    r"name|attn|attention|(?:further|more|additional)\s+information)"
    r"(?:[\s,]+(?:please\s+)?contact)?)\s*(?::|$)\s*",
    re.IGNORECASE,
)
"""Whom to ask for what: a new contact begins."""

_GLUED = re.compile(
    r"(?<=[a-zA-Z])(?=(?:\+\d|\(\d{3}\)|\d{3}[-.\s]\d{3}))"  # Ray902-555-0100
    r"|(?<=\d)(?=(?:[A-Z][a-z]|[a-z]{2,}[\w.]*@|www\.))"  # 0100ir@…, 0100Email
    r"|(?<=CEO|CFO|COO|CTO|LLC|VP )(?=[A-Z][a-z])"
    r"|(?<=[a-z]{2})(?<!\bMac)(?<!Fitz)(?=[A-Z][a-z]+(?:\s|:|$))"  # RayPresident
    r"|(?:(?<=Email)|(?<=Phone)|(?<=Tel))(?=[A-Z\d])"
    r"|(?<=:)(?=\w)"
)
"""Where an export lost a line end."""

_CAMEL = re.compile(r"[a-z][A-Z]|CEO[A-Z]|\d[A-Za-z]|[A-Za-z][\d(+]|:\w")
_OWN_LOCAL = re.compile(
    r"(?:.*[a-z])?(?P<shouted>[A-Z]{2,})|[A-Z][a-z]+?(?P<kind>info|media|press|investors?|contact)"
    r"|(?:Officer|Director|President|Relations|Manager|Contact|Corporation|Inc\.?|Email)(?P<desk>[a-z]{2,})"
)
_SPLIT = re.compile(r"\s*(?:[,|;–—:]|\s[-/]\s|\sat\s)\s*")
_AND = re.compile(r"\s(?:or|and|&|/)\s")
_NOT_BEHIND_A_NAME = re.compile(r"[A-Z]{2}\b(?:\s\d|$)|\d|(?:Inc|LLC|Ltd|Corp|L\.?P|P\.?C)\b")  # of a place, of a firm
_FIELD = re.compile(
    r"\b(?:e-?mail|phone|telephone|tel|mobile|cell|office|direct|toll[- ]free|web(?:site)?|fax|t|m|p|e|f|"
    r"o)\b\s*(?:us\s*)?(?:at)?\s*[:.]?$",
    re.IGNORECASE,
)

REGIONS = {
    "canada": "CA", "usa": "US", "u.s.a.": "US", "us": "US", "united states": "US", "united states of america": "US",
    "united kingdom": "GB", "uk": "GB", "england": "GB", "ireland": "IE", "germany": "DE", "deutschland": "DE",
    "switzerland": "CH", "austria": "AT", "france": "FR", "sweden": "SE", "norway": "NO", "denmark": "DK",
    "finland": "FI", "australia": "AU", "new zealand": "NZ", "singapore": "SG", "israel": "IL", "netherlands": "NL",
    "estonia": "EE", "japan": "JP", "hong kong": "HK", "south africa": "ZA",
}  # fmt: skip
"""Country names of letterheads → CLDR region."""

_CANADIAN_CODE = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)


def find(paragraphs: Sequence[Paragraph], region: str, company: str = "") -> tuple[Contact, ...]:
    """The contacts: people who share a block of lines, a phone or an address. *company* is the issuer's name.

    A block ends with a label that opens the next, with a blank line behind a block of several lines, and with
    somebody named, or a second way of the same kind, behind a way to reach the first.
    """
    found = [_Open()]
    last_group, lines_in_group = -1, 0
    for paragraph in paragraphs:
        if paragraph.zone is not Zone.CONTACT:
            continue
        same_group = paragraph.group == last_group
        if not same_group and lines_in_group > 1 and found[-1].is_reachable:
            found.append(_Open())
        lines_in_group = lines_in_group + 1 if same_group else 1
        last_group = paragraph.group
        if len(paragraph.text) <= _LONGEST_LINE:
            _take(found, paragraph.text, company)
    return tuple(open_one.contact(region) for open_one in found if open_one.names or open_one.is_reachable)


_LONGEST_LINE = 600
"""Characters; what is longer is running text."""


@dataclass
class _Open:
    """A contact while its lines are read."""

    names: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    phone_text: str | None = None
    email: str | None = None

    @property
    def is_reachable(self) -> bool:
        return bool(self.phone_text or self.email)

    def contact(self, region: str) -> Contact:
        phone = e164(self.phone_text, region) if self.phone_text else None
        return Contact(tuple(self.names), tuple(self.roles), self.phone_text, phone, self.email)


def _take(found: list[_Open], line: str, company: str) -> None:
    """Reads one line into the last contact, or into new ones."""
    text = " ".join(_GLUED.sub("; ", line).split()) if _CAMEL.search(line) else line
    label = _LABEL.match(text)
    if label:
        if found[-1].is_reachable:
            found.append(_Open())
        text = text[label.end() :]
    at = 0
    for way in _WAYS.finditer(text):
        _take_words(found, text[at : way.start()], company)
        _take_way(found, way, text[: way.start()])
        at = way.end()
    _take_words(found, text[at:], company)


def _take_way(found: list[_Open], way: re.Match[str], before: str) -> None:
    kind = way.lastgroup
    if kind == "site":
        return
    value = _own_address(way.group()) if kind == "email" else way.group().strip()
    if kind == "phone_text" and (_FAX.search(before) or not 7 <= sum(c.isdigit() for c in value) <= 16):
        return
    known = getattr(found[-1], str(kind))
    if known == value or (known and kind == "phone_text" and not found[-1].email and not _is_labelled(before)):
        return
    if known and known != value:
        found.append(_Open())
    setattr(found[-1], str(kind), value)


def _is_labelled(before: str) -> bool:
    return bool(re.search(r"[a-z]{3,}\s*:?\s*$", before, re.IGNORECASE))


def _own_address(text: str) -> str:
    """The address without a word that an export glued to it: ``Relationspress@…`` gives ``press@…``."""
    local, _, host = text.partition("@")
    glued = _OWN_LOCAL.fullmatch(local)
    return f"{glued[glued.lastgroup or 0]}@{host}" if glued else text


def _take_words(found: list[_Open], text: str, company: str) -> None:
    """Names and offices between the ways to reach people."""
    if not text.strip():
        return
    parts = [person for part in _SPLIT.split(_FIELD.sub("", text.strip())) for person in _each(part.strip(" .\"“”'()"))]
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else ""
        if _is_somebody(part, following):
            if found[-1].is_reachable:
                found.append(_Open())
            found[-1].names.append(part)
            found[-1].roles.append("")
        elif part and found[-1].names and not found[-1].roles[-1]:
            found[-1].roles[-1] = names.role(", ".join(p for p in parts[index:] if p), company) or ""


def _each(part: str) -> list[str]:
    """The people of ``Ann Ray and Tom Low``; else the part as it is."""
    people = _AND.split(part)
    return people if len(people) > 1 and all(map(names.is_person, people)) else [part]


def _is_somebody(part: str, following: str) -> bool:
    return names.is_person(part) and _NOT_BEHIND_A_NAME.match(following) is None


def phones(contacts: Iterable[Contact]) -> tuple[str, ...]:
    """The distinct numbers of *contacts* in E.164."""
    return tuple(dict.fromkeys(contact.phone for contact in contacts if contact.phone))


def faxes(paragraphs: Sequence[Paragraph], region: str) -> tuple[str, ...]:
    """The fax numbers of contact zone and letterhead in E.164."""
    found = (
        e164(match.group(), region)
        for p in paragraphs
        if p.zone in (Zone.CONTACT, Zone.FURNITURE)
        for match in _PHONE.finditer(p.text)
        if _FAX.search(p.text, max(0, match.start() - _FAX_REACH), match.start())
    )
    return tuple(dict.fromkeys(number for number in found if number))


def email(paragraphs: Sequence[Paragraph]) -> str | None:
    """The first e-mail address of contact zone, letterhead or profile."""
    return _first(_EMAIL, [p for p in paragraphs if "@" in p.text], (Zone.CONTACT, Zone.FURNITURE, Zone.PROFILE))


def website(paragraphs: Sequence[Paragraph]) -> str | None:
    """The first web address of contact zone, letterhead or profile, absolute."""
    found = _first(_SITE, paragraphs, (Zone.CONTACT, Zone.FURNITURE, Zone.PROFILE))
    if found is None:
        return None
    found = found.rstrip(".,;:)’'")
    return found if found.lower().startswith("http") else f"http://{found}"


def e164(text: str, region: str) -> str | None:
    """The phone number in *text* as E.164, or None when it is none."""
    match = _PHONE.search(text)
    if match is None:
        return None
    return _e164(match.group(), region)


@lru_cache(maxsize=4096)
def _e164(text: str, region: str) -> str | None:
    import phonenumbers  # costs 20 ms, and many releases name no number

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region(country: str | None, postal_code: str | None) -> str:
    """The region by whose habits numbers without a country code are read; the United States where nothing is known."""
    if country and country.lower() in REGIONS:
        return REGIONS[country.lower()]
    return "CA" if postal_code and _CANADIAN_CODE.fullmatch(postal_code) else "US"


def _first(form: re.Pattern[str], paragraphs: Sequence[Paragraph], zones: Sequence[Zone]) -> str | None:
    for zone in zones:
        for paragraph in paragraphs:
            match = form.search(paragraph.text) if paragraph.zone is zone else None
            if match:
                return match.group()
    return None
