"""Names of people and what they are: ``Ann B. Ray, President``, ``Tern Chief Executive Ann Ray``, ``Dr. Ray``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

TITLE = r"(?:Dr|Mr|Ms|Mrs|Mme|M|Prof|Professor|Sir|Dame|Hon|Rev|Gen|Herr|Frau)\.?"
_WORD = r"[A-ZÀ-Þ](?:[\w’'-]*[a-zà-ÿ][\w’'-]*|[A-ZÀ-Þ’'-]{2,})"
_PARTICLE = r"(?:de|da|del|della|di|du|van|von|der|den|la|le|ter|zu|bin|al|el|dos|Le|De|Van|Von|La)"
_MIDDLE = rf"(?:[A-ZÀ-Þ]\.?(?:\s?[A-ZÀ-Þ]\.)?|[\"“][A-Z]\w+[\"”]|\([A-Z]\w+\)|{_PARTICLE}|{_WORD})"
FULL = rf"(?:{_WORD}|[A-Z]\.(?:\s?[A-Z]\.)?)(?:\s{_MIDDLE}){{0,3}}?\s{_WORD}(?:,?\s(?:Jr|Sr)\.?|,?\s(?:II|III|IV)\b)?"
"""A first name or initials, and a surname."""

_FULL = re.compile(FULL)
_TITLED = re.compile(rf"(?:(?P<title>{TITLE})\s+)?(?P<name>{FULL}|{_WORD})")
_TITLE_AHEAD = re.compile(rf"{TITLE}\s+(?=[A-ZÀ-Þ])")

ROLES = frozenset(
    """
    president ceo cfo coo cto cio cmo cso cro evp svp vp avp chief officer director directors chair chairman
    chairwoman chairperson founder
    co-founder cofounder head manager partner principal secretary treasurer counsel owner geologist minister
    mayor governor
    senator professor analyst spokesperson spokesman spokeswoman executive co-ceo co-chair co-president
    superintendent commissioner
    ambassador advisor adviser investigator scientist engineer editor dean chef producer lead leader
    coordinator specialist
    associate president-elect controller comptroller trustee administrator vice-president premier congressman
    président présidente directeur directrice geschäftsführer vorstandsvorsitzender vorstandsvorsitzende
    finanzvorstand vorstand
    aufsichtsratsvorsitzender vd verkställande presidente director-general physician
    """.split()
)
_BESIDE_ROLES = frozenset(
    """
    senior executive vice interim acting founding deputy assistant associate group global managing general
    regional corporate
    non-executive independent lead and & de général générale technical medical scientific financial operating
    commercial marketing technology
    information legal strategy investment revenue people product science business administrative sustainability
    """.split()
)

_OFFICES = (ROLES | frozenset("managing senior interim acting chief vice".split())) - {"dean", "chef", "premier"}
_OWNS = re.compile(r"[’']s?(?:\s|$)")
_CAMEL = re.compile(
    r"(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<!\bVan)(?<!\bDu)(?<!\bO)(?<!\bFitz)(?<=[a-z])[A-Z]|\d|_|&"
)
_NO_NAMES = frozenset(
    """
    inc corp ltd limited llc plc ag se gmbh group company corporation holdings holding relations investor
    investors media press contact
    office officer president director manager street avenue suite road email phone tel fax website information
    communications capital
    partners resources board directors chief canada states exchange head please the we our its this these as in
    on at for to from
    inquiries contacts team services department news public affairs call visit conference trust fund bank
    university institute
    mining gold silver energy technologies systems north south east west united new january february march
    april june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday market markets
    securities
    and or of with by about safe note management corporate development finance strategy international global solutions
    executive senior vice while if when there it today additionally moreover advisory associates agency
    consulting strategies wire newswire
    network bancorp partner products labs digital ventures therapeutics pharmaceuticals pharma health biotech
    water follow
    questions website press general shareholder ir pr linkedin facebook twitter youtube instagram inquiry
    acquisition acquisitions online store
    updates opportunities commentary dear shareholders lieutenant metals geoscientist another
    marketing law firm llp bancshares financial san los las new
    """.split()
)
"""Words of companies, places, offices and sentences: a run of capitals that holds one is no person."""


_NO_PERSONS = _NO_NAMES | _OFFICES


class Named(NamedTuple):
    """A person as one place names them: `text` as written, `name` without title, `role` where stated."""

    text: str
    name: str
    role: str | None


def is_person(text: str) -> bool:
    """Whether *text* is a first name and a surname, and nothing else."""
    words = text.split()
    return (
        2 <= len(words) <= 6
        and _NO_PERSONS.isdisjoint(word.strip(".,'’").lower() for word in words)
        and not text.isupper()
        and not _OWNS.search(text)
        and not any(_CAMEL.search(word) for word in words)
        and _FULL.fullmatch(text) is not None  # the dearest question comes last
    )


def _in(word: str, words: frozenset[str]) -> bool:
    return word.strip(".,'’").lower() in words


def bare(text: str) -> str:
    """*text* without a title in front: ``Dr. Ann Ray`` gives ``Ann Ray``."""
    match = _TITLE_AHEAD.match(text)
    return text[match.end() :] if match else text


_GENERATION = re.compile(r",?\s(?:Jr|Sr|II|III|IV)\.?$")


@lru_cache(maxsize=256)  # everybody is compared with everybody
def surname(name: str) -> str:
    """The word by which a person is named again, folded."""
    words = _GENERATION.sub("", name).split()
    return words[-1].casefold() if words else ""


def read(text: str, company: str = "") -> Named | None:
    """The person that an attribution names: role before, role behind a comma, or none; *company* is the issuer's name.

    A clause before the name (``On the permit, Ann Ray, CEO``) is passed over.
    """
    text = text.strip(" ,;:.–—-")
    tried = False
    rest = _ASIDE.sub("", _DASH.sub(", ", text))
    while rest:
        head, _, tail = _split(rest)
        words = head.split()
        at = _last_role(words)
        found = (
            _role_first(text, words, at, tail, company) if at is not None else _name_first(text, head, tail, company)
        )
        if found is not None and (found.role or not tried or is_person(head.strip())):
            return found
        rest, tried = tail.strip(), True
    return None


_DASH = re.compile(r"\s[–—-]\s")
_ASIDE = re.compile(
    r"\s+(?:also|further|then|recently|later|today)$|\s+(?:in|during|at)\s+(?:a|an|the|his|her)\s[^,]*$"
)


def _name_first(text: str, head: str, tail: str, company: str) -> Named | None:
    name = _last_name(head)
    return Named(text, bare(name), role(tail, company)) if name else None


def role(text: str, company: str = "") -> str | None:
    """The office at the start of *text*, without the company it is held in; None when it names none."""
    parts: list[str] = []
    for position, part in enumerate(re.split(r",\s+", text.strip(" ,.;"))):
        if not any(_is_role(word) for word in part.split()) and not parts:
            if position == 0 and part[:1].isupper() and len(part) < 60:
                continue  # the company before the office
            return None
        if parts and not any(_is_role(word) for word in part.split()[:4]):
            if not re.fullmatch(r"(?:[A-Z&][\w&’'-]*\s?|and\s|of\s){1,5}", part):
                break
            if _first(part) == _first(company):
                break
        parts.append(part)
    joined = ", ".join(parts)
    cut = _of_company(company).search(joined)
    return _OWNER.sub("", joined[: cut.start()] if cut else joined).strip(" ,") or None


_OWNER = re.compile(
    r"^(?:(?:the|its|our|a|an|their)\s+)?(?:[\w&.]+(?:\s[\w&.]+){0,3}?[’']s?\s+)?(?:(?:the|its|our|a|an|new|"
    r"current|then)\s+)*"
)


@lru_cache(maxsize=64)
def _of_company(company: str) -> re.Pattern[str]:
    own = re.escape(company.split()[0].strip(",.")) if company.split() else r"\Z"
    companies = rf"(?:(?:the|our|its)\s+)?(?:Company|Corporation|Group|{own})"
    return re.compile(rf"\s*,?\s*\b(?:of|at|for|with|bei|der|de|du)\s+{companies}\b|\s+(?:who|said|in\s+a)\b")


def _first(text: str) -> str:
    words = text.lower().split()
    return words[0].strip(",.") if words else ""


def _split(text: str) -> tuple[str, str, str]:
    """*text* at its first comma, but not at the one before ``Jr.``"""
    return _GENERATION_AHEAD.sub(" ", text).partition(",")


_GENERATION_AHEAD = re.compile(r",\s(?=(?:Jr|Sr)\.?\b|(?:II|III|IV)\b)")


def _is_role(word: str) -> bool:
    small = word.lower()
    return small in ROLES or small.strip(",.()’'s") in ROLES or small.strip(",.()") in ROLES


def office_words(words: list[str]) -> int:
    """How many words at the start of *words* make an office."""
    count = 0
    for word in words:
        if not (_is_role(word) or word.lower().strip(",") in _BESIDE_ROLES):
            break
        count += 1
    return count


def _last_role(words: list[str]) -> int | None:
    return next((i for i in range(len(words) - 1, -1, -1) if _is_role(words[i])), None)


def _role_first(text: str, words: list[str], at: int, tail: str, company: str) -> Named | None:
    """``Tern President Ann Ray``; ``Tern's CEO, Ann Ray``; ``Head of Sales Ann Ray``; ``Ann Ray CEO of Tern``."""
    first = next(i for i, word in enumerate(words) if _is_role(word))
    while first > 0 and words[first - 1].lower().strip(",") in _BESIDE_ROLES and words[first - 1].lower() != "and":
        first -= 1
    behind = words[at + 1 :]
    count = _name_words(behind) if behind else 0
    if not count:
        before = next((n for n in (4, 3, 2) if first >= n and is_person(" ".join(words[first - n : first]))), 0)
        if before:
            office = ", ".join([" ".join(words[first:]), tail]).strip(", ")
            return Named(text, " ".join(words[first - before : first]), role(office, company))
        ahead = _TITLED.match(tail.strip())
        if ahead is None or not is_person(ahead["name"]):
            return None
        return Named(text, ahead["name"], role(" ".join(words[first:]), company))
    name = " ".join(behind[-count:])
    between = behind[: len(behind) - count]
    return Named(text, bare(name), " ".join([*words[first : at + 1], *between]).strip(" ,"))


def _name_words(words: list[str]) -> int:
    """How many of the last words make the name."""
    joined = " ".join(words)
    if words[0][0].islower():  # "of Investor Relations Ann Ray"
        return next(
            (
                n
                for n in (3, 2)
                if len(words) > n + 1 and is_person(" ".join(words[-n:])) and (n == 2 or "." in words[-2])
            ),
            0,
        )
    if _TITLED.fullmatch(joined):
        return len(words)
    return next((n for n in (4, 3, 2) if len(words) >= n and is_person(" ".join(words[-n:]))), 0)


def _last_name(head: str) -> str | None:
    """The longest name at the end of *head*, with its title."""
    words = head.split()[-_MOST_WORDS:]
    while words and _in(words[0], _NO_NAMES) and len(words) > 1:
        words.pop(0)
    for start in range(len(words)):
        name = " ".join(words[start:])
        if _TITLED.fullmatch(name):
            return None if any(_in(word, _NO_NAMES) for word in words[start:]) else name
    return None


_MOST_WORDS = 6
"""Words of a name with its title."""
