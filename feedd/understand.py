"""Understanding a drop: its bytes become a document and a reading, with reasons to doubt or hold it.

    bytes ─► read ─► document ─► parse ─► release ─► classify ─► classification ─► doubts ─► reading

Nothing here opens a file or asks a clock: equal arguments give equal readings.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from feedd import classify, events, identity, parse, readers, rules
from feedd.errors import DropError
from feedd.model import Classification, Decision, Document, Reading, Release, Zone
from feedd.rules import Rules

WITHDRAWN = "withdrawn"
"""The folder of the inbox in which a release lies to be taken back."""

_FLAG_WORDS = (  # words above and in the headline
    (
        "correction",
        re.compile(r"\bcorrection\b|\bcorrected\b|\bcorrecting and replacing\b|\bcorrigendum\b", re.IGNORECASE),
    ),
    ("update", re.compile(r"^\W*update[ds]?\s*(?:\d+\s*)?[:–—-]", re.IGNORECASE)),
    (
        "withdrawn",
        re.compile(
            r"\b(?:retracts?|retraction)\b|\bwithdraws? (?:news|press) release\b|\bshould be disregarded\b",
            re.IGNORECASE,
        ),
    ),
    ("joint", re.compile(r"\bjointly announce|\bjoint (?:news|press) release\b", re.IGNORECASE)),
)


def understand(
    data: bytes,
    *,
    path: str,
    mtime: dt.datetime,
    time_zone: str = "UTC",
    review_below: float | None = None,
    publish_unsure: bool = True,
    by: Rules | None = None,
    decision: Decision | None = None,
) -> tuple[Document, Reading]:
    """The document and reading of *data*, a drop that lay at *path* below the inbox with *mtime* (aware).

    `time_zone` (IANA) is the site's; `review_below` None takes the rule file's number; with `publish_unsure` False
    what a person should look at is held too. `by` are the rules, the package's own unless others are given;
    `decision` is what a person ruled about this release. Raises `UnreadableDocument` or `ParseError`.
    """
    by = by or rules.packaged()
    document = parse.headed(readers.read(data, name=PurePath(path).name))
    try:
        release = parse.parse(document, path=path, mtime=mtime, time_zone=time_zone, venues=by.venues)
    except DropError as refusal:
        refusal.attachments = document.attachments
        raise
    classification = classify.classify(document, release, by.lexicon, decision)
    release = _announcing(release, classification, by.names)
    least = by.lexicon.learned.review_below if review_below is None else review_below
    doubts = tuple(_doubts(document, release, classification, least))
    return document, Reading(
        release=release,
        classification=classification,
        needs_review=bool(doubts),
        review_reasons=doubts,
        held=tuple(_held(document, release, classification, doubts, publish_unsure)),
        flags=tuple(_flags(document, release, classification, path)),
        stated=document.stated,
    )


def _announcing(release: Release, classification: Classification, names: Mapping[str, str]) -> Release:
    """*release* with its events named as its company's own, and a notice's line that tells them."""
    owned = replace(release, events=events.named(release, identity.issuer_key(release, names)))
    line = events.in_short(owned, classification.subtopic)
    return replace(owned, summary_short=line) if line else owned


def _doubts(document: Document, release: Release, classification: Classification, least: float) -> Iterator[str]:
    """The sentences why a person should look."""
    if classification.confidence < least:
        yield (
            f"The class is unsure: {classify.class_label(classification.class_)} has a chance of "
            f"{classification.confidence:.1%}, and below {least:.1%} a person should look."
        )
    if classification.not_issuer:
        yield f"It looks like a third party's text: it says “{_words(classification.not_issuer[0].text)}”."
    yield from release.contradictions
    yield from document.doubts
    if release.embargo_text and not release.embargo_until:
        yield f"It speaks of an embargo whose end cannot be read: “{_words(release.embargo_text)}”."


def _held(
    document: Document, release: Release, classification: Classification, doubts: tuple[str, ...], publish_unsure: bool
) -> Iterator[str]:
    """The sentences why nothing may be published before a person lets it out."""
    if release.embargo_text and not release.embargo_until:
        yield f"It is held because the end of its embargo cannot be read: “{_words(release.embargo_text)}”."
    if document.stated.status == "withheld":
        yield "It is held because its sender marked it as withheld."
    yield from document.doubts
    if classification.not_issuer:
        yield "It is held because a third party seems to have written it, not the company."
    if doubts and not publish_unsure:
        yield "It is held because it needs review, and unsure releases are not published here."


def _flags(document: Document, release: Release, classification: Classification, path: str) -> Iterator[str]:
    top = " \n".join(p.text for p in release.paragraphs if p.zone in (Zone.LABEL, Zone.HEADLINE))
    for flag, words in _FLAG_WORDS:
        if words.search(top) or _is_stated(flag, document, release, path):
            yield flag
    if release.embargo_text:
        yield "embargoed"
    if classification.not_issuer:
        yield "not-issuer"


def _is_stated(flag: str, document: Document, release: Release, path: str) -> bool:
    """Whether something besides the headline raises *flag*."""
    match flag:
        case "joint":
            return len(release.issuers) > 1
        case "withdrawn":
            return document.stated.status == "canceled" or path.startswith(f"{WITHDRAWN}/")
    return False


def _words(text: str) -> str:
    """*text* on one line, short enough for a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else line[:79].rstrip() + "…"
