"""The report of ``feedd explain`` for people: what was understood, the words that decided, what was left out.

Set for 80 columns. Colour marks state only and is never the sole carrier of meaning; in a pipe it is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from feedd.model import (
    BlockKind,
    Class,
    Contact,
    Document,
    Event,
    Evidence,
    Labels,
    Paragraph,
    Quote,
    Reading,
    Release,
    RunnerUp,
    Span,
    Zone,
)

WIDTH = 80
"""Columns the report is set for."""

MARKS = {
    Class.EARNINGS_NOTICE: ("◆", "yellow"),
    Class.OPERATIONAL_UPDATE: ("▲", "cyan"),
    Class.CORPORATE_MILESTONE: ("●", "magenta"),
}
"""Shape and colour of a class; the word stands beside them."""

_LONGEST_BAR = 10  # columns
_LEAST = 0.15  # points; sentences that weigh less are not shown
_QUOTED = 100  # characters shown of a quotation
_SHOWN = 6  # sentences with deciding words
_AROUND = 50  # characters shown on each side of deciding words
_STOP = re.compile(r"(?<=\w\w)[.!?][\"”’)]*\s+(?=[\"“A-Z])")
_BLANKS = re.compile(r"\s+")
_INDENT = (0, 0, 0, 2)
_GUTTER = 10  # columns of a zone's name; the longest has that many letters
_UNMARKED = 160  # characters shown of a paragraph of the news that decided nothing
_NEWS = frozenset({Zone.HEADLINE, Zone.SUBHEAD, Zone.DATELINE, Zone.LEAD, Zone.BODY})


def report(file: str, document: Document, reading: Reading, *, labels: Labels) -> RenderableType:
    """The report on *file*, to be printed by a Rich console; `labels` are what readers call classes."""
    release = reading.release
    parts: list[RenderableType] = [
        Text(file, style="dim"),
        Text(),
        _class_line(reading, labels),
        Text(release.title, style="bold"),
        Text(_by_line(release)),
    ]
    parts += _section("Look", [Text(f"! {reason}", style="yellow") for reason in reading.review_reasons])
    parts += _section("Held", [Text(f"! {reason}", style="red") for reason in reading.held])
    until = reading.release.embargo_until
    if until:
        words = f"Until {until.replace('T', ' ')}: “{reading.release.embargo_text}”"
        parts += _section("Embargo", [Text(words, style="red")])
    parts += _section("Fields", [_fields(release)])
    parts += _section("Summary", [Text(release.summary)] if release.summary else [])
    parts += _section("Why", list(_why(document, reading, labels)))
    parts += _section("Dates ahead", [Text(_event(event)) for event in release.events])
    parts += _section("Says", [Text(_quote(quote)) for quote in release.quotes])
    parts += _section(
        "Figures", [Text(" · ".join(figure.text for figure in release.figures))] if release.figures else []
    )
    parts += _section("Contacts", [Text(_contact(contact)) for contact in release.contacts])
    parts += _section("Doubts", [Text(warning) for warning in release.warnings])
    parts += _section("Text", [_zones(document, reading)])
    return Group(*map(_wrapping, parts), Text())


def _wrapping(part: RenderableType) -> RenderableType:
    """*part* with its lines broken even where the console would not break them."""
    inner = part.renderable if isinstance(part, Padding) else part
    if isinstance(inner, Text):
        inner.no_wrap, inner.overflow = False, "fold"
    return part


def _section(heading: str, parts: Sequence[RenderableType]) -> list[RenderableType]:
    """A heading and its indented parts; nothing when there are none."""
    return [Text(), Text(heading, style="bold dim"), *(Padding(part, _INDENT) for part in parts)] if parts else []


# ── Head ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _class_line(reading: Reading, labels: Labels) -> Text:
    classification = reading.classification
    mark, colour = MARKS[classification.class_]
    line = Text.assemble(
        (f"{mark} {labels.classes[classification.class_]}", f"bold {colour}"),
        f" · {labels.subtopics[classification.subtopic]}",
        "   decided by a person" if classification.decided else f"   {_percent(classification.confidence)} sure",
    )
    if reading.flags:
        line.append(f"   [{', '.join(reading.flags)}]", style="yellow")
    return line


def _percent(chance: float) -> str:
    """A chance as a whole number of percent, cut and not rounded: nothing is surer than it is."""
    return f"{int(100 * chance + 1e-9)}%"


def _by_line(release: Release) -> str:
    period = release.fiscal_period.text if release.fiscal_period else ""
    symbols = ", ".join(ticker.label for ticker in release.tickers)
    company = " and ".join(one.legal_name for one in release.issuers) or "company not recognised"
    source = "" if release.date_source == "dateline" else f" (from the {_SOURCES[release.date_source]})"
    return " · ".join(part for part in (company, symbols, f"{release.date}{source}", period) if part)


_SOURCES = {"label": "line above the text", "file-name": "file's name", "mtime": "file's own time"}


# ── Fields, and where they stand ────────────────────────────────────────────────────────────────────────────────


def _fields(release: Release) -> Table:
    """A row for each field that was found: its name, what it says, the zone where the text says it."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(max_width=WIDTH - 2 * _GUTTER - 6, overflow="fold")
    table.add_column(no_wrap=True, style="dim")
    for name, value, source in _rows(release):
        table.add_row(name, value, source)
    return table


def _rows(release: Release) -> Iterator[tuple[str, str, str]]:
    for company in release.issuers:
        yield "company", company.legal_name, _where(release, company.legal_name)
    for ticker in release.tickers:
        known = "" if ticker.mic is None else f" ({ticker.mic})"
        yield "ticker", f"{ticker.label}{known}", _where(release, ticker.symbol)
    yield "date", release.date, _SOURCES.get(release.date_source, release.date_source)
    if release.fiscal_period:
        yield "period", release.fiscal_period.text, _where(release, release.fiscal_period.text)
    if release.embargo_text:
        yield "embargo", release.embargo_until or _one_line(release.embargo_text), _where(release, release.embargo_text)
    yield from (("effective", date.date, _where(release, date.text)) for date in release.effective_dates)
    if release.language:
        yield "language", release.language, ""


def _where(release: Release, words: str) -> str:
    """The zone in which *words* stand first."""
    return next((p.zone.value for p in release.paragraphs if words in p.text), "")


# ── Why ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _why(document: Document, reading: Reading, labels: Labels) -> Iterator[RenderableType]:
    found = _places(document, reading.release.paragraphs, reading.classification.evidence)
    places = [place for place in found if _weight(place[1]) >= _LEAST][:_SHOWN]
    if not places:
        yield Text("No words were found that speak for a class; this is a guess.")
    else:
        yield _bars(document, places)
    if reading.classification.runner_up:
        yield _runner_up(reading.classification.runner_up, labels)


def _bars(document: Document, places: Sequence[tuple[Span, list[Evidence]]]) -> Table:
    """A row for each sentence: bar, weight, deciding words marked."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=_LONGEST_BAR, no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    strongest = max((_weight(items) for _, items in places), default=1.0)
    for place, items in places:
        bar = "█" * max(1, round(_LONGEST_BAR * _weight(items) / strongest))
        table.add_row(Text(bar, style="dim"), f"{_weight(items):.1f}", _marked(document, place, items))
    return table


def _places(
    document: Document, paragraphs: Sequence[Paragraph], evidence: Iterable[Evidence]
) -> list[tuple[Span, list[Evidence]]]:
    """The sentences that hold evidence, the weightiest first."""
    spans = [span for paragraph in paragraphs for span in paragraph.spans]
    held: dict[Span, list[Evidence]] = {}
    for item in evidence:
        inside = next((span for span in spans if span.start <= item.start and item.end <= span.end), None)
        if inside is not None:
            held.setdefault(_sentence(document.text, inside, item), []).append(item)
    return sorted(held.items(), key=lambda place: -_weight(place[1]))


def _sentence(text: str, inside: Span, item: Evidence) -> Span:
    """The sentence around *item* within a paragraph's span."""
    before = [match.end() for match in _STOP.finditer(text, inside.start, item.start)]
    after = _STOP.search(text, item.end, inside.end)
    return Span(before[-1] if before else inside.start, after.start() + 1 if after else inside.end)


def _weight(items: Iterable[Evidence]) -> float:
    return sum(item.weight for item in items)


def _marked(document: Document, place: Span, items: Sequence[Evidence]) -> Text:
    """The zone's name and the sentence, the deciding words between ›marks‹, the rest shortened."""
    text = Text(f"{items[0].zone.value}: ", style="dim")
    at = place.start
    for item in _apart(items):
        text.append(_shortened(document.text[at : item.start], head=at > place.start, tail=True), style="not dim")
        text.append(f"›{_one_line(item.text)}‹", style="bold not dim")
        at = item.end
    text.append(_shortened(document.text[at : place.end], head=True, tail=False), style="not dim")
    return text


def _shortened(text: str, *, head: bool, tail: bool) -> str:
    """*text* on one line; a long one keeps its `head`, its `tail`, or both, cut between words."""
    line = _one_line(text)
    if len(line) <= _AROUND * (head + tail):
        return line
    first = line[:_AROUND].rpartition(" ")[0] + " " if head else ""
    return f"{first}…{' ' + line[-_AROUND:].partition(' ')[2] if tail else ''}"


def _apart(items: Iterable[Evidence]) -> Iterator[Evidence]:
    """Items in reading order, without those that overlap an earlier one."""
    at = -1
    for item in sorted(items, key=lambda item: (item.start, -item.end)):
        if item.start >= at:
            yield item
            at = item.end


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", text)


def _runner_up(second: RunnerUp, labels: Labels) -> Text:
    return Text(
        f"Next: {labels.classes[second.class_]} · {labels.subtopics[second.subtopic]}, {_percent(second.confidence)}",
        style="dim",
    )


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────


def _zones(document: Document, reading: Reading) -> Table:
    """The release from top to bottom with its zones in the margin, deciding words marked; a line of what is no news."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=_GUTTER, no_wrap=True, style="dim")
    table.add_column(max_width=WIDTH - _GUTTER - 4, overflow="fold")
    for zone, group in groupby(reading.release.paragraphs, key=lambda paragraph: paragraph.zone):
        run = list(group)
        rows = [_paragraph(document, p, reading) for p in run] if zone in _NEWS else [_glance(run)]
        for number, text in enumerate(rows):
            table.add_row("" if number else zone.value, text)
    return table


def _paragraph(document: Document, paragraph: Paragraph, reading: Reading) -> Text:
    """A paragraph of the news with its deciding words between ›marks‹; one without any is cut."""
    evidence = [item for item in reading.classification.evidence if item.weight >= _LEAST]
    text = Text("* " if paragraph.kind is BlockKind.ITEM else "")
    for span in paragraph.spans:
        at = span.start
        for item in _apart(item for item in evidence if span.start <= item.start and item.end <= span.end):
            text.append(_one_line(document.text[at : item.start]))
            text.append(f"›{_one_line(item.text)}‹", style="bold")
            at = item.end
        text.append(_one_line(document.text[at : span.end]) + " ")
    text.rstrip()
    return text if text.spans or paragraph.zone is not Zone.BODY else Text(_cut(text.plain, _UNMARKED))


def _glance(run: Iterable[Paragraph]) -> Text:
    return Text(_cut(_one_line(" · ".join(p.text for p in run)), WIDTH - _GUTTER - 4), style="dim")


def _cut(text: str, length: int) -> str:
    """*text* up to *length* characters, cut between words."""
    return text if len(text) <= length else text[: length - 2].rpartition(" ")[0] + " …"


# ── Rest ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _quote(quote: Quote) -> str:
    """Who says it, as what, and how it begins."""
    who = ", ".join(filter(None, (quote.speaker or quote.speaker_text or "somebody", quote.role)))
    words = _one_line(" … ".join(quote.fragments))
    return f"{who}: “{words if len(words) <= _QUOTED else words[:_QUOTED].rpartition(' ')[0] + ' …'}”"


def _contact(contact: Contact) -> str:
    reach = [part for part in (contact.phone_text, contact.email) if part]
    return " · ".join([", ".join(contact.names), *reach] if contact.names else reach)


def _event(event: Event) -> str:
    """What and when; for a call also its numbers and code."""
    when = [event.start[:16].replace("T", " "), event.zone_text or event.zone] if event.start else [event.date]
    state = "" if event.status == "confirmed" else f"({event.status})"
    parts = [" ".join(filter(None, [event.kind.replace("-", " "), *when, event.session, state]))]
    parts += [row.text for row in event.dial_in]
    parts += [f"code {event.live_passcode}"] if event.live_passcode else []
    return " · ".join([*parts, event.webcast] if event.webcast else parts)
