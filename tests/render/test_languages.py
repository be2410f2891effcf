"""The same release in other languages: what they are called, and which pages belong together."""

from __future__ import annotations

import pytest
from newsroom import SITE, changed

from factories import an_entry
from feedd.model import Alternate, Past
from feedd.render.languages import language_name, languages

FRENCH = Alternate("fr", "releases/2026/03/coule/", "Harbour Copper coule sa première cathode")
GERMAN = Alternate("de", "releases/2026/03/giesst/", "Harbour Copper giesst")


@pytest.mark.parametrize(
    ("tag", "name"),
    [("fr", "Français"), ("fr-CA", "Français (CA)"), ("FR", "Français"), ("zh-Hant", "中文 (Hant)"), ("tlh", "tlh")],
)
def test_a_language_is_called_what_it_calls_itself(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_the_own_page_comes_first_and_every_page_once() -> None:
    entry = changed(an_entry("Tin"), language="it")
    own = Alternate("it", entry.path, "Tin")
    assert languages(entry, Past(alternates=(FRENCH, GERMAN), translation_of=GERMAN), SITE) == (own, GERMAN, FRENCH)


def test_a_release_without_language_is_in_that_of_the_site() -> None:
    entry = changed(an_entry(), language=None)
    assert [its.language for its in languages(entry, Past(alternates=(FRENCH,)), SITE)] == ["en", "fr"]


def test_a_release_that_stands_alone_has_no_others() -> None:
    assert languages(an_entry(), Past(), SITE) == ()
