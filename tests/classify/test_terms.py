"""Words and pairs of words."""

from __future__ import annotations

from feedd.classify import terms
from feedd.classify.passages import passage
from feedd.model import Zone


def found(text: str, *zones: Zone, known: object = None) -> dict[str, float]:
    small = text.lower()
    where = [passage(small, zone, 0, len(small)) for zone in zones or (Zone.HEADLINE,)]
    finds = terms.find(known or terms.Everything(), small, where)  # type: ignore[arg-type]
    return {term: sum(find.strength for find in some) for term, some in finds.items()}


def test_words_and_their_neighbours_are_terms() -> None:
    assert set(found("Tern digs copper")) == {"tern", "digs", "copper", "tern digs", "digs copper"}


def test_all_numbers_are_one_word() -> None:
    assert set(found("$5 for 1,200")) == {"#", "for", "# for", "for #"}


def test_a_pair_does_not_cross_the_end_of_a_sentence() -> None:
    assert "copper net" not in found("It digs copper. Net income rose")


def test_only_known_terms_are_found() -> None:
    assert set(found("Tern digs copper", known={"digs copper", "gold"})) == {"digs copper"}


def test_the_headline_says_more_than_the_body() -> None:
    assert found("copper", Zone.HEADLINE)["copper"] > found("copper", Zone.BODY)["copper"]


def test_a_find_stands_where_it_says() -> None:
    text = "tern digs copper"
    (find,) = terms.find({"digs copper": 1}, text, [passage(text, Zone.LEAD, 0, len(text))])["digs copper"]

    assert (text[find.start : find.end], find.rule) == ("digs copper", "term/digs copper")
