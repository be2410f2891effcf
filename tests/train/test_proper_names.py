"""Which words are names."""

from __future__ import annotations

import datetime as dt

from feedd.parse import parse
from feedd.readers import read
from tests.train.names import small_share, small_shares

TEXT = (
    "Tern Gives News\n\nHalifax, May 6, 2014 - Tern Corp. (TSX:TRN) digs copper at Cold Creek, and copper at Gull. "
    "Copper is fine. It sells copper to Gull."
)


def shares() -> dict[str, float]:
    document = read(TEXT.encode(), name="drop.txt")
    mtime = dt.datetime(2014, 7, 1, tzinfo=dt.UTC)
    return small_shares([parse(document, path="drop.txt", mtime=mtime, time_zone="UTC")])


def test_a_name_is_never_small() -> None:
    assert shares()["gull"] == 0.0


def test_the_beginning_of_a_sentence_does_not_count() -> None:
    assert shares()["copper"] == 1.0


def test_a_term_is_as_small_as_its_most_name_like_word() -> None:
    assert small_share("copper gull", shares()) == 0.0
    assert small_share("# copper", shares()) == 1.0


def test_a_word_that_running_text_never_holds_is_taken_for_a_name() -> None:
    assert small_share("zinc", shares()) == 0.0
