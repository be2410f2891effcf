"""Which words of a release are asked."""

from __future__ import annotations

import datetime as dt

from feedd.classify.passages import REACH, TAIL_REACH, Find, halved, passages, small_letters, total
from feedd.model import Zone
from feedd.parse import parse
from feedd.readers import read

LEAD = "Halifax, May 6, 2014 - Tern Corp. (TSX:TRN) signed a contract."


def words_of(*rest: str, lead: str = LEAD, tail: bool = False) -> list[str]:
    source = "\n\n".join(("Tern Gives News", lead, *rest))
    document = read(source.encode(), name="drop.txt")
    release = parse(document, path="drop.txt", mtime=dt.datetime(2014, 7, 1, tzinfo=dt.UTC), time_zone="UTC")
    found = passages(document, release.paragraphs)
    return [word for passage in (found.tail if tail else found.head) for word, _, _ in passage.words]


def test_the_profile_is_no_part_of_the_head() -> None:
    assert "dividends" not in words_of("About Tern", "Tern pays dividends.")


def test_the_profile_is_a_part_of_the_tail() -> None:
    assert "dividends" in words_of("About Tern", "Tern pays dividends.", tail=True)


def test_the_wires_own_lines_are_no_part_of_the_tail() -> None:
    found = words_of("About Tern", "Tern pays dividends.", "View the original release on a wire with links", tail=True)

    assert "dividends" in found and "links" not in found


def test_a_long_body_is_cut_off() -> None:
    body = "Copper is a fine metal. " * 500

    assert len(" ".join(words_of(body))) < REACH[Zone.BODY] + 200
    assert len(" ".join(words_of(body, tail=True))) <= TAIL_REACH


def test_what_a_company_says_of_itself_before_its_verb_is_left_out() -> None:
    lead = "Halifax, May 6, 2014 - Tern Corp. (TSX:TRN), a maker of vaccines, today announced that it moves house."
    found = words_of(lead=lead)

    assert "vaccines" not in found
    assert {"tern", "announced", "house"} <= set(found)


def test_a_lead_without_description_is_whole() -> None:
    assert {"tern", "signed", "contract"} <= set(words_of())


def test_small_letters_keep_their_place() -> None:
    assert small_letters("İZMİR Declares DIVIDEND") == "İzmİr declares dividend"


def test_every_repetition_adds_half_of_the_last() -> None:
    finds = [Find("cue", Zone.LEAD, place, place + 1, 1.0) for place in range(3)]

    assert total(halved(finds)) == 1.75


def test_a_thousand_repetitions_add_no_more_than_the_first_two() -> None:
    finds = [Find("cue", Zone.LEAD, place, place + 1, 1.0) for place in range(2000)]

    assert total(halved(finds)) <= 2.0
