"""What a correction changed, as people read it: facts first, then paragraphs, word by word.

    two releases ─► pairs of texts, was and now ─► pieces, changed and unchanged ─► a page's list, a letter's lines

`difflib` compares, and its cost grows with the square of what it compares. So the words or paragraphs that two texts
begin and end with alike are set aside first, and the rest is compared only while it is short.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from feedd.model import BlockKind, Change, Paragraph, Release, Zone
from feedd.render.ahead import Ahead, ahead
from feedd.render.content import one_line
from feedd.render.templates import clock, day, minute, weekday, zone_name

# Passages of one change that a page shows, and characters of a changed piece: so a page stays small, whatever was
# exchanged. Who wants more reads the release.
MAX_PASSAGES = 30
LONGEST_PIECE = 600
_PAGE_CONTEXT, _LETTER_CONTEXT = 90, 40  # unchanged characters that are shown on either side of a change
_SPARED = 40  # characters that an ellipsis is not worth
_LETTER_LINES = 2

_MAX_PAIRS = 100_000  # of words or paragraphs, one of each side: the most that is compared one by one
_LOOK_AHEAD = 10  # paragraphs among which the twin of a paragraph is looked for
_ALIKE = 0.5  # share of words in common from which on two texts are one that was changed

# A word with the points and strokes inside it ("1,204.5", "10:00"), one character of a script without blanks, a sign.
_WORD = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+(?:[.,:'’/-][^\W\u3040-\u9fff]+)*|[^\w\s]")

_TEXTS = {
    Zone.LEAD: "Text",
    Zone.BODY: "Text",
    Zone.CONTACT: "Contact",
    Zone.PROFILE: "About the company",
    Zone.BACKGROUND: "Background",
    Zone.LEGAL: "Legal notices",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: the same before and after, or changed; shortened where it holds an ellipsis.

    `was` is empty where words came in, `now` where they went.
    """

    was: str
    now: str

    @property
    def is_changed(self) -> bool:
        return self.was != self.now


Passage = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What changed in one part of a release. `is_quoted`: its passages are the release's words, not ours."""

    name: str  # "Headline", "Earnings call", "Text"
    is_quoted: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What readers see changed. `left_out` counts the passages that were too many to show."""

    parts: tuple[Part, ...]
    left_out: int


def difference(change: Change) -> Difference:
    """What *change* did to the words that a page shows; without parts when a reader sees none of it."""
    pairs = _pairs(change)
    named = groupby(pairs[:MAX_PASSAGES], key=lambda pair: (pair.part, pair.is_quoted))
    parts = tuple(Part(*its, tuple(_passage(pair, _PAGE_CONTEXT) for pair in members)) for its, members in named)
    return Difference(parts, left_out=max(0, len(pairs) - MAX_PASSAGES))


def in_brief(change: Change) -> tuple[str, ...]:
    """*change* in plain lines, ``Earnings call: Friday, 15 May 2026, 10:00 → 11:00 EDT``.

    Two passages at most; a last line counts those that are not told.
    """
    pairs = _pairs(change)
    told = pairs[:_LETTER_LINES]
    lines = tuple(f"{pair.part}: {_in_words(_passage(pair, _LETTER_CONTEXT))}" for pair in told)
    return (*lines, f"And {len(pairs) - len(told)} more.") if len(pairs) > len(told) else lines


def _in_words(passage: Passage) -> str:
    return "".join(_piece_in_words(piece) for piece in passage)


def _piece_in_words(piece: Piece) -> str:
    if not piece.is_changed:
        return piece.now
    if piece.was and piece.now:
        return f"{piece.was} → {piece.now}"
    return f"[added: {piece.now}]" if piece.now else f"[taken out: {piece.was}]"


# ── Pairs: what stood there, and what stands there now ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Pair:
    part: str
    was: str
    now: str
    is_quoted: bool = False


def _pairs(change: Change) -> list[_Pair]:
    """All that differs in more than blanks, facts first, then the text in reading order."""
    all_of_it = (*_facts(change), *_events(change), *_texts(change))
    return [pair for pair in all_of_it if _WORD.findall(pair.was) != _WORD.findall(pair.now)]


def _facts(change: Change) -> Iterator[_Pair]:
    for name, is_quoted, told in _FACTS:
        yield _Pair(name, one_line(told(change.before)), one_line(told(change.after)), is_quoted)


def _date(release: Release) -> str:
    if release.date_precision != "minute":
        return day(release.day)
    return minute(dt.datetime.fromisoformat(release.date))


_FACTS: tuple[tuple[str, bool, Callable[[Release], str]], ...] = (
    ("Headline", True, lambda release: release.title),
    ("Subheadline", True, lambda release: release.subtitle or ""),
    ("Date", False, _date),
    ("Company", False, lambda release: release.issuer.legal_name if release.issuer else ""),
    ("Tickers", False, lambda release: ", ".join(ticker.label for ticker in release.tickers)),
)


def _events(change: Change) -> Iterator[_Pair]:
    """The dated things: when, and how to take part. One that is new or gone is told by its time alone."""
    left = list(ahead(change.before))
    kept = {event.uid for event in change.after.events}
    for new in ahead(change.after):
        old = _twin(new, left, kept)
        yield _Pair(new.what, _when(old) if old else "", _when(new))
        if old:
            left.remove(old)
            for name, told in _TAKING_PART:
                yield _Pair(f"{new.what} {name}", one_line(told(old)), one_line(told(new)))
    yield from (_Pair(gone.what, _when(gone), "") for gone in left)


def _twin(new: Ahead, olds: Sequence[Ahead], kept: Collection[str]) -> Ahead | None:
    """The same event before: the same uid; else the first of its kind whose uid is not *kept* by another.

    What was corrected may be part of a uid.
    """
    same = (old for old in olds if old.event.uid == new.event.uid)
    alike = (old for old in olds if old.event.kind == new.event.kind and old.event.uid not in kept)
    return next(same, None) or next(alike, None)


def _when(it: Ahead) -> str:
    """``Friday, 15 May 2026, 10:00 EDT (not yet confirmed)``. That it moved is what the difference shows."""
    time = f"{clock(it.start)} {it.event.zone_text or zone_name(it.start)}" if it.start else ""
    when = ", ".join(filter(None, (weekday(it.day), day(it.day), time, it.session)))
    state = f" ({it.state})" if it.state and it.event.status != "rescheduled" else ""
    return one_line(when + state)


def _replay(it: Ahead) -> str:
    replay = it.event.replay
    if replay is None:
        return ""
    until = f"until {day(it.replay_until)}" if it.replay_until else ""
    return ", ".join(filter(None, (until, *(row.text for row in replay.dial_in), replay.conference_id)))


_TAKING_PART: tuple[tuple[str, Callable[[Ahead], str]], ...] = (
    ("dial-in", lambda it: ", ".join(row.text for row in it.event.dial_in)),
    ("code", lambda it: it.event.live_passcode or ""),
    ("webcast", lambda it: it.event.webcast or ""),
    ("replay", _replay),
)


def _texts(change: Change) -> Iterator[_Pair]:
    for name in dict.fromkeys(_TEXTS.values()):
        for was, now in _text_twins(_lines(change.before, name), _lines(change.after, name)):
            yield _Pair(name, was, now, is_quoted=True)


def _lines(release: Release, name: str) -> list[str]:
    """The paragraphs of one part, each on one line; of a table its rows."""
    shown = (paragraph for paragraph in release.paragraphs if _TEXTS.get(paragraph.zone) == name)
    return [one_line(line) for paragraph in shown for line in _rows(paragraph)]


def _rows(paragraph: Paragraph) -> list[str]:
    if paragraph.kind is not BlockKind.TABLE:
        return [paragraph.text]
    return paragraph.text.replace("\t", " | ").split("\n")


def _text_twins(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What differs: paragraphs with their twins, ``""`` for one that has none."""
    for was, now in _stretches(old, new):
        yield from _twins(old[was], new[now])


def _twins(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    vocabularies = [_vocabulary(text) for text in new]
    at = 0
    for text in old:
        words = _vocabulary(text)
        likeness = [_likeness(words, its) for its in vocabularies[at : at + _LOOK_AHEAD]]
        best = max(likeness, default=0.0)
        if best < _ALIKE:
            yield text, ""
            continue
        twin = at + likeness.index(best)
        yield from (("", come) for come in new[at:twin])
        yield text, new[twin]
        at = twin + 1
    yield from (("", come) for come in new[at:])


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1: twice the words in common, by the words of both (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other) or 1)


# ── Pieces: word by word ────────────────────────────────────────────────────────────────────────────────────────


def _passage(pair: _Pair, context: int) -> Passage:
    """The pieces of *pair* in order, long ones shortened; unchanged ones keep *context* characters at each change."""
    pieces = tuple(_pieces(pair.was, pair.now))
    last = len(pieces) - 1
    return tuple(
        _shortened(piece, context if at > 0 else 0, context if at < last else 0) for at, piece in enumerate(pieces)
    )


def _pieces(was: str, now: str) -> Iterator[Piece]:
    """Changed and unchanged by turns; blanks between them are unchanged. Texts that share little change as a whole."""
    if _likeness(_vocabulary(was), _vocabulary(now)) < _ALIKE:
        yield Piece(was, now)
        return
    old, new = _Words(was), _Words(now)
    blank = ""
    old_at = new_at = 0
    for its, others in (*_joined(_stretches(old.words, new.words), old.words), (old.end, new.end)):
        # Where one text ends the other may go on, with a blank.
        same = blank + max(old.text(old_at, its.start), new.text(new_at, others.start), key=len)
        if same:
            yield Piece(same, same)
        gone, come = old.text(its.start, its.stop), new.text(others.start, others.stop)
        if gone or come:
            yield Piece(gone.rstrip(), come.rstrip())
        blank = " " if gone[-1:] == " " or come[-1:] == " " else ""
        old_at, new_at = its.stop, others.stop


class _Words:
    """A text as words that know where they stand in it."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        self.words = [word.group() for word in found]
        self.end = slice(len(found), len(found))
        self._text, self._starts = text, [*(word.start() for word in found), len(text)]

    def text(self, first: int, end: int) -> str:
        """The words from *first* up to *end*, with the blank that follows them."""
        return self._text[self._starts[first] : self._starts[end]]


_Stretch = tuple[slice, slice]  # of the old and of the new sequence


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Stretch]:
    """Where two sequences differ, in order. Where too much differs, it is one stretch from first to last difference."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    olds, news = old[start : len(old) - end], new[start : len(new) - end]
    if not olds or not news or len(olds) * len(news) > _MAX_PAIRS:
        if olds or news:
            yield slice(start, start + len(olds)), slice(start, start + len(news))
        return
    for tag, i, j, k, m in SequenceMatcher(None, olds, news).get_opcodes():
        if tag != "equal":
            yield slice(start + i, start + j), slice(start + k, start + m)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many members both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (its, others) in pairs if its != others), min(len(one), len(other)))


def _joined(stretches: Iterator[_Stretch], old: Sequence[str]) -> Iterator[_Stretch]:
    """Stretches with a word or less between them are one: ``14 May → 15 June`` reads better than two changes."""
    open_: _Stretch | None = None
    for its, others in stretches:
        if open_ and sum(word[0].isalnum() for word in old[open_[0].stop : its.start]) < 2:
            open_ = slice(open_[0].start, its.stop), slice(open_[1].start, others.stop)
            continue
        if open_:
            yield open_
        open_ = its, others
    if open_:
        yield open_


# ── Shortening ──────────────────────────────────────────────────────────────────────────────────────────────────


def _context(text: str, after: int, before: int) -> str:
    """Unchanged *text*: *after* characters behind a change, *before* ahead of the next, an ellipsis for the rest."""
    if len(text) <= after + before + _SPARED:
        return text
    shown = f"{_head(text, after)} … {_tail(text, before)}"
    return shown.lstrip() if not after else shown.rstrip() if not before else shown


def _shortened(piece: Piece, after: int, before: int) -> Piece:
    if piece.is_changed:
        return Piece(_middle_out(piece.was, LONGEST_PIECE), _middle_out(piece.now, LONGEST_PIECE))
    kept = _context(piece.now, after, before)
    return Piece(kept, kept)


def _middle_out(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{_head(text, longest // 2)} … {_tail(text, longest // 2)}"


def _head(text: str, length: int) -> str:
    """At most *length* characters, up to the end of a word where there is one."""
    return text[:length].rpartition(" ")[0] or text[:length]


def _tail(text: str, length: int) -> str:
    return text[len(text) - length :].partition(" ")[2] or text[len(text) - length :]
