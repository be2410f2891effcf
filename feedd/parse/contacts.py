"""People to ask: names, roles, phones, addresses, from the contact zone alone.

Dial-in numbers, replay codes and conference ids stand in the body and never come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby

from feedd.model import Contact, Paragraph, Zone

_EMAIL = re.compile(
    r"(?:(?<=\d{4})|\b)[A-Za-z](?:(?!\d{4}[A-Za-z])[\w.+-])*@[A-Za-z0-9-]+(?:\.[a-zA-Z0-9-]+)*?\."
    r"(?:(?:com|net|org|info|biz|gov|edu)(?![a-vx-z])|[a-z]{2,18}(?![a-z.]\w)(?![a-z])|[A-Z]{2,4}\b)"
)
"""Pages glue neighbours together (``555-0100ir@acme.comWebsite``): a number before ends, a capital behind begins."""
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+|\(|1-|00)?\(?\d[\d\s().\-–/]{6,}\d(?![\w@])(?:\s?(?:x|ext\.?)\s?\d+)?", re.IGNORECASE
)
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s<>()\"“”]+", re.IGNORECASE)
_FAX = re.compile(r"\b(?:f|fax|facsimile|telefax)\b\W*$", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:media|press|investors?|company|corporate|ir|pr)\b[\w &/]{0,30})?"
    r"(?:contacts?|relations|inquiries|enquiries|name|attn|attention)?\s*:\s*",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof)\.?\s)?[A-ZÀ-Þ][\w'’-]+(?:\s(?:[A-ZÀ-Þ]\.|\"[A-Z]\w+\"|(?:de|van|von|der|den|di|la|Le)\b|[A-ZÀ-Þ][\w'’-]+)){1,3}"
)
_SPLIT = re.compile(r"\s*(?:,|\||;|–|—|\s-\s)\s*")
_NOT_A_NAME = re.compile(
    r"\b(?:Inc|Corp|Ltd|Limited|LLC|plc|AG|SE|GmbH|Group|Company|Holdings?|Relations|Investors?|Media|Press|Contact|"
    r"Office|Officer|President|Director|Manager|Street|Avenue|Suite|Road|Email|Phone|Tel|Fax|Website|Information|"
    r"Communications|Capital|Partners|Resources|Corporation|Board|Directors|Chief|Canada|States|Exchange|Head|Please)\b",
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


def find(paragraphs: Sequence[Paragraph], region: str) -> tuple[Contact, ...]:
    """The contacts, one for every block of lines; a block without a way to reach anyone joins the next."""
    found: list[Contact] = []
    lines = (p for p in paragraphs if p.zone is Zone.CONTACT)
    for _, group in groupby(lines, key=lambda p: p.group):
        contact = _contact([p.text for p in group], region)
        if contact is None:
            continue
        if found and found[-1].names and not _reachable(found[-1]):
            found[-1] = _merged(found[-1], contact)
        else:
            found.append(contact)
    return tuple(contact for contact in found if contact.names or _reachable(contact))


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
        if _FAX.search(p.text, 0, match.start())
    )
    return tuple(dict.fromkeys(number for number in found if number))


def email(paragraphs: Sequence[Paragraph]) -> str | None:
    """The first e-mail address of contact zone, letterhead or profile."""
    return _first(_EMAIL, paragraphs, (Zone.CONTACT, Zone.FURNITURE, Zone.PROFILE))


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


@cache
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


def _contact(lines: Sequence[str], region: str) -> Contact | None:
    people = [person for person in map(_person, lines) if person]
    number = next((match for match in map(_number, lines) if match), None)
    address = next((match.group() for match in map(_EMAIL.search, lines) if match), None)
    if not (people or number or address):
        return None
    return Contact(
        names=tuple(name for name, _ in people),
        roles=tuple(role for _, role in people),
        phone_text=number,
        phone=e164(number, region) if number else None,
        email=address,
    )


def _person(line: str) -> tuple[str, str] | None:
    """Name and role in a line such as ``Ann Ray, Vice President``."""
    first, *rest = _SPLIT.split(_LABEL.sub("", line))
    if not _NAME.fullmatch(first) or _NOT_A_NAME.search(first):
        return None
    role = ", ".join(part for part in rest if not _EMAIL.search(part) and not _PHONE.search(part))
    return first, role


def _number(line: str) -> str | None:
    match = _PHONE.search(line)
    if match is None or _FAX.search(line, 0, match.start()) or sum(c.isdigit() for c in match.group()) < 7:
        return None
    return match.group().strip()


def _reachable(contact: Contact) -> bool:
    return bool(contact.phone or contact.email)


def _merged(above: Contact, below: Contact) -> Contact:
    return Contact(
        names=above.names + below.names,
        roles=above.roles + below.roles,
        phone_text=below.phone_text,
        phone=below.phone,
        email=below.email,
    )
