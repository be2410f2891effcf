"""How to take part in a call and how to hear it afterwards: numbers by audience, codes, the webcast's address.

Read from the news alone, never from the contact section; what follows a word such as "replay" belongs to the replay
until the text comes back to the live call.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from feedd.model import BlockKind, DialIn, Paragraph, Replay
from feedd.parse import contacts, days, guards, sentences, tables

_PHONE = re.compile(r"(?<![\w/.#-])\+?\(?\d[\d ().\-–/]{7,20}\d")
_FEWEST, _MOST = 9, 15  # digits of a number that can be dialled from afar
_CODE = re.compile(
    r"(?i:\b(?:code|id|identification|pass-?codes?|pin)\b|(?<=pass)codes?\b|"
    r"\bconference\s+(?=(?:number|no\.?)\s*[:#]?\s*\d{5,8}\b))"
    r"(?i:\s+(?:numbers?|no\.?))?[\s:#“\"–-]*(?i:\bis\b)?[\s:#“\"]*"
    r"(?P<code>\d(?:[ -]?\d){2,11}|(?!NUMBER|CODE|PASS)[A-Z][A-Z0-9]{3,15})(?![a-z\d])"
)
_CODE_GUARD = re.compile(r"(?:code|id(?<!\w..)|identification|pin(?<!\w...)|conference\s+n)")  # small letters
_DIAL = re.compile(
    r"\bdial|\btoll|\bcall(?:ers?|ing)\b|\btele?phone\b|\bphone\b|\binternational\b|\bdomestic\b|"
    r"\bnorth america|\bparticipants?\b|\bby calling\b|\bplease call\b|\bnumbers?\b|\breplay|"
    r"\blocal\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"@|\bcontacts?\b|\btel(?:\b|efon)|\bfax\b|\bmobile\b|\bmedia relations|\binvestor relations",
    re.IGNORECASE,
)
_LIVE = re.compile(  # small letters
    r"\blive\b|\bjoin\b|\bparticipat|\blisten to the (?:call|conference)|\bto access the (?:live |"
    r"conference )?call|\bcall details\b"
)
_LIVE_GUARD = ("live", "join", "participat", "listen to the c", "to access the", "call details")
_LINE = re.compile(r"^.*$", re.MULTILINE)
_FREE_WORDS = re.compile(r"\btoll[- ]?free\b|\bfree\s?(?:phone|call)\b|\bsans frais\b", re.IGNORECASE)
_FREE_PREFIX = re.compile(r"\+1(?:800|888|877|866|855|844|833|822)|\+44(?:800|808)|\+49800|\+61(?:1800|800)")
_DIAL_GUARD = (
    "dial", "toll", "call", "phone", "international", "domestic", "north america", "participant", "number", "replay",
    "local",
)  # fmt: skip
_ASKS_GUARD = ("@", "contact", "tel", "fax", "mobile", "relations")
_REPLAY_GUARD = (
    "replay", "broadcast", "play", "record", "archiv", "demand", "taped", "encore", "rediffusion", "aufzeichnung",
)  # fmt: skip
_LONG_NUMBER = re.compile(r"\d[\d ().\-–/]{7,20}\d")  # in every phone number; a digit ahead is fast to look for
_ADDRESS_GUARD = re.compile(r"\.[a-z]|://|www\.")  # small letters
_WHO = (
    r"international|domestic|local|overseas|elsewhere|north american?|canad(?:a|ian)"
    r"|united states|united kingdom|u\.?s\.?a?\b\.?|u\.?k\b\.?"
)
_AUDIENCE_BEFORE = re.compile(
    rf"\b(?:from|for|in)\s+(?P<place>(?:outside\s+(?:of\s+)?)?[A-Z][^:;.\d]{{1,48}}?|"
    rf"outside\s[^:;.\d]{{2,40}}?|{_WHO})(?:\s+(?:callers|participants|dial|call|"
    rf"please))?\s*[:,]?\s*$"
    rf"|\b(?P<who>{_WHO})\b[^.;\d]{{0,70}}$"
    r"|^\W*(?P<label>[A-Z][A-Za-z /&-]{1,30})(?:\s*\([^)]*\))?\s*[:–-]\s*$",
    re.IGNORECASE,
)
_AUDIENCE_BEHIND = re.compile(
    rf"\s*\((?P<bracket>[A-Za-z][^)\d]{{1,40}})\)|\s*(?:for|from)\s+(?"
    rf"P<place>{_WHO}|[A-Z][\w ./&-]{{2,40}}?)\s*(?:callers|participants|[.,;]|$)",
    re.IGNORECASE,
)
_NOT_AN_AUDIENCE = re.compile(
    r"\b(?:dial|toll|free|participants?|phone|number|numbers|replay|live|conference|tel|access|"
    r"call)\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"“”]+"
    r"|(?<![\w@./-])[a-z0-9-]{2,40}\.(?:[a-z0-9-]{2,40}\.)?(?:com|net|org|ca|de|ch|at|eu|io|co|ai|"
    r"fm|tv|live)(?:/[\w./?=&%#-]*)?(?![\w@])",
    re.IGNORECASE,
)
_WEBCAST = re.compile(
    r"\bweb[ -]?cast|\baudio[ -]?cast|\blive[ -]?stream|\bweb[ -]?conference|\blisten",
    re.IGNORECASE,
)
_WAY_IN = re.compile(
    r"\blink\b|\bjoin|\bregist|\bsign up|\baccess|\bparticipat|\battend|\burl\b|\bzoom\b|\bteams\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:press|news) release|\bpresentations?\b|\bslides?\b|\bdownload|\bquestions?\b|\breports?"
    r"\b|\bcalendar\b|\balerts\b|\bproxy\b|\bstatements?\b",
    re.IGNORECASE,
)
_WINDOW = 160
"""Characters before an address that say what it is for."""

_LONGEST = 6_000
"""Characters of a paragraph that are read; longer ones are no prose."""

_LABEL = 90
"""Characters before a number that say whose it is."""

_BARE = 3
"""Characters before an address that stands on a line of its own; the line above says what it is for."""

_COUNTS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"fourteen": 14, "thirty": 30, "sixty": 60, "ninety": 90}
_FOR = re.compile(
    r"\bfor\s+(?:(?:at\s+least|approximately|about|a\s+period\s+of|the\s+next|the\s+following|"
    r"up\s+to|a\s+minimum\s+of|a)\s+)*"
    rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})(?:\s*\(\d+\))?[\s-]*(?P<unit>hour|day|week|month|year)s?\b",
    re.IGNORECASE,
)
_DAYS_OF = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}


class Joining(NamedTuple):
    """All that a paper says about taking part in its call."""

    dial_in: tuple[DialIn, ...] = ()
    passcode: str | None = None
    webcast: str | None = None
    replay: Replay | None = None


class _Place(NamedTuple):
    """A sentence, or a line, with what it belongs to."""

    text: str
    small: str  # in small letters
    before: str  # the line or sentence above
    is_replay_from: int  # index from which the replay is spoken of; len(text) when it is not
    is_line: bool
    can_tell: bool  # its paragraph holds a code, a long number or an address


def find(paragraphs: Sequence[Paragraph], held: dt.date, region: str) -> Joining:
    """How to take part in the call on day *held*; *region* by whose habits numbers are read."""
    rows: dict[bool, list[DialIn]] = {False: [], True: []}
    codes: dict[bool, str] = {}
    until: dt.date | None = None
    places = list(_places(paragraphs))
    armed: dict[int, bool] = {}
    for index, place in enumerate(places):
        if until is None and place.is_replay_from < len(place.text):
            until = _until(place.text, held)
        if not place.can_tell:
            continue
        taken = []
        for match in _CODE.finditer(place.text) if _CODE_GUARD.search(place.small) else ():
            codes.setdefault(match.start() >= place.is_replay_from, " ".join(match["code"].split()))
            taken.append(match.span("code"))
        if _LONG_NUMBER.search(place.text) and _is_armed(places, index, armed):
            for row, at in _numbers(place, taken, region):
                rows[at >= place.is_replay_from].append(row)
    replay = Replay(until.isoformat() if until else None, _distinct(rows[True]), codes.get(True))
    return Joining(
        dial_in=_distinct(rows[False]),
        passcode=codes.get(False),
        webcast=_webcast(places),
        replay=replay if replay != Replay(None, (), None) else None,
    )


def _places(paragraphs: Sequence[Paragraph]) -> Iterator[_Place]:
    is_replay = False
    before = ""
    for paragraph in paragraphs:
        is_line = paragraph.kind is not BlockKind.PARAGRAPH
        whole = paragraph.text[:_LONGEST]
        small = guards.small(whole)
        has_cue, has_live = guards.holds(small, _REPLAY_GUARD), guards.holds(small, _LIVE_GUARD)
        can_tell = any(form.search(small) for form in (_LONG_NUMBER, _CODE_GUARD, _ADDRESS_GUARD))
        for start, end in _pieces(whole, paragraph.kind):
            text, words = whole[start:end], small[start:end]
            cue = _replay_form().search(words) if has_cue else None
            if is_replay and cue is None and has_live and _LIVE.search(words):
                is_replay = False
            # "A replay of the call …" speaks of the replay from its start; so does what stands before it.
            turn = 0 if is_replay else (_from(text, cue) if cue else len(text))
            yield _Place(text, words, before, turn, is_line, can_tell)
            is_replay = is_replay or cue is not None
            before = text


def _from(text: str, cue: re.Match[str]) -> int:
    """Where a sentence turns to the replay: at its word, or at its start when nothing can be dialled before."""
    return cue.start() if _PHONE.search(text, 0, cue.start()) or _URL.search(text, 0, cue.start()) else 0


def _pieces(text: str, kind: BlockKind) -> Iterable[tuple[int, int]]:
    """The sentences of *text* as ``[start, end)``; of a table its lines."""
    return (line.span() for line in _LINE.finditer(text)) if kind is BlockKind.TABLE else sentences.split(text)


def _replay_form() -> re.Pattern[str]:
    return tables.pattern("events.toml", "replay", "start")


def _is_armed(places: Sequence[_Place], index: int, known: dict[int, bool]) -> bool:
    """Whether numbers of a place are for dialling in: it says so, or stands among lines below words that do.

    Asked of few places only, so it looks back; *known* are the answers so far, and no place is looked at twice.
    """
    found = False
    for at in range(index, -1, -1):
        if at in known:
            found = known[at]
            break
        own = _arms(places[at])
        if own is not None:
            found = own
            break
    known[index] = found
    return found


def _arms(place: _Place) -> bool | None:
    """Whether a place itself says that its numbers are for dialling in; None where what is above it decides."""
    asks = guards.holds(place.small, _ASKS_GUARD) and _ASKS.search(place.text)
    if guards.holds(place.small, _DIAL_GUARD) and _DIAL.search(place.text):
        return not asks or bool(re.search(r"\bdial|\btoll|\breplay", place.small))
    return None if not asks and (place.is_line or place.before.rstrip().endswith(":")) else False


def _numbers(place: _Place, taken: list[tuple[int, int]], region: str) -> Iterator[tuple[DialIn, int]]:
    last = 0
    for match in _PHONE.finditer(place.text):
        count = sum(map(str.isdigit, match.group()))
        is_code = any(start <= match.start() < end for start, end in taken)
        if is_code or not _FEWEST <= count <= _MOST:
            continue
        text = match.group().strip(" -–./")
        phone = contacts.e164(text, region)
        label = place.text[last : match.start()]
        behind = place.text[match.end() : match.end() + 60]
        if phone:
            yield DialIn(_audience(label, behind), _is_free(label, phone), text, phone), match.start()
        last = match.end()


def _is_free(label: str, phone: str) -> bool:
    return bool(_FREE_PREFIX.match(phone) or (_FREE_WORDS.search(label) and not phone.startswith("+1")))


def _audience(label: str, behind: str) -> str | None:
    """Who is to use a number, by the words behind or before it."""
    found = _AUDIENCE_BEHIND.match(behind) or _AUDIENCE_BEFORE.search(label[-_LABEL:])
    words = next((value for value in found.groupdict().values() if value), None) if found else None
    if words is None or _NOT_AN_AUDIENCE.search(words):
        return None
    return words.strip(" ,")


def _distinct(rows: Sequence[DialIn]) -> tuple[DialIn, ...]:
    return tuple({row.phone: row for row in reversed(rows)}.values())[::-1]


def _until(text: str, held: dt.date) -> dt.date | None:
    """The last day of a replay, stated or countable from the call."""
    stated = next((day.day for day in days.find(text, None, held) if day.is_deadline and day.day >= held), None)
    if stated:
        return stated
    span = _FOR.search(text)
    if span is None:
        return None
    count = _COUNTS.get(span["count"].lower()) or int(span["count"])
    return held + dt.timedelta(days=round(count * _DAYS_OF[span["unit"].lower()]))


# ── The webcast ─────────────────────────────────────────────────────────────────────────────────────────────────


def _webcast(places: Sequence[_Place]) -> str | None:
    """The address that leads to the live webcast: the one that the surest words name."""
    best: tuple[int, str] = (0, "")
    for place in places:
        for match in _URL.finditer(place.text) if place.can_tell and _ADDRESS_GUARD.search(place.small) else ():
            words = place.text[: match.start()] if match.start() > _BARE else place.before
            worth = 0 if _replay_form().search(guards.small(words)) else _worth(words[-_WINDOW:])
            if worth > best[0]:
                best = (worth, match.group())
    address = best[1].rstrip(".,;:’'")
    return (address if address.lower().startswith("http") else f"http://{address}") if address else None


def _worth(words: str) -> int:
    if _WEBCAST.search(words):
        return 2 if _ELSEWHERE.search(words) else 4
    if _ELSEWHERE.search(words) or "@" in words:
        return 0
    return 3 if _WAY_IN.search(words) else 0
