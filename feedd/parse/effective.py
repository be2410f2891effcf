"""Dates from which something holds: ``effective May 31``, ``with effect from 1 July 2014``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from feedd.model import BlockKind, EffectiveDate, Paragraph, Zone
from feedd.parse import dateline, sentences

_MONTH = "(?:" + "|".join(sorted(dateline.MONTHS, key=len, reverse=True)) + r")\b\.?"
_WORDS = re.compile(
    r"\b(?:effective|with\s+effect|takes?\s+effect|took\s+effect|in\s+effect|come\s+into\s+(?:force|effect)|"
    r"comes\s+into\s+(?:force|effect)|"
    r"prend\s+effet|entre\s+en\s+vigueur|mit\s+wirkung)\b"
    r"(?:\s+(?:date|as|of|on|from|at|the|and|is|be|to|will|would|immediately|retroactively|prior|after|close|"
    r"open|opening|start|beginning|business|trading|market|à|compter|du|le|vom|zum|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b,?){0,8}[\s:,]+",
    re.IGNORECASE,
)
_YEARLESS = re.compile(
    rf"(?:(?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?|(?P<d2>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?\s+(?P<m2>{_MONTH}))(?![\d,]*\d{{3}})",
    re.IGNORECASE,
)
_MOST = 60
"""Places of one paragraph that are looked at: no paragraph for readers has more."""

_LONGEST = 80
"""Characters that `what` keeps."""


def find(paragraphs: Sequence[Paragraph], day: dt.date) -> tuple[EffectiveDate, ...]:
    """The dates in lead and body; one without a year lies in the year nearest to *day*, the release's."""
    found = (
        one
        for p in paragraphs
        if p.zone in (Zone.LEAD, Zone.BODY) and p.kind is not BlockKind.TABLE and _may_say_so(p.text)
        for one in _of(p.text, day)
    )
    return tuple({(one.text, one.date): one for one in found}.values())


def _may_say_so(text: str) -> bool:
    """Whether a word stands there that every form has; cheap."""
    return "ffect" in text or "into force" in text or "vigueur" in text or "irkung" in text or "EFFECT" in text


def _of(text: str, day: dt.date) -> Iterator[EffectiveDate]:
    for words in islice(_WORDS.finditer(text), _MOST):
        stated = dateline.DATE.match(text, words.end())
        if stated:
            date, end, inferred = dateline.as_date(stated), stated.end(), False
        else:
            short = _YEARLESS.match(text, words.end())
            date, end, inferred = (_nearest(short, day), short.end(), True) if short else (None, 0, True)
        if date:
            yield EffectiveDate(_what(text, words.start()), text[words.start() : end], date.isoformat(), inferred)


def _nearest(match: re.Match[str], day: dt.date) -> dt.date | None:
    month = dateline.MONTHS[(match["m1"] or match["m2"]).rstrip(".").lower()]
    number = int(match["d1"] or match["d2"])
    days = []
    for year in (day.year - 1, day.year, day.year + 1):
        try:
            days.append(dt.date(year, month, number))
        except ValueError:
            continue
    return min(days, key=lambda one: abs(one - day), default=None)


def _what(text: str, end: int) -> str | None:
    """The words before, from the start of their sentence."""
    before = text[:end]
    start = sentences.split(before[-300:])
    words = before[-300:][start[-1][0] :].strip(" ,;") if start else ""
    return (words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + "…") or None
