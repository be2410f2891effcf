"""The small language of cues."""

from __future__ import annotations

import pytest

from feedd.classify.phrases import Index, steps, tokens


def found(phrase: str, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in Index([(phrase, "row")]).find(text.lower(), 0, len(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("dividend", "A Dividend, and dividends", ["Dividend"]),
        ("drill*", "Drilling and drills", ["Drilling", "drills"]),
        ("*breaks", "StockBreaks here", ["StockBreaks"]),
        ("will|to report", "It will report; it is to report", ["will report", "to report"]),
        ("reports ..3 results", "Reports its first quarter results", ["Reports its first quarter results"]),
        ("reports ..1 results", "Reports its first quarter results", []),
        ("close of [the] market", "close of market, close of the market", ["close of market", "close of the market"]),
        ("cut # jobs", "cut 1,200 jobs", ["cut 1,200 jobs"]),
        ("# anniversary", "its 25th anniversary", ["25th anniversary"]),
        ("first quarter", "its first-quarter call", ["first-quarter"]),
        ("company results", "the company’s results", ["company’s results"]),
    ],
)
def test_a_phrase_finds_its_words(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize(
    "text", ["It reports. Results follow", "It reports; results follow", "reports (see Note 3): why? Results"]
)
def test_a_phrase_does_not_cross_the_end_of_a_sentence(text: str) -> None:
    assert found("reports ..5 results", text) == []


def test_a_phrase_takes_the_shortest_gap() -> None:
    assert found("reports ..5 results", "reports results after results") == ["reports results"]


def test_what_was_learned_of_a_word_in_one_text_holds_for_the_next() -> None:
    index = Index([("will report", 1), ("will *s", 2), ("will [soon] hold", 3)])
    texts = ["will report", "will plans", "will hold", "will soon hold", "will"] * 2
    rows = [[hit.row for hit in index.find(text, 0, len(text))] for text in texts]
    assert rows == [[1], [2], [3], [3], []] * 2


def test_only_the_stretch_is_searched() -> None:
    text = "dividend here, dividend there"

    assert [hit.start for hit in Index([("dividend", 1)]).find(text, 5, len(text))] == [15]


def test_rows_that_share_a_first_word_are_all_found() -> None:
    index = Index([("signs contract", "a"), ("signs", "b")])

    assert {hit.row for hit in index.find("it signs contract", 0, 17)} == {"a", "b"}


@pytest.mark.parametrize("phrase", ["..3 results", "[the] results", "results ..3", ""])
def test_a_phrase_begins_and_ends_with_a_word(phrase: str) -> None:
    with pytest.raises(ValueError, match="first and last word"):
        steps(phrase)


def test_a_phrase_whose_last_word_is_missing_is_not_found() -> None:
    assert found("reports ..5 results", "it reports a dividend") == []


def test_a_stem_at_the_end_is_never_ruled_out_beforehand() -> None:
    assert found("reports ..3 drill*", "it reports its drilling") == ["reports its drilling"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the mill’s re-elected chair", ["the", "mill", "re", "elected", "chair"]),
        ("gold, silver\nand  zinc", ["gold", "silver", "and", "zinc"]),
        ("u.s. sales of $1.2 – up 25%", ["u", "s", "sales", "of", "$1.2", "up", "25%"]),
        ("x" * 50 + "/" + "y" * 50, ["x" * 50, "y" * 50]),
    ],
)
def test_words_are_told_apart_by_more_than_blanks(text: str, words: list[str]) -> None:
    found = tokens(text, 0, len(text))
    assert [word for word, _, _ in found] == words
    assert all(text[start:end].startswith(word) for word, start, end in found)


def test_words_count_from_the_beginning_of_the_text() -> None:
    assert tokens("tin, lead, zinc", 5, 15) == [("lead", 5, 9), ("zinc", 11, 15)]
