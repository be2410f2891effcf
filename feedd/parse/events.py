"""Dated things a release announces: the day of results, the call on them, meetings, conferences.

    sentences with days or hours ─► mentions (what, when) ─► one finding for each event ─► dial-ins ─► events

Where a weekday, two days or two clocks contradict each other there is no event, and a sentence says why.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from feedd.model import BlockKind, Dateline, Event, FiscalPeriod, Issuer, Paragraph, Zone
from feedd.parse import clock, dateline, days, dialins, guards, sentences, tables
from feedd.parse.clock import Clock
from feedd.parse.days import Day

RESULTS, CALL, OTHER_CALL, MEETING, CONFERENCE = (
    "results-release", "earnings-call", "other-call", "meeting", "conference",
)  # fmt: skip

_NEWS = frozenset({Zone.HEADLINE, Zone.SUBHEAD, Zone.LEAD, Zone.BODY})
_TOP = frozenset({Zone.HEADLINE, Zone.SUBHEAD, Zone.LEAD})
_SPEAKS = (
    "call", "cast", "conferenc", "conférenc", "konferenz", "webinar", "livestream", "live stream", "virtual", "online",
    "results", "earnings", "figures", "financial", "report", "statement", "release", "meeting", "agm", "egm",
    "summit", "forum", "symposium", "roadshow", "road show", "investor day", "investors day", "markets day", "expo",
)  # fmt: skip
"""What a sentence about an event contains, in small letters: a cheap question before all others."""

_MONTH_BEGINS = "|".join(sorted({name[:3] for name in dateline.MONTHS}))
_MONTH_ENDS = "|".join(sorted({name[-2:] for name in dateline.MONTHS}))
_NUMBER = re.compile(
    r"[0-9](?:(?=[\s:.ahnprstu-])(?:\s?[ap]\.?\s?m|[:.h][0-5]\d|\.?(?:st|nd|rd|th)?\s(?:of |"
    rf"de )?(?:{_MONTH_BEGINS})|-\d\d-\d\d|\s?uhr\b)"
    rf"|(?<=\s.)(?P<behind>(?<=(?:{_MONTH_ENDS})\s.)|(?<=(?:{_MONTH_ENDS})\.\s.))(?=\d?(?!\d|[.,]\d|%)))"
)
"""What a day or an hour contains, in small letters; both begin with a digit, which is fast to look for."""

_ROW_GUARD = re.compile(r":(?:(?<=(?:date|time|when|zeit):)|(?<=day:)|(?<=(?:datum|start):)|(?<=\s:))")
_ROW = re.compile(
    r"(?:^|(?<=[a-z\d.)]))(?:date(?:\s*(?:and|&|/)\s*time)?|when|day|time|datum|uhrzeit|"
    r"start(?:\s+time)?)\s*:"
)  # in small letters
_EXPECTED = re.compile(
    r"\b(?:expect|anticipat|intend|plan)(?:s|ed|ing)?\b|\bsave the date\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:second|separate|additional|media|press|french|german|spanish|chinese|mandarin|"
    r"japanese) (?:conference |media |language )?(?:call|webcast|briefing|conference)",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(?:same|that) day\b", re.IGNORECASE)
_EARLIER_HOUR = re.compile(
    r"\b(?:instead of|rather than|not|(?:previously|originally|initially)[^.;]{0,40})(?: at)?\s*$", re.IGNORECASE
)
_FROM = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_TO = re.compile(r"\s*[),]?\s*(?:to|=>)\s")
_CHANGE = re.compile(r"([mM]\.?|[A-Z]T|\)|[ap]\.m\.) to (?=\d)")  # between two hours: a change, not a span
_PERIODIC = re.compile(
    r"\b(?:earnings|quarter\w*|half[- ]year|fiscal|annual report|financial (?:results|year)|figures|interim|[qh][1-4]|"
    r"9m|12m|fy)\b",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bduration\s*:?\s*(?:approximately\s+|approx\.?\s+|about\s+)?(\d{1,3})[\s-]*(min|hour)",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(
    r"\b(?:results?|earnings|figures|quarter\w*|half[- ]year|fiscal|annual report|financials?"
    r"|[qh][1-4]|9m|12m|fy)\b",
    re.IGNORECASE,
)
_NOT_RESULTS_DAY = re.compile(
    r"\b(?:dividends?|payable|record date|deadline|expir\w+|due)\b[^,;]{0,40}$", re.IGNORECASE
)
_NEAR = 45
"""Characters behind "reports its results" in which a day makes it a promise."""

_LONGEST = 2_000
"""Characters of one sentence that are read, and five times as many of a paragraph; longer ones are no prose."""


class Found(NamedTuple):
    """The events, doubts about them, and the contradictions that kept some of them out (each also a doubt)."""

    events: tuple[Event, ...]
    warnings: tuple[str, ...]
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mention:
    """What one sentence says of one event. `is_own`: its day stands in its own part of the sentence."""

    kind: str
    days: tuple[Day, ...]
    clocks: tuple[Clock, ...]
    session: str | None
    status: str | None
    sentence: str
    words: str  # the sentence without what it says of a replay: clocks count its characters
    zone: Zone
    is_own: bool = True
    earlier: dt.date | None = None

    @property
    def day(self) -> Day | None:
        return self.days[0] if self.days else None


class _Anchor(NamedTuple):
    start: int
    end: int
    kind: str
    is_noun: bool = False  # "the publication of its results": hours near it are somebody else's


class _Context(NamedTuple):
    today: dt.date | None  # the paper's own day, None where it states none
    since: dt.date | None  # the day after which the events lie
    home: str | None
    fiscal: FiscalPeriod | None
    region: str
    is_financial: bool  # the headline or lead speaks of results
    is_periodic: bool  # and of those of a period
    kind: str | None  # of rows such as "Date: …"
    is_moved: bool  # the headline says that a day or an hour was changed


class _Contradiction(Exception):
    """The text says two things of one event."""


def find(
    paragraphs: Sequence[Paragraph],
    *,
    released: dt.date | None,
    place: Dateline | None,
    issuer: Issuer | None,
    period: FiscalPeriod | None,
    region: str,
) -> Found:
    """The events in the news of a release of day *released* (None where the text does not state it) on *period*.

    `uid` is the event's own part ("earnings-call-2024-q3"): whose event it is, is not known here. *region* is the
    one by whose habits phone numbers are read.
    """
    news = [p for p in paragraphs if p.zone in _NEWS]
    relevant = [p for p in news if _is_relevant(p.text[: 5 * _LONGEST].lower())]
    if not relevant:
        return Found((), (), ())
    head = guards.small(" ".join(p.text[:_LONGEST] for p in news if p.zone in _TOP))
    since = released or _end(period)
    context = _Context(
        today=released,
        since=since,
        home=_home(place, issuer),
        fiscal=period,
        region=region,
        is_financial=bool(_FINANCIAL.search(head)),
        is_periodic=bool(_PERIODIC.search(head)),
        kind=_row_kind(news, relevant),
        is_moved=_is_moved(news),
    )
    mentions = list(_mentions(relevant, context))
    drafts, warnings, contradictions = _settle(mentions, context)
    joined = [_with_joining(event, news, region) for event in drafts]
    return Found(tuple(joined), tuple(dict.fromkeys([*contradictions, *warnings])), tuple(contradictions))


def _is_relevant(text: str, words: Iterable[str] = _SPEAKS) -> bool:
    """Whether *text*, in small letters, can name an event with its day or hour; rows do it without one of *words*."""
    return _says_when(text) and (guards.holds(text, words) or _has_row(text))


def _has_row(text: str) -> bool:
    """Whether *text*, in small letters, has a row such as "Date: …"."""
    return _ROW_GUARD.search(text) is not None and _ROW.search(text) is not None


def _says_when(text: str) -> bool:
    """Whether *text*, in small letters, names a day or an hour."""
    if "today" in text or "tomorrow" in text or "noon" in text:
        return True
    return any(match["behind"] is None or _is_month(text, match.start()) for match in _NUMBER.finditer(text))


def _is_month(text: str, end: int) -> bool:
    """Whether the last word before *end* is a month."""
    return text[max(0, end - 12) : end].split()[-1].rstrip(".") in dateline.MONTHS


def _home(place: Dateline | None, issuer: Issuer | None) -> str | None:
    office = issuer.head_office if issuer else None
    region = place.region if place else None
    city = place.city if place else None
    names = [
        region,
        *(region or "").replace("/", ",").split(","),
        city,
        *(re.split(r"\s*[,/]\s*|\s+and\s+", city or "")),
    ]
    return clock.home([name.strip() if name else None for name in names] + ([office.country] if office else []))


def _end(period: FiscalPeriod | None) -> dt.date | None:
    """The last day of *period*, by the calendar where it is not stated."""
    if period is None or period.fiscal_year is None:
        return None
    if period.period_end:
        return dt.date.fromisoformat(period.period_end)
    return dt.date(period.fiscal_year, 3 * period.last_quarter, 30)


def _row_kind(news: Sequence[Paragraph], relevant: Sequence[Paragraph]) -> str | None:
    """What "Date:" and "Time:" on lines of their own are about: the headline's event, else the text's."""
    if not any(_has_row(guards.small(p.text)) for p in relevant):
        return None
    head = guards.small(" ".join(p.text[:_LONGEST] for p in news if p.zone is Zone.HEADLINE))
    top = guards.small(" ".join(p.text[:_LONGEST] for p in news)[: 3 * _LONGEST])
    return next((kind for text in (head, top) for kind in (CALL, CONFERENCE) if _form(kind).search(text)), None)


def _is_moved(news: Sequence[Paragraph]) -> bool:
    head = guards.small(" ".join([p.text[:_LONGEST] for p in news if p.zone is Zone.HEADLINE]))
    return _status(head) == "rescheduled" and bool(_FINANCIAL.search(head) or _form(CALL).search(head))


def _form(kind: str) -> re.Pattern[str]:
    return tables.pattern("events.toml", "kinds", _FORMS[kind])


def _hits(kind: str, small: str) -> Iterable[re.Match[str]]:
    return _form(kind).finditer(small) if guards.holds(small, _GUARDS[kind]) else ()


_FORMS = {CALL: "call", MEETING: "meeting", CONFERENCE: "conference"}
_GUARDS = {
    kind: tuple(words.split(","))
    for kind, words in {
        CALL: "call,cast,confer,confér,konfer,webinar,stream,virtual,online,briefing,presentation,meeting",
        MEETING: "meeting,agm,egm",
        CONFERENCE: "conference,summit,forum,symposium,show,investor day,investors day,markets day,expo",
    }.items()
}
"""Small words one of which every form of a kind contains."""

_RESULTS_GUARD = (
    "result", "earnings", "figures", "financials", "statement", "report", "résultat", "ergebnis", "zahlen", "bericht",
)  # fmt: skip


# ── Mentions ────────────────────────────────────────────────────────────────────────────────────────────────────


def _mentions(news: Sequence[Paragraph], context: _Context) -> Iterator[_Mention]:
    for paragraph in news:
        text = _without_dateline(paragraph)
        whole = text[: 5 * _LONGEST].lower()
        words = [word for word in _SPEAKS if word in whole]  # few are left to be looked for in each sentence
        for sentence in _sentences(text):
            small = guards.small(sentence)
            if _is_relevant(small, words):
                yield from _in_sentence(sentence, small, paragraph, context)


def _without_dateline(paragraph: Paragraph) -> str:
    opening = dateline.find(paragraph.text) if paragraph.zone is Zone.LEAD else None
    return paragraph.text[opening.end :] if opening else paragraph.text


_HALF_DAY = re.compile(
    r"(?<=[ap]\.m\.)\s+(?=(?:The|A|An|In|To|Those|Following|Participants|Please|Management|This|"
    r"All|During|Investors|For|On|You|If|Interested|Results)\b)"
)


def _sentences(text: str) -> Iterator[str]:
    text = text[: 5 * _LONGEST]
    for start, end in sentences.split(text):
        sentence = text[start:end]
        for piece in _HALF_DAY.split(sentence) if ".m. " in sentence else (sentence,):
            yield piece[:_LONGEST]


def _in_sentence(sentence: str, small: str, paragraph: Paragraph, context: _Context) -> Iterator[_Mention]:
    """What *sentence* says of events; *small* are its letters, small ones."""
    text = sentence[: _before_replay(small)]
    anchors = _anchors(text, small[: len(text)], paragraph, context)
    if not anchors:
        return
    found_days = days.find(text, context.today, context.since)
    status = _status(small)
    if status == "rescheduled":
        text = _CHANGE.sub(r"\1 => ", text)
    hours = clock.find(text, context.home, labelled=_has_row(guards.small(text)))
    found_clocks = [hour for hour in hours if status == "cancelled" or not _is_earlier(hour, text)]
    parts = list(_parts(text, anchors, found_days, found_clocks))
    made = [_mention(anchor, part, sentence, text, status, paragraph, context) for anchor, part in parts]
    yield from _shared(made, [anchor for anchor, _ in parts])


def _is_earlier(hour: Clock, text: str) -> bool:
    """Whether an hour is the one before a change."""
    before = text[max(0, hour.start - 70) : hour.start]
    return bool(_EARLIER_HOUR.search(before) or (_FROM.search(before) and _TO.match(text, hour.end)))


def _before_replay(small: str) -> int:
    """How many characters of a sentence do not speak of a replay: all, those up to its word, or none."""
    cue = tables.pattern("events.toml", "replay", "start").search(small)
    if cue is None:
        return len(small)
    return cue.start() if _form(CALL).search(small, 0, cue.start()) else 0


def _anchors(text: str, small: str, paragraph: Paragraph, context: _Context) -> list[_Anchor]:
    """What the sentence speaks of, in order; neighbours of one kind are one."""
    found = [_Anchor(m.start(), m.end(), kind) for kind in (CALL, MEETING) for m in _hits(kind, small)]
    found += _results_anchors(text, small, paragraph, context)
    if paragraph.zone in _TOP or not found:
        found += [_Anchor(m.start(), m.end(), CONFERENCE) for m in _hits(CONFERENCE, small)]
    if not found and context.kind and _has_row(small):
        found = [_Anchor(0, 0, context.kind)]
    found.sort()
    return [a for i, a in enumerate(found) if i == 0 or a.kind != found[i - 1].kind]


def _results_anchors(text: str, small: str, paragraph: Paragraph, context: _Context) -> list[_Anchor]:
    """Words that promise results: "will report its results", "results will be released", "the publication of"."""
    if not guards.holds(small, _RESULTS_GUARD):
        return []
    found = [_Anchor(m.start(), m.end(), RESULTS, bool(m["publication"])) for m in _results_form().finditer(small)]
    if not found and paragraph.zone in _TOP:
        present = _present_form().finditer(small)
        found = [_Anchor(m.start(), m.end(), RESULTS) for m in present if _dated_behind(text, m.end(), context)]
    return [anchor for anchor in found if _is_financial(small, anchor, context)]


def _is_financial(small: str, anchor: _Anchor, context: _Context) -> bool:
    """Whether results are those of a period, and not of a drill or a trial."""
    if tables.pattern("events.toml", "results", "not").search(small, anchor.start, anchor.end):
        return False
    near = tables.pattern("events.toml", "results", "period").search(small, anchor.start, anchor.end + 60)
    return bool(near) or context.is_financial


def _dated_behind(text: str, at: int, context: _Context) -> bool:
    """Whether a day still to come stands close behind: "reports its results on 6 November" is a promise."""
    near = days.find(text[at : at + _NEAR], context.today, context.since)
    return any(context.today is None or day.day > context.today for day in near)


def _own_noun() -> str:
    """Results as a thing of their own: not those in "results conference call"."""
    noun = tables.load("events.toml")["results"]["noun"]
    return rf"\b{noun}\b(?!(?:[\s-]+\w+){{0,2}}[\s-]+(?:conference|calls?|webcasts?|presentation|briefing|event)\b)"


@cache
def _results_form() -> re.Pattern[str]:
    rows = tables.load("events.toml")["results"]
    own, no_call = _own_noun(), r"(?:(?!\bcall\b|\bwebcast\b)[^;])"
    return re.compile(
        rf"\b{rows['future']}\s+(?:(?!call\b|webcast\b)\w+\s+){{0,3}}?{rows['verb']}\b{no_call}{{0,140}}?{own}"
        rf"|{own}[^.;]{{0,140}}?\b{rows['passive']}"
        r"|(?P<publication>\b(?:publication|release|announcement|reporting|disclosure|dates?)\s+(?:of|for)\s+"
        rf"[^.;]{{0,100}}?{own})"
        r"|\b(?:results|earnings|report)\s+(?:release|announcement|publication)(?:\s+date)?\s*:"
        rf"|\b{rows['foreign']}"
    )


@cache
def _present_form() -> re.Pattern[str]:
    return re.compile(rf"\b(?:reports|publishes|announces|releases|issues)\b[^.;]{{0,100}}?{_own_noun()}")


class _Part(NamedTuple):
    """A stretch of a sentence that belongs to one anchor."""

    days: list[Day]
    clocks: list[Clock]
    words: str


def _parts(
    text: str, anchors: Sequence[_Anchor], found_days: Sequence[Day], found_clocks: Sequence[Clock]
) -> Iterator[tuple[_Anchor, _Part]]:
    """Each anchor with the days, hours and words of its part; the first part begins with the sentence."""
    cuts = [0, *(anchor.start for anchor in anchors[1:]), len(text)]
    for anchor, (start, end) in zip(anchors, pairwise(cuts), strict=True):
        own_days = [day for day in found_days if start <= day.start < end]
        yield anchor, _Part(own_days, [c for c in found_clocks if start <= c.start < end], text[start:end])


def _mention(
    anchor: _Anchor,
    part: _Part,
    sentence: str,
    text: str,
    status: str | None,
    paragraph: Paragraph,
    context: _Context,
) -> _Mention:
    found_days, found_clocks, words = part
    kind = anchor.kind
    if kind == CALL and _SECOND.search(sentence):
        kind = OTHER_CALL
    now = [
        day
        for day in found_days
        if not day.is_deadline and not day.is_earlier and day.day >= (context.since or day.day)
    ]
    if kind == RESULTS:
        now = [day for day in now if not _NOT_RESULTS_DAY.search(words[: max(0, words.find(day.text))])]
    return _Mention(
        kind=kind,
        days=tuple(now),
        clocks=tuple(found_clocks),
        session=_session(guards.small(words)) if kind == RESULTS else None,
        status=status,
        sentence=sentence,
        words=text,
        zone=paragraph.zone,
        earlier=next((day.day for day in found_days if day.is_earlier), None),
    )


def _shared(mentions: Sequence[_Mention], anchors: Sequence[_Anchor]) -> list[_Mention]:
    """Mentions of one sentence lend each other the one day it names; a call takes the hour behind "publication"."""
    if len(mentions) < 2:
        return list(mentions)
    days_named = {day.day: day for mention in mentions for day in mention.days}
    lone = next(iter(days_named.values())) if len(days_named) == 1 else None
    shared = []
    for index, mention in enumerate(mentions):
        # "Following the publication of results, a call on November 5" does not say when the results come.
        is_aside = anchors[index].is_noun and not _SAME_DAY.search(mention.words)
        if not mention.days and not is_aside and mention.kind in (CALL, OTHER_CALL, RESULTS):
            near = lone or next((m.day for m in (*mentions[index + 1 :], *reversed(mentions[:index])) if m.day), None)
            mention = replace(mention, days=(near,) if near else (), is_own=False)
        if mention.kind in (CALL, OTHER_CALL) and not mention.clocks:
            lent = next((m.clocks for m, a in zip(mentions, anchors, strict=True) if a.is_noun and m.clocks), ())
            mention = replace(mention, clocks=lent)
        shared.append(mention)
    is_lent = any(m.kind in (CALL, OTHER_CALL) and m.clocks for m in shared)
    return [replace(m, clocks=()) if a.is_noun and is_lent else m for m, a in zip(shared, anchors, strict=True)]


def _session(words: str) -> str | None:
    """The half of the day that *words*, in small letters, name."""
    for name in ("after-close", "before-open"):
        if tables.pattern("events.toml", "session", name).search(words):
            return name
    return None


def _status(small: str) -> str | None:
    """What a sentence, in small letters, says of an event that is not simply to come."""
    for name in ("cancelled", "rescheduled", "tentative"):
        if tables.pattern("events.toml", "status", name).search(small):
            return name
    return None


# ── One finding for each event ──────────────────────────────────────────────────────────────────────────────────


def _settle(mentions: Sequence[_Mention], context: _Context) -> tuple[list[Event], list[str], list[str]]:
    events: list[Event] = []
    warnings: list[str] = []
    contradictions: list[str] = []
    last: dt.date | None = None
    for kind in (RESULTS, CALL, OTHER_CALL, MEETING, CONFERENCE):
        own = [m for m in mentions if m.kind == kind]
        try:
            event = _event(kind, own, context, last, warnings) if own else None
        except _Contradiction as found:
            contradictions.append(f"events: {found}; no {_NAMES[kind]} was taken from it.")
            continue
        if event:
            events.append(event)
            last = last or _day_of(event)
    return events, warnings, contradictions


_NAMES = {
    RESULTS: "day of results",
    CALL: "call",
    OTHER_CALL: "further call",
    MEETING: "meeting",
    CONFERENCE: "conference",
}


def _day_of(event: Event) -> dt.date:
    return dt.date.fromisoformat((event.start or event.date or "")[:10])


def _event(
    kind: str, mentions: Sequence[_Mention], context: _Context, last: dt.date | None, warnings: list[str]
) -> Event | None:
    """The event that *mentions* of one kind agree on; *last* is the day of results, which calls share by habit."""
    dated = _chosen([m for m in mentions if m.day])
    timed = _timed(mentions, dated)
    clocks = _main(timed) if timed else ()
    status = _status_of(mentions, dated, is_moved=context.is_moved and kind in (RESULTS, CALL))
    day = dated.day if dated else _lent_day(kind, mentions, last, clocks)
    own = _own_kind(kind, mentions, context)
    if day is None or not _is_wanted(own, day, clocks, mentions, context):
        return None
    if day.weekday_ok is False:
        raise _Contradiction(f"“{day.weekday_text}” and {day.day:%d %B %Y} are not one day")
    if day.year_inferred:
        warnings.append(f"events: “{day.text}” names no year; {day.day.year} was taken, the next such day.")
    base = Event(
        kind=own,
        status=status,
        uid=_uid(own, mentions, day.day, context),
        weekday_text=day.weekday_text,
        weekday_ok=day.weekday_ok,
        duration=_duration(mentions),
    )
    session = next((m.session for m in mentions if m.session and (not m.day or m.day.day == day.day)), None)
    return _with_time(replace(base, session=session), day.day, clocks, context, warnings)


def _chosen(dated: Sequence[_Mention]) -> _Mention | None:
    """The mention that names the day; raises where the headline and the text, or two hours, contradict."""
    if not dated:
        return None
    own = [m for m in dated if m.is_own] or list(dated)
    head = {m.day.day for m in own if m.day and m.zone is Zone.HEADLINE}
    body = [m for m in own if m.zone is not Zone.HEADLINE]
    said = {day.day for m in body for day in m.days}
    if head and said and not head & said:
        raise _Contradiction(f"the headline says {_listed(head)}, the text {_listed(said)}")
    agreed = [m for m in body if m.day and (not head or m.day.day in head)] or own
    # A mention with its weekday, then one with its hour, tells more than a bare one of the same day.
    first = agreed[0].day
    same = [m for m in agreed if m.day and first and m.day.day == first.day]
    return max(same, key=lambda m: (bool(m.day and m.day.weekday_text), bool(m.day and not m.day.year_inferred)))


def _listed(found: Iterable[dt.date]) -> str:
    return " and ".join(f"{day:%d %B %Y}" for day in sorted(found))


def _timed(mentions: Sequence[_Mention], dated: _Mention | None) -> _Mention | None:
    """The mention that names the hour: of the same day or of none. Raises where two hours contradict."""
    day = dated.day.day if dated and dated.day else None
    timed = [m for m in mentions if m.clocks and (m.day is None or day is None or m.day.day == day or not m.is_own)]
    if not timed:
        return None
    zoned = [m for m in timed if m.clocks[0].zone]
    on = day or dt.date(2000, 1, 3)
    instants = {m.clocks[0].on(on).timestamp() for m in zoned}
    hours = {hour.time for m in zoned for hour in m.clocks}
    bare = {m.clocks[0].time for m in timed if not m.clocks[0].zone}
    if len(instants) > 1 or len(bare) > 1 or (zoned and bare - hours):
        raise _Contradiction(f"two hours are given, {timed[0].clocks[0].text} and {timed[-1].clocks[0].text}")
    return max(zoned or timed, key=lambda m: len(m.clocks))


_ASIDE = re.compile(
    r"\b(?:by|before|from|until|till|to|ends?|ending|join\w*|dial\w*|regist\w+|connect\w*|log\w*|"
    r"opens?|doors|prior|conclud\w+|available|questions?)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


def _main(mention: _Mention) -> tuple[Clock, ...]:
    """The hour of the event and what it is elsewhere; hours of dialling in and ending are left out.

    Raises where the sentence gives two hours of one zone and does not say what the other is.
    """
    first, *others = mention.clocks
    kept = [first]
    for other in others:
        if other.zone in {clock.zone for clock in kept} and other.time != first.time:
            if not _ASIDE.search(mention.words[: other.start]):
                raise _Contradiction(f"two hours are given, {first.text} and {other.text}")
        elif other.zone and other.zone not in {clock.zone for clock in kept}:
            kept.append(other)
    return tuple(kept)


def _lent_day(kind: str, mentions: Sequence[_Mention], last: dt.date | None, clocks: Sequence[Clock]) -> Day | None:
    """A call without a day of its own is on the day of the results; a cancelled event on the day it had."""
    earlier = next((m.earlier for m in mentions if m.earlier), None)
    if earlier and any(m.status in ("cancelled", "rescheduled") for m in mentions):
        return Day(0, 0, earlier, "", None, False, False, True)
    if kind == CALL and last and clocks:
        return Day(0, 0, last, "", None, False, False, False)
    return None


def _is_wanted(kind: str, day: Day, clocks: Sequence[Clock], mentions: Sequence[_Mention], context: _Context) -> bool:
    if kind == RESULTS:
        return context.today is None or day.day > context.today or any(m.session for m in mentions)
    if kind == OTHER_CALL and not clocks:  # "the call with the agency on May 3" is one of many
        return False
    if kind == MEETING:  # until it is convened with an hour it is a wish
        return bool(clocks and clocks[0].zone) and not any(_EXPECTED.search(m.sentence) for m in mentions)
    return True


def _status_of(mentions: Sequence[_Mention], dated: _Mention | None, *, is_moved: bool) -> str:
    said = [m.status for m in mentions if m.status] + ["rescheduled"] * is_moved
    if "cancelled" in said:
        return "cancelled"
    if dated is None and "rescheduled" in said:
        return "cancelled"
    return next((status for status in ("rescheduled", "tentative") if status in said), "confirmed")


def _own_kind(kind: str, mentions: Sequence[_Mention], context: _Context) -> str:
    """A call on nothing financial is another call."""
    if kind != CALL or context.fiscal or context.is_periodic:
        return kind
    return CALL if any(_PERIODIC.search(m.sentence) for m in mentions) else OTHER_CALL


def _duration(mentions: Sequence[_Mention]) -> str | None:
    """ISO 8601, where a row states it."""
    found = next((match for m in mentions if (match := _DURATION.search(m.sentence))), None)
    if found is None:
        return None
    return f"PT{found[1]}{'H' if found[2].lower() == 'hour' else 'M'}"


# ── Times ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_time(event: Event, day: dt.date, clocks: Sequence[Clock], context: _Context, warnings: list[str]) -> Event:
    first = clocks[0] if clocks else None
    zone = first and _local(first.zone or context.home, context.region)
    if first is None or zone is None:
        if first is not None:
            warnings.append(f"events: the hour “{first.text}” has no time zone; the day alone was taken.")
        return replace(event, date=day.isoformat())
    if first.zone is None:
        warnings.append(f"events: the hour “{first.text}” has no time zone; {zone} was taken from the place.")
    hour = first._replace(zone=zone)
    others = [other for other in clocks[1:] if other.zone and other.zone != first.zone]
    agrees = all(hour.on(day) == other.on(day) for other in others) if others else None
    if agrees is False:
        raise _Contradiction(f"“{first.text}” and “{others[0].text}” are not one instant on {day:%d %B %Y}")
    if hour.is_out_of_season(day):
        warnings.append(
            f"events: “{first.zone_text}” is not the season of {day:%d %B %Y}; the clock of {zone} was taken."
        )
    start = hour.on(day)
    return replace(
        event,
        start=start.isoformat(),
        zone=zone,
        start_utc=start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        zone_text=first.zone_text,
        second_time_agrees=agrees,
        second_zone=_local(others[0].zone, context.region) if others else None,
        second_zone_text=others[0].zone_text if others else None,
    )


def _local(zone: str | None, region: str) -> str | None:
    """The name of the same clock in the company's own country."""
    return "America/Vancouver" if zone == "America/Los_Angeles" and region == "CA" else zone


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────

_QUARTERS = re.compile(
    r"\b(?:(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+(?:fiscal[\s-]+)?quarter|q(?"
    r"P<q>[1-4])(?!\d)|(?P<q2>[1-4])q\b"
    r"|(?P<half>half[- ]year|h1\b|first half|six months|6m\b)|(?P<nine>nine[- ]months|9m\b)"
    r"|(?P<full>full[- ]year|fiscal year|financial year|annual|12m\b|h2\b|second half|fy\s?(?=\d)|"
    r"year[- ]end))",
    re.IGNORECASE,
)
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def _uid(kind: str, mentions: Sequence[_Mention], day: dt.date, context: _Context) -> str:
    """The event's own part of its name: fiscal year and last quarter covered; else the day first stated."""
    if kind == MEETING:
        is_special = any(re.search(r"special|extraordinary|\begm\b", m.sentence, re.IGNORECASE) for m in mentions)
        return f"{kind}-{'special' if is_special else 'annual'}-{day.year}"
    covered = _covered(mentions, context.fiscal) if kind in (RESULTS, CALL) else None
    if covered:
        return f"{kind}-{covered}"
    first = next((m.earlier for m in mentions if m.earlier), day)
    return f"{kind}-{first.isoformat()}"


def _covered(mentions: Sequence[_Mention], period: FiscalPeriod | None) -> str | None:
    """``2024-q3``: the release's own period, or the one its sentences announce, which may be the next."""
    if period is None or period.fiscal_year is None:
        return None
    own = period.last_quarter
    stated = [found for m in mentions if m.day or m.clocks for found in _stated_quarters(m.sentence)]
    if not stated or own in stated:
        return f"{period.fiscal_year}-q{own}"
    return f"{period.fiscal_year + (stated[0] < own)}-q{stated[0]}"


def _stated_quarters(sentence: str) -> list[int]:
    found = []
    for match in _QUARTERS.finditer(sentence):
        number = _ORDER.get((match["word"] or "").lower()) or int(match["q"] or match["q2"] or 0)
        found.append(number or (2 if match["half"] else 3 if match["nine"] else 4))
    return found


# ── Taking part ─────────────────────────────────────────────────────────────────────────────────────────────────


def _with_joining(event: Event, news: Sequence[Paragraph], region: str) -> Event:
    if event.kind not in (CALL, OTHER_CALL):
        return event
    rows = [
        p for p in news if p.zone in (Zone.LEAD, Zone.BODY) or (p.zone is Zone.SUBHEAD and p.kind is BlockKind.LINE)
    ]
    joining = dialins.find(rows, _day_of(event), region)
    return replace(
        event,
        dial_in=joining.dial_in,
        live_passcode=joining.passcode,
        webcast=joining.webcast,
        replay=joining.replay,
    )
