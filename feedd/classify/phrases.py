"""The small language of cues, and the index that finds them.

A phrase is words with one blank between them, matched without case inside one sentence:

    will|to release|report     one of several words
    drill*  *breaks            any ending, any beginning
    #                          a number, with currency or unit: 25%, $1.2, 10,000
    ..3                        up to three words of any kind
    [the]                      may be missing

The first word may be neither a gap nor optional: phrases are filed by their first word, so that thousands cost one walk
over the text. Words and not regular expressions, because compiling a thousand of those takes ten seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")

REMEMBERED = 50_000
"""Words whose phrases are kept at hand."""

LONGEST_REMEMBERED = 40
"""Characters of what stands between two blanks whose words are kept at hand, `REMEMBERED` of them too."""

REMEMBERED_BEHIND = 1_000
"""Words behind each of those that begin a phrase, likewise."""

_TOKEN = re.compile(  # the plainest words first, which most are
    r"([a-z]+[^\W_]*|[$€£]?\d+(?:[.,]\d+)*%?\w*|[^\W_]+)(?:['’]s\b)?"
)
_NONE: frozenset[str] = frozenset()
_NO_WORD = "\n"  # behind the last one: no step fits it
_LONGEST_JOINT = 4
_JOINT = re.compile(r"[^\w.!?;]*")


Token = tuple[str, int, int]
"""A word of a text, and its characters ``[start, end)``."""


class Step(NamedTuple):
    """One place of a phrase: the words, stems and endings that fit, and whether a number fits.

    Up to `gap` words may stand before it; an `optional` one may be missing.
    """

    words: frozenset[str]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    number: bool
    gap: int
    optional: bool

    def fits(self, word: str) -> bool:
        """Whether *word* may stand here."""
        return (
            word in self.words
            or word.startswith(self.stems)
            or word.endswith(self.endings)
            or (self.number and is_number(word))
        )


class Found(NamedTuple, Generic[Row]):
    """A phrase's row and the characters ``[start, end)`` it matched."""

    row: Row
    start: int
    end: int


class _Phrase(NamedTuple, Generic[Row]):
    """A row's phrase, and the words one of which a text must hold; `needed` is empty where all words will do."""

    steps: tuple[Step, ...]
    row: Row
    needed: frozenset[str]

    def may_go_on(self, after: str) -> bool:
        """Whether *after* may stand right behind the first word."""
        if len(self.steps) == 1:
            return True
        second = self.steps[1]
        return second.gap > 0 or second.optional or second.fits(after)


_Phrases = list[_Phrase[Row]]


class _Behind(dict[str, _Phrases[Row]]):
    """The phrases that a word may begin, by the word right behind it; made when first asked for.

    Of the phrases that begin with a usual word, one in six goes on with the word that stands there.
    """

    def __init__(self, phrases: _Phrases[Row]) -> None:
        super().__init__()
        self._phrases = phrases
        if phrases:
            self[_NO_WORD]  # fills the first place: only that of no phrases is empty, and counts as false

    def __missing__(self, after: str) -> _Phrases[Row]:
        if len(self) >= REMEMBERED_BEHIND:
            self.clear()
        self[after] = found = [phrase for phrase in self._phrases if phrase.may_go_on(after)]
        return found


class _Beginning(dict[str, _Behind[Row]]):
    """The phrases of *index* by their first word, empty for words that begin none; remembered, because a text's words
    are mostly those of the last text."""

    def __init__(self, look_up: Callable[[str], _Phrases[Row]]) -> None:
        super().__init__()
        self._look_up = look_up
        self._none: _Behind[Row] = _Behind([])

    def __missing__(self, word: str) -> _Behind[Row]:
        if len(self) >= REMEMBERED:
            self.clear()
        phrases = self._look_up(word)
        self[word] = found = _Behind(phrases) if phrases else self._none
        return found


class Index(Generic[Row]):
    """Finds the phrases of many rows in one walk over a text."""

    def __init__(self, rows: Iterable[tuple[str, Row]]) -> None:
        self._by_word: dict[str, _Phrases[Row]] = {}
        self._by_stem: dict[str, _Phrases[Row]] = {}
        self._by_ending: dict[str, _Phrases[Row]] = {}
        self._by_number: _Phrases[Row] = []
        for phrase, row in rows:
            made = steps(phrase)
            self._file(_Phrase(made, row, _needed(made)))
        self._stem_lengths = sorted({len(stem) for stem in self._by_stem})
        self._beginning = _Beginning(self._looked_up)

    def find(self, text: str, start: int, end: int) -> Iterator[Found[Row]]:
        """Every match within ``text[start:end]``, a text in small letters, by where it begins."""
        words = tokens(text, start, end)
        bare = [word for word, _, _ in words]
        return self.walk(text, words, bare, frozenset(bare))

    def walk(
        self, text: str, words: Sequence[Token], bare: Sequence[str], at_hand: frozenset[str]
    ) -> Iterator[Found[Row]]:
        """Every match within *words*, which follow one another in *text*, by where it begins.

        `bare` are the same words without their places, `at_hand` these as a set. Most begin no phrase, and are passed
        over at the speed of C.
        """
        begun = list(map(self._beginning.__getitem__, bare))
        following = [*bare[1:], _NO_WORD]
        for place in compress(range(len(bare)), begun):
            for steps, row, needed in begun[place][following[place]]:
                if needed and needed.isdisjoint(at_hand):
                    continue
                last = _matched(steps, 1, text, words, place + 1)
                if last is not None:
                    yield Found(row, words[place][1], words[last][2])

    def _file(self, phrase: _Phrase[Row]) -> None:
        first = phrase.steps[0]
        for word in first.words:
            self._by_word.setdefault(word, []).append(phrase)
        for stem in first.stems:
            self._by_stem.setdefault(stem, []).append(phrase)
        for ending in first.endings:
            self._by_ending.setdefault(ending, []).append(phrase)
        if first.number:
            self._by_number.append(phrase)

    def _looked_up(self, word: str) -> _Phrases[Row]:
        """The phrases that *word* may begin."""
        stems = [word[:length] for length in self._stem_lengths if length <= len(word)]
        found = [*self._by_word.get(word, ()), *(row for stem in stems for row in self._by_stem.get(stem, ()))]
        found += [row for ending, rows in self._by_ending.items() if word.endswith(ending) for row in rows]
        found += self._by_number if is_number(word) else []
        return found


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The words of ``text[start:end]``, a text in small letters.

    No word holds a blank, and what stands between two blanks mostly is a word or was seen before: that asks a fifth of
    what the expression asks of a whole text.
    """
    found: list[Token] = []
    for piece in text[start:end].split(" "):
        after = start + len(piece)
        if piece.isalpha():
            found.append((piece, start, after))
        elif piece:
            within = _within if len(piece) <= LONGEST_REMEMBERED else _split
            found += [(word, start + begins, start + ends) for word, begins, ends in within(piece)]
        start = after + 1
    return found


def _split(piece: str) -> tuple[Token, ...]:
    """The words of what stands between two blanks: ``re-elected`` has two, ``$1.2`` one, a dash none."""
    return tuple((match[1], match.start(), match.end()) for match in _TOKEN.finditer(piece))


_within = lru_cache(maxsize=REMEMBERED)(_split)


def steps(phrase: str) -> tuple[Step, ...]:
    """*phrase* as the places that a text's words must fill."""
    made: list[Step] = []
    gap = 0
    for part in phrase.lower().split():
        if part.startswith(".."):
            gap = int(part[2:])
        else:
            made.append(_step(part, gap))
            gap = 0
    if not made or made[0].optional or made[0].gap or gap:
        raise ValueError(f"The phrase {phrase!r} begins or ends with a gap; write its first and last word.")
    return tuple(made)


def _needed(phrase: Sequence[Step]) -> frozenset[str]:
    """The words of the last place that is plain words only and may not be missing; none where there is no such place.

    Most phrases end with their subject, so most are out of the question for most texts.
    """
    return next((step.words for step in reversed(phrase[1:]) if _is_certain(step)), _NONE)


def _is_certain(step: Step) -> bool:
    """Whether only plain words fit, and one must stand there."""
    return not (step.stems or step.endings or step.number or step.optional)


def _step(part: str, gap: int) -> Step:
    optional = part.startswith("[")
    words = part.strip("[]").split("|")
    return Step(
        words=frozenset(word for word in words if word != "#" and "*" not in word),
        stems=tuple(word[:-1] for word in words if word.endswith("*")),
        endings=tuple(word[1:] for word in words if word.startswith("*")),
        number="#" in words,
        gap=gap,
        optional=optional,
    )


def _matched(phrase: Sequence[Step], at: int, text: str, words: Sequence[Token], place: int) -> int | None:
    """The place of the last word when ``phrase[at:]`` matches from *place*, with the shortest gaps."""
    if at == len(phrase):
        return place - 1
    plain, stems, endings, number, gap, is_optional = phrase[at]
    ended = words[place - 1][2]
    for candidate, (word, begins, ends) in enumerate(words[place : place + gap + 1], place):
        if text[ended:begins] != " " and not is_joint(text, ended, begins):
            break
        if (  # `Step.fits` without the call, which takes longer than the answer
            word in plain
            or (stems and word.startswith(stems))
            or (endings and word.endswith(endings))
            or (number and is_number(word))
        ):
            last = _matched(phrase, at + 1, text, words, candidate + 1)
            if last is not None:
                return last
        ended = ends
    return _matched(phrase, at + 1, text, words, place) if is_optional else None


def is_joint(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, what stands between two words, ends no sentence."""
    return end - start <= _LONGEST_JOINT and _joins(text[start:end])


@lru_cache(maxsize=1_000)  # few are in use, and asking the expression takes five times as long
def _joins(between: str) -> bool:
    return _JOINT.fullmatch(between) is not None


def is_number(word: str) -> bool:
    return word[0].isdigit() or word[0] in "$€£"
