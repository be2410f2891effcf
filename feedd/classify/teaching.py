"""Learning from decisions: each one moves the weights of its text's words a little toward the class a person gave it.

A passive-aggressive step (Crammer and others, 2006) in the order of the decisions: as far as the text needs for
standing clearly on the right side, and no further. Only words teach that others may use too: written in small letters
somewhere in the text, no part of the company's name, and not those that nearly every release has. What comes out is a
function of the decisions and the lexicon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedd.classify import lessons
from feedd.classify.lessons import NOTHING, Lesson
from feedd.classify.lexicon import Lexicon
from feedd.classify.passages import Find, total
from feedd.classify.phrases import tokens
from feedd.classify.sums import Weighed, find, weigh
from feedd.classify.terms import NUMBER, Everything
from feedd.model import Class, Document, Release

MARGIN = 1.0
"""By how much the decided class shall lead: an odds of e to 1."""

MOST_OF_STEP = 2.0
"""What one decision adds at most to the sum of its own text."""

MOST_OF_TERM = 0.35
"""The highest taught weight of a term: only one learned term in a hundred weighs more."""

TERMS_OF_ONE, MOST_TERMS = 40, 400
"""Terms that one decision teaches, those of the headline and the lead first; and that a lesson holds in all."""

SMALL_WORDS = frozenset(
    "a an and are as at be been but by for from had has have he her his i in into is it its itself more no not of on "
    "or our she so such than that the their them these they this those to up was we were which who will with would you "
    "your also all any can may about over after under each other both".split()
)

COMMON_WORDS = frozenset(
    "company companies announce announced announces new today said ceo inc corp ltd plc market through growth "
    "technology across including business million value significant year global development high first strategic "
    "support industry while one com nasdaq solutions financial capital".split()
)
"""Words that three in ten issuers or more write in the head of a release. If they taught, a decision about one release
would lean on all."""

_Weights = dict[str, dict[Class, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A release that a person decided about."""

    document: Document
    release: Release
    class_: Class


def teach(examples: Iterable[Example], lexicon: Lexicon) -> Lesson:
    """What *examples* teach, in their order; one that the rules are sure of, and right, teaches nothing."""
    rules = lexicon.taught(NOTHING)
    weights: _Weights = {}
    for example in examples:
        found = weigh(example.document, example.release, rules)
        if found.ranked[0] is not example.class_ or found.confidence < rules.learned.review_below:
            _step(weights, example.class_, found, _words(example, rules))
    return lessons.of(_strongest(weights))


def _words(example: Example, rules: Lexicon) -> dict[str, float]:
    """The terms that teach, with how strongly each stands in the text."""
    text, own = example.document.text, _own_names(example.release)
    found = find(example.document, example.release, rules, Everything()).terms
    fit = {term: total(finds) for term, finds in found.items() if _is_anybodys(term, finds, text, own)}
    return dict(sorted(fit.items(), key=lambda item: (-item[1], item[0]))[:TERMS_OF_ONE])


def _own_names(release: Release) -> set[str]:
    """The words of the names of the companies that speak."""
    names = (name.lower() for one in release.issuers for name in (one.legal_name, one.short_name) if name)
    return {word for name in names for word, _, _ in tokens(name, 0, len(name))}


def _is_anybodys(term: str, finds: Sequence[Find], text: str, own: set[str]) -> bool:
    words = set(term.split()) - {NUMBER}
    if not words or words & own or words & SMALL_WORDS or words & COMMON_WORDS:
        return False
    is_word = all(word.isalpha() and len(word) > 2 for word in words)
    return is_word and any(text[find.start : find.end].islower() for find in finds)


def _step(weights: _Weights, class_: Class, found: Weighed, words: Mapping[str, float]) -> None:
    """Moves *weights* in place."""
    lacks = MARGIN - _lead(weights, class_, found, words)
    length = sum(strength * strength for strength in words.values())
    if lacks <= 0 or not length:
        return
    for term, strength in words.items():
        step = min(lacks, MOST_OF_STEP) * strength / length
        before = weights.get(term, dict.fromkeys(Class, 0.0))
        moved = {other: max(0.0, weight - step) for other, weight in before.items()}
        weights[term] = {**moved, class_: min(MOST_OF_TERM, before[class_] + step)}


def _lead(weights: _Weights, class_: Class, found: Weighed, words: Mapping[str, float]) -> float:
    """How far *class_* stands before the next one, by the rules and by what was taught so far."""
    taught = {
        each: sum(weights[term][each] * strength for term, strength in words.items() if term in weights)
        for each in Class
    }
    sums = {each: found.sums.classes[each] + lessons.squeezed(taught[each]) for each in Class}
    return sums[class_] - max(value for each, value in sums.items() if each is not class_)


def _strongest(weights: _Weights) -> _Weights:
    return dict(sorted(weights.items(), key=lambda item: (-max(item[1].values()), item[0]))[:MOST_TERMS])
