"""Guards are cheap, and small letters keep their places."""

from __future__ import annotations

from feedd.parse.guards import holds, small


def test_a_word_is_found_anywhere() -> None:
    assert holds("a webcast follows", ("call", "cast"))


def test_no_word_is_found_where_none_stands() -> None:
    assert not holds("an engineer speaks", ("call", "cast"))


def test_small_letters_stand_where_the_capitals_stood() -> None:
    assert small("İZMİR, Türkiye: CALL").index("call") == "İZMİR, Türkiye: CALL".index("CALL")
