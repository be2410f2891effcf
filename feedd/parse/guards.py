"""Guards: cheap questions that stand before costly forms.

A guard is words in small letters one of which every match of a form contains. Asking for a word costs a hundredth of
what a form with many branches does, and most paragraphs hold none.
"""

from __future__ import annotations

from collections.abc import Iterable


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether one of *words* stands anywhere in *text*. A generator would cost as much as looking for them."""
    return any(map(text.__contains__, words))


def small(text: str) -> str:
    """*text* in small letters, character for character: a letter whose small form has two characters stays.

    Forms that need not ask for capitals are three times as fast.
    """
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
