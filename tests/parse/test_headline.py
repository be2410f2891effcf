"""Where a release begins."""

from __future__ import annotations

import pytest

from feedd.errors import ParseError
from feedd.model import Zone
from feedd.parse import headline, zones
from feedd.readers import read

LEAD = "Halifax, May 6, 2014 - Tern Copper Corp. (TSX:TRN) reports that its mill has run without a pause for a month."


def zoned(source: str) -> list[tuple[Zone, str]]:
    document = read(source.encode(), name="drop.txt")
    return [(paragraph.zone, paragraph.text) for paragraph in zones.divide(document).paragraphs]


def refused(source: str) -> ParseError:
    with pytest.raises(ParseError) as refusal:
        zoned(source)
    assert refusal.value.code == "no-headline"
    return refusal.value


@pytest.mark.parametrize(
    "label",
    [
        "News Release",
        "NEWS RELEASE 13-07",
        "For Immediate Release",
        "FOR IMMEDIATE RELEASE:",
        "Press Release #12",
        "Communiqué de presse",
        "May 6, 2014",
        "Date: May 6, 2014",
        "Trading Symbol: TSX:TRN",
        "NOT FOR DISTRIBUTION TO U.S. NEWS WIRE SERVICES",
        "EMBARGOED UNTIL 7:00 A.M., MAY 6",
    ],
)
def test_a_label_is_not_the_headline(label: str) -> None:
    labelled = zoned(f"{label}\n\nTern Copper Mill Runs for a Month\n\n{LEAD}")

    assert labelled[:2] == [(Zone.LABEL, label), (Zone.HEADLINE, "Tern Copper Mill Runs for a Month")]


def test_a_headline_wrapped_by_hand_is_joined() -> None:
    wrapped = f"TERN COPPER REPORTS THAT ITS MILL HAS RUN\nFOR A WHOLE MONTH\n\n{LEAD}"

    assert [text for zone, text in zoned(wrapped) if zone is Zone.HEADLINE] == [
        "TERN COPPER REPORTS THAT ITS MILL HAS RUN",
        "FOR A WHOLE MONTH",
    ]


def test_decks_between_headline_and_dateline_are_subheads() -> None:
    decks = zoned(f"Tern Copper Mill Runs\n\n- Output up\n- Costs flat\n\nBest month since spring\n\n{LEAD}")

    assert [zone for zone, _ in decks] == [Zone.HEADLINE, *[Zone.SUBHEAD] * 3, Zone.LEAD]


def test_a_dateline_of_its_own_leads_to_the_next_paragraph() -> None:
    source = "Tern Mill Runs\n\nHalifax, May 6, 2014 –\n\n"
    source += "Tern Copper Corp. reports that its mill has run for a whole month without a pause."

    assert [zone for zone, _ in zoned(source)] == [Zone.HEADLINE, Zone.DATELINE, Zone.LEAD]


def test_without_dateline_the_first_running_text_leads() -> None:
    source = "Tern Copper Mill Runs\n\nBest month yet\n\nTern Copper Corp. reports that its mill has run for a month."

    assert [zone for zone, _ in zoned(source)] == [Zone.HEADLINE, Zone.SUBHEAD, Zone.LEAD]


def test_a_sentence_before_a_dateline_is_a_headline() -> None:
    assert zoned(f"Tern Copper restarts its mill.\n\n{LEAD}")[0][0] is Zone.HEADLINE


def test_a_sentence_before_a_company_with_its_tickers_is_a_headline() -> None:
    news = "Tern Copper Corp. (TSX: TRN) has restarted the mill that it closed in the winter."

    assert zoned(f"Tern Copper restarts its mill.\n\n{news}")[0][0] is Zone.HEADLINE


def test_a_name_with_a_stop_is_a_headline() -> None:
    assert (
        zoned("Changes at Tern Copper Corp.\n\nThe board of the company has met and chosen a new chair.")[0][0]
        is Zone.HEADLINE
    )


def test_a_text_of_one_sentence_has_no_headline() -> None:
    assert "sentence of running text" in refused("We are glad to say that the mill is running again.").reason


def test_a_text_of_one_dateline_paragraph_has_no_headline() -> None:
    assert "opens with its dateline" in refused(LEAD).reason


def test_a_long_paragraph_is_no_headline() -> None:
    assert "characters" in refused("The mill is running and the crews are content " * 12).reason


def test_labels_alone_are_no_headline() -> None:
    assert "labels" in refused("News Release\n\nFor Immediate Release\n\n###").reason


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("May 6, 2014", True),
        ("Released: 6 May 2014", True),
        ("Posted on May 6, 2014", True),
        ("Results on May 6, 2014", False),
    ],
)
def test_a_date_line_holds_a_date_and_nothing_else(line: str, is_date: bool) -> None:
    assert headline.is_date_line(line) is is_date
