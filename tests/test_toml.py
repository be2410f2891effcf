"""Where a value stands in a TOML file, for the sentence about it."""

from __future__ import annotations

import pytest

from feedd import toml
from feedd.errors import ConfigError

TEXT = b"""top = 1
# [not.a.header]
["a.b"]
one = [5, [
    "first phrase",
    "second phrase",
]]

[[venue]]
mic = "XAAA"

[[venue]]
name = "Second"
[c.d]
e.f = 2
"""


@pytest.mark.parametrize(
    ("path", "word", "line"),
    [
        (["top"], "", 1),
        (["a.b"], "", 3),
        (["a.b", "one"], "", 4),
        (["a.b", "one"], "second", 6),
        (["venue", "0", "mic"], "", 10),
        (["venue", "1", "name"], "", 13),
        (["venue", "1", "mic"], "", 12),
        (["c", "d", "e", "f"], "", 15),
        (["nowhere"], "", 1),
    ],
)
def test_the_line_of_a_value_is_found(path: list[str], word: str, line: int) -> None:
    assert str(toml.wrong("x.toml", TEXT, path, "mend it", word=word)).startswith(f"x.toml, line {line}, is ")


def test_the_sentence_has_the_line_and_the_wish() -> None:
    assert str(toml.wrong("x.toml", TEXT, ["top"], "give a text")) == "x.toml, line 1, is 'top = 1'; give a text."


def test_what_is_no_toml_names_its_line() -> None:
    with pytest.raises(ConfigError, match=r"x\.toml, line 2, is 'b = '; write it as TOML"):
        toml.read("x.toml", b"a = 1\nb = \n")


def test_what_is_no_utf_8_names_its_line() -> None:
    with pytest.raises(ConfigError, match=r"x\.toml, line 2, .* save the file as UTF-8"):
        toml.read("x.toml", b"a = 1\nb = '\xff'\n")


def test_a_name_nearby_is_offered() -> None:
    assert toml.nearest("zonez", ["zones", "void"]) == "perhaps zones is meant"
    assert toml.nearest("qqq", ["zones", "void"]) == "take it out"
