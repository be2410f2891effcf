"""Everybody whom a release names with an office, a quotation or a contact line, each once, with the forms used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from feedd.model import BlockKind, Contact, Paragraph, Person, Quote, Zone
from feedd.parse import guards, names

_OFFICE = re.compile(
    r"\b(?:President|CEO|CFO|COO|CTO|Chair(?:man|woman|person)?|(?:Chief|Vice|Executive|Managing|"
    r"Senior)\s[A-Z]\w+|Director|Founder|Co-Founder|"
    r"Minister|Mayor|Governor|Premier|Partner|Professor|Geologist)\b"
)
_OFFICE_GUARD = (
    "President", "CEO", "CFO", "COO", "CTO", "Chair", "Chief ", "Vice ", "Executive ", "Managing ", "Senior ",
    "Director", "Founder", "Minister", "Mayor", "Governor", "Premier", "Partner", "Professor", "Geologist",
)  # fmt: skip
_MOST_OFFICES = 200
"""Offices of one paragraph that are looked at: no paragraph for readers has more."""

_LINKS = frozenset(
    """
    as to is was our its the a an new current been being appointed named become becomes became its company
    company’s company's elected
    promoted senior executive interim acting founding deputy non-executive independent serving joined us joins
    md phd m.d ph.d cfa cpa p.eng p.geo
    """.split()
)
"""Words that may stand between a name and the office it has."""
_TITLED = re.compile(rf"\b((?:Dr|Mr|Ms|Mrs|Prof)\.?\s((?:{names.FULL})|[A-Z][\w’'-]+))")
_TITLES = ("Dr", "Mr", "Ms", "Prof")


@dataclass
class _Found:
    """A person while the text is read."""

    name: str
    variants: list[str] = field(default_factory=list)
    role: str | None = None
    speaker: bool = False
    contact: bool = False


def find(
    paragraphs: Sequence[Paragraph], contacts: Iterable[Contact], quotes: Iterable[Quote], company: str = ""
) -> tuple[Person, ...]:
    """Speakers, then contacts, then others with an office or a title; *company* is the issuer's name."""
    found: list[_Found] = []
    for quote in quotes:
        if quote.speaker:
            _meet(found, quote.speaker, quote.role).speaker = True
    _complete(found, paragraphs)
    for contact in contacts:
        for index, name in enumerate(contact.names):
            role = contact.roles[index] if index < len(contact.roles) else ""
            _meet(found, names.bare(name), role or None, surest=True).contact = True
    for text, named in _mentions(paragraphs, company):
        one = _meet(found, named.name, named.role)
        if text != named.name:
            _note(one, text)
    return tuple(
        Person(
            one.name, tuple(v for v in dict.fromkeys(one.variants) if v != one.name), one.role, one.speaker, one.contact
        )
        for one in found
        if " " in one.name or one.speaker or one.contact
    )


def attributed(quotes: Iterable[Quote], people: Sequence[Person]) -> tuple[Quote, ...]:
    """*quotes* with their speakers' fullest names and offices."""
    by_form = {form: person for person in reversed(people) for form in (person.name, *person.variants)}
    return tuple(_with(quote, by_form.get(quote.speaker)) if quote.speaker else quote for quote in quotes)


def _with(quote: Quote, person: Person | None) -> Quote:
    return replace(quote, speaker=person.name, role=quote.role or person.role) if person else quote


def _complete(found: list[_Found], paragraphs: Sequence[Paragraph]) -> None:
    """Gives those who are quoted by their surname alone the full name that stands elsewhere."""
    for one in found:
        if " " in one.name:
            continue
        form = re.compile(rf"\b(?:{names.TITLE}\s)?((?:[A-ZÀ-Þ][\w’'.-]*\s){{1,3}}{re.escape(one.name)})\b")
        texts = (p.text for p in paragraphs if one.name in p.text and p.zone in _NAMED)
        full = next((m[1] for text in texts for m in form.finditer(text) if names.is_person(m[1])), None)
        if full:
            one.variants.insert(0, one.name)
            one.name = full


_NAMED = (Zone.HEADLINE, Zone.SUBHEAD, Zone.LEAD, Zone.BODY, Zone.CONTACT)


def _meet(found: list[_Found], name: str, role: str | None, *, surest: bool = False) -> _Found:
    """The person of that name: known by the same surname and a first name that can be the same, or new."""
    one = next((one for one in found if _is_same(one.name, name)), None)
    if one is None:
        one = _Found(name, role=role)
        found.append(one)
        return one
    if len(name) > len(one.name):
        one.variants.insert(0, one.name)
        one.name = name
    _note(one, name)
    one.role = (role if surest and role else one.role) or role
    return one


def _note(one: _Found, form: str) -> None:
    if form != one.name:
        one.variants.append(form)


def _is_same(known: str, name: str) -> bool:
    if names.surname(known) != names.surname(name):
        return False
    one, other = known.split()[0].strip("."), name.split()[0].strip(".")
    if " " not in known or " " not in name:
        return True
    least = min(len(one), len(other), 3)
    return one[:least].casefold() == other[:least].casefold()


def _mentions(paragraphs: Sequence[Paragraph], company: str) -> Iterator[tuple[str, names.Named]]:
    """People of the news with an office beside their name, or a title before it."""
    for paragraph in paragraphs:
        if paragraph.zone not in (Zone.LEAD, Zone.BODY) or paragraph.kind is BlockKind.TABLE:
            continue
        text = paragraph.text
        if guards.holds(text, _TITLES):
            for match in _TITLED.finditer(text):
                if names.is_person(match[2]):
                    yield match[1], names.Named(match[1], match[2], None)
        yield from _with_office(text, company)


def _with_office(text: str, company: str) -> Iterator[tuple[str, names.Named]]:
    if not guards.holds(text, _OFFICE_GUARD):
        return
    last = 0
    for office in islice(_OFFICE.finditer(text), _MOST_OFFICES):
        if office.start() < last:
            continue
        before = text[max(0, office.start() - 90) : office.start()].split()
        behind = text[office.start() : office.start() + 120].split()
        name = _name_before(before)
        if name:
            phrase = names.role(_up_to_stop(" ".join(behind)), company)
            yield name, names.Named(name, name, phrase)
        else:
            count, name = _name_behind(behind)
            if name:
                yield name, names.Named(name, name, " ".join(behind[:count]).strip(","))
        last = office.end() + 40 if name else office.end()


def _name_before(words: list[str]) -> str | None:
    """The name at the end of *words*, behind the words that link it to an office."""
    end = len(words)
    while end and len(words) - end < 5 and words[end - 1].lower().strip(",.") in _LINKS:
        end -= 1
    for count in (4, 3, 2):
        name = " ".join(words[max(0, end - count) : end]).rstrip(",")
        if end >= count and words[end - count][:1].isupper() and names.is_person(name):
            return name
    return None


def _name_behind(words: list[str]) -> tuple[int, str | None]:
    """How many of *words* make the office, and the name right behind it."""
    count = names.office_words(words)
    for length in (4, 3, 2):
        name = " ".join(words[count : count + length])
        if names.is_person(name.rstrip(".,;:’'")) and not any(
            word[-1] in ",;:" for word in words[count : count + length - 1]
        ):
            return count, name.rstrip(".,;:’'")
    return count, None


_ROLE_END = re.compile(
    r"[.;:(]|,?\s(?:said|who|will|has|have|is|was|and(?=\s[a-z])|to|in|effective|with|from|since|on|"
    r"succeed\w*|replac\w*|following|where|which)(?![\w-])"
)


def _up_to_stop(text: str) -> str:
    match = _ROLE_END.search(text)
    return text[: match.start()] if match else text.rpartition(" ")[0]
