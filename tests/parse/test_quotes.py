"""Quotations and who says them."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Paragraph, Quote, Zone
from feedd.parse import quotes

WORDS = "We have found copper where nobody looked."


def found(*texts: str) -> tuple[Quote, ...]:
    return quotes.find([Paragraph(Zone.BODY, BlockKind.PARAGRAPH, text, ()) for text in texts], "Tern Copper Corp.")


@pytest.mark.parametrize(
    "text",
    [
        "“We have found copper where nobody looked,” said Ann Ray.",
        '"We have found copper where nobody looked," said Ann Ray.',
        "« We have found copper where nobody looked », a déclaré Ann Ray.",
        "„We have found copper where nobody looked“, sagte Ann Ray.",
        "»We have found copper where nobody looked«, sagte Ann Ray.",
        "“We have found copper where nobody looked,” Ann Ray said.",
        "Ann Ray said, “We have found copper where nobody looked.”",
        "Ann Ray commented: “We have found copper where nobody looked.”",
        "Ann Ray: “We have found copper where nobody looked.”",
        "According to Ann Ray, “We have found copper where nobody looked.”",
        "“We have found copper where nobody looked.” – Ann Ray, President",
        "On the new vein, Ann Ray, CEO of Tern, said, “We have found copper where nobody looked.”",
    ],
)
def test_a_quotation_is_found_whatever_its_marks_and_order(text: str) -> None:
    (quote,) = found(text)

    assert quote.speaker == "Ann Ray"
    assert quote.fragments[0].rstrip(",.") == "We have found copper where nobody looked"


def test_a_quotation_split_by_its_attribution_is_one() -> None:
    (quote,) = found("“We dug,” said Ann Ray, President of Tern. “We found copper.”")

    assert quote == Quote("Ann Ray", "Ann Ray, President of Tern", "President", "said", ("We dug,", "We found copper."))


def test_a_quotation_goes_on_over_paragraphs_without_a_closing_mark() -> None:
    (quote,) = found("“We dug for years,” said Ann Ray. “Then it rained.", "“We found copper in the mud.”")

    assert quote.fragments == ("We dug for years,", "Then it rained.", "We found copper in the mud.")


def test_an_indirect_clause_may_come_first() -> None:
    (quote,) = found("Ray said that the mill is ready, adding, “We start it in May of this year.”")

    assert (quote.speaker, quote.verb) == ("Ray", "adding")


def test_he_and_she_are_who_spoke_last() -> None:
    first, second = found("“We dug for years,” said Ann Ray.", "“We are not tired,” she added.")

    assert first.speaker == second.speaker == "Ann Ray"


def test_two_speakers_of_one_paragraph_stay_apart() -> None:
    first, second = found("“We dug for years,” said Ann Ray. “I held the lamp,” added Tom Low.")

    assert (first.speaker, second.speaker) == ("Ann Ray", "Tom Low")


def test_a_line_above_may_say_who_speaks() -> None:
    (quote,) = found("Ann Ray, President, comments:", f"“{WORDS}”")

    assert (quote.speaker, quote.role) == ("Ann Ray", "President")


def test_a_long_passage_that_nobody_owns_is_kept_without_a_speaker() -> None:
    (quote,) = found("“We have dug here for more than nine years and found copper.”")

    assert quote.speaker is None


def test_a_name_within_marks_is_part_of_the_speaker() -> None:
    (quote,) = found("“We dug for years,” said Robert “Bob” Low.")

    assert quote.fragments == ("We dug for years,",)


@pytest.mark.parametrize(
    "text",
    [
        "Tern Copper Corp. (“Tern” or the “Company”) has dug.",
        'Some statements ("forward-looking statements") are made here.',
        "It paid for the book “Hills of Copper” by a local geologist.",
        "The so-called “copper rush” lasted a summer.",
        'The vein runs 5\' 6" below the "old" shaft.',
        "It trades under the symbol “TRN” today.",
    ],
)
def test_terms_titles_and_marks_of_inches_are_no_quotations(text: str) -> None:
    assert found(text) == ()


def test_only_the_news_is_quoted() -> None:
    profile = Paragraph(Zone.PROFILE, BlockKind.PARAGRAPH, "“We have dug for a century,” said Ann Ray.", ())

    assert quotes.find([profile]) == ()


def test_a_country_says_nothing() -> None:
    assert found("The United States granted the patent “Smelting of Copper in Cold Air”.") == ()
