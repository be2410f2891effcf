"""Where a sentence ends."""

from __future__ import annotations

import pytest

from feedd.parse import sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Tern Copper Corp. reports a loss.",
        "The call is at 11:00 a.m. Eastern on Friday.",
        "It is the No. 2 producer in the U.S. and growing.",
        "J. B. Ray joins the board.",
        "Output rose 3.5 per cent.",
        "He said, “We did it.”",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert sentences.first_sentence(f"{sentence} Then more follows.") == sentence


def test_a_blank_that_an_export_lost_still_ends_a_sentence() -> None:
    assert sentences.first_sentence("The permit was granted.The mine opens in May.") == "The permit was granted."


def test_a_text_without_end_is_one_sentence() -> None:
    assert sentences.first_sentence("Results on 15 May") == "Results on 15 May"


def test_split_gives_spans_without_blanks() -> None:
    text = "One is done.  Two is next."

    assert [text[start:end] for start, end in sentences.split(text)] == ["One is done.", "Two is next."]


@pytest.mark.parametrize(("text", "finished"), [("Done.", True), ("as follows:", True), ("services and", False)])
def test_a_broken_sentence_is_known(text: str, finished: bool) -> None:
    assert sentences.is_finished(text) is finished
