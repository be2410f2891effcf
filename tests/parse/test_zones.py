"""Zones: what is the news, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedd.model import BlockKind, Document, Zone
from feedd.parse import zones
from feedd.readers import read

OPENING = (
    "Tern Copper Mill Runs for a Month\n\n"
    "Halifax, May 6, 2014 - Tern Copper Corp. (TSX:TRN) reports that its mill has run without a pause for a month.\n\n"
)
BODY = "The crews changed the liners in April, and the throughput has been above the plan in every week since then."
OPEN = "The crews of all three shifts thank the town and"
CLOSE = "its people for a month of patience and of help."
LETTERHEAD = (
    "Head Office\n\nT. 902 555 0100\n\n"
    "Tern Copper Corp.\n12 Harbour Road\nHalifax, NS B3J 1A1\nCanada\n\n"
    "F. 902 555 0101"
)


def divided(rest: str, name: str = "drop.txt") -> zones.Division:
    return zones.divide(read((OPENING + rest).encode(), name=name))


def zone_of(division: zones.Division, start: str) -> Zone:
    return next(paragraph.zone for paragraph in division.paragraphs if paragraph.text.startswith(start))


def body(division: zones.Division) -> list[str]:
    return [p.text for p in division.paragraphs if p.zone in (Zone.LEAD, Zone.BODY)]


@pytest.mark.parametrize(
    ("heading", "zone"),
    [
        ("About Tern Copper", Zone.PROFILE),
        ("ABOUT TERN COPPER CORP.", Zone.PROFILE),
        ("Company Profile", Zone.PROFILE),
        ("Tern Copper at a Glance", Zone.PROFILE),
        ("À propos de Tern", Zone.PROFILE),
        ("Contact", Zone.CONTACT),
        ("Contact Information:", Zone.CONTACT),
        ("Investor Relations Contact", Zone.CONTACT),
        ("For further information, please contact:", Zone.CONTACT),
        ("Media Inquiries", Zone.CONTACT),
        ("Forward-Looking Statements", Zone.LEGAL),
        ("Cautionary Note Regarding Forward-Looking Information", Zone.LEGAL),
        ("Safe Harbor Statement", Zone.LEGAL),
        ("Non-GAAP Measures", Zone.LEGAL),
    ],
)
def test_a_heading_opens_its_section(heading: str, zone: Zone) -> None:
    division = divided(f"{BODY}\n\n{heading}\n\nWords that belong to the section and not to the news at all.")

    assert zone_of(division, heading.rstrip(":")) is zone
    assert zone_of(division, "Words that belong") is zone
    assert body(division)[-1] == BODY


@pytest.mark.parametrize(
    "start",
    [
        'Some statements ("forward-looking statements") in this news release contain forward-looking information.',
        "This press release contains forward-looking statements about the plans of the company and its mill.",
        "Certain statements in this release may be about the future and may turn out to be wrong in the end.",
        "Neither TSX Venture Exchange nor its Regulation Services Provider accepts responsibility for this release.",
        "The securities have not been and will not be registered under the law of any other country at all.",
    ],
)
def test_lawyers_text_is_known_without_heading(start: str) -> None:
    assert zone_of(divided(f"{BODY}\n\n{start}"), start[:20]) is Zone.LEGAL


def test_a_run_in_profile_is_a_profile() -> None:
    assert zone_of(divided(f"{BODY}\n\nAbout Tern Copper: Tern mines copper near Halifax."), "About") is Zone.PROFILE


def test_headed_history_after_the_profile_is_background() -> None:
    division = divided(
        f"{BODY}\n\nAbout Tern\n\nTern mines copper.\n\nThe Cold Creek District\n\nMen dug here for long."
    )

    assert zone_of(division, "Men dug") is Zone.BACKGROUND
    assert [section.kind for section in division.removed] == ["issuer_profile", "background"]


def test_a_heading_within_the_news_stays_in_the_body() -> None:
    division = divided(f"The Month in Detail\n\n{BODY}")
    (heading,) = (p for p in division.paragraphs if p.text == "The Month in Detail")

    assert (heading.zone, heading.kind) == (Zone.BODY, BlockKind.HEADING)


def test_rows_of_the_news_stay_in_the_body() -> None:
    division = divided("Dial as follows:\n\nFrom Canada: 1-800-555-0100\nFrom elsewhere: 1-604-555-0100")

    assert body(division)[-2:] == ["From Canada: 1-800-555-0100", "From elsewhere: 1-604-555-0100"]


def test_a_letterhead_between_paragraphs_is_cut_out() -> None:
    division = divided(f"{BODY}\n\n{LETTERHEAD}\n\nThe board is content.")

    assert body(division)[1:] == [BODY, "The board is content."]


def test_a_sentence_broken_by_a_letterhead_is_joined() -> None:
    division = divided(f"{OPEN}\n\n{LETTERHEAD}\n\n{CLOSE}")
    joined = division.paragraphs[2]

    assert joined.text == f"{OPEN} {CLOSE}"
    assert len(joined.spans) == 2


def test_a_letterhead_at_the_end_of_the_file_is_furniture() -> None:
    division = divided(f"{BODY}\n\n{LETTERHEAD}")

    assert division.removed[-1].kind == "furniture"
    assert division.removed[-1].heading == "Head Office"


@pytest.mark.parametrize("mark", ["###", "-30-", "- 2 -", "-more-", "Page 2 of 3", "ENDS", "* * *", "____"])
def test_page_marks_are_furniture(mark: str) -> None:
    assert zone_of(divided(f"{BODY}\n\n{mark}"), mark) is Zone.FURNITURE


def test_a_line_that_breaks_a_sentence_on_every_page_is_furniture() -> None:
    page_head = "Tern Copper Corp. News of May"
    division = divided(f"{OPEN}\n\n{page_head}\n\n{CLOSE}\n\n{page_head}\n\n{BODY}")

    assert body(division)[1:] == [f"{OPEN} {CLOSE}", BODY]


def test_the_wires_own_lines_are_the_footer() -> None:
    division = divided(f"{BODY}\n\nSOURCE Tern Copper Corp.\n\nView the original release on wire.example")

    assert [section.kind for section in division.removed] == ["wire_footer"]


def test_a_source_below_a_figure_does_not_end_the_news() -> None:
    more = "The second month will tell whether the liners hold, and the company will say so in its next report. " * 4
    division = divided(f"Source: Tern Copper\n\n{more.strip()}")

    assert len(body(division)) == 3


def test_headings_are_not_part_of_the_removed_text() -> None:
    (section,) = divided(f"{BODY}\n\nAbout Tern\n\nTern mines copper.").removed

    assert (section.heading, section.text) == ("About Tern", "Tern mines copper.")


def test_every_paragraph_has_its_characters() -> None:
    source = (OPENING + f"{BODY}\n\n{LETTERHEAD}").encode()
    document = read(source, name="drop.txt")

    for paragraph in zones.divide(document).paragraphs:
        spans = (document.text[span.start : span.end] for span in paragraph.spans)
        assert " ".join(" ".join(spans).split()) == paragraph.text


# ── The title that a format states ──────────────────────────────────────────────────────────────────────────────

NEWS = "Winnipeg, Manitoba, July 14, 2026 - Tern Copper Corp. has restarted its north shaft, which was flooded in May."


def titled(text: str, title: str | None) -> Document:
    return replace(read(text.encode(), name="drop.txt"), title=title)


def test_a_text_without_a_headline_gets_the_title_of_its_format() -> None:
    headed = zones.headed(titled(f"News Release\n\n{NEWS}", " Tern Copper\nRestarts "))
    headline, label, lead = zones.divide(headed).paragraphs

    assert (headline.zone, headline.text) == (Zone.HEADLINE, "Tern Copper Restarts")
    assert (lead.zone, lead.text) == (Zone.LEAD, NEWS)
    assert headed.text[label.spans[0].start : label.spans[0].end] == "News Release"


@pytest.mark.parametrize("title", ["Another", None, ""])
def test_a_headline_of_its_own_stays(title: str | None) -> None:
    document = titled(f"Tern Copper Restarts\n\n{NEWS}", title)

    assert zones.headed(document) is document


def test_a_title_alone_is_no_text() -> None:
    document = Document(format="eml", text="", blocks=(), title="See attached")

    assert zones.headed(document) is document
