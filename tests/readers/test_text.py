"""The reader of plain text: blocks, lines and what hard wraps mean."""

from __future__ import annotations

from feedd.model import BlockKind
from feedd.readers import text

LONG = "Northlight Zinc Corp. has completed the second of three kilns at its smelter, and the crews have begun to " * 2


def blocks(source: str) -> list[tuple[str, str]]:
    document = text.read(source)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_blank_lines_part_the_blocks() -> None:
    document = text.read("Headline\n\n\n  \nSecond block here\n")

    assert [block.group for block in document.blocks] == [0, 1]


def test_a_paragraph_wrapped_by_hand_is_one_block() -> None:
    wrapped = (
        "The mill at Cold Creek reached its planned rate this week, a month before\n"
        "the date that was given in the spring, and it has run without a pause since\n"
        "then."
    )

    assert blocks(wrapped) == [("paragraph", wrapped)]


def test_a_wrapped_paragraph_beside_a_long_line_is_one_block() -> None:
    wrapped = (
        "The mill at Cold Creek reached its planned rate this week, a month before\n"
        "the date that was given in the spring, and it has run without a pause since\n"
        "Monday, say the owners, who had hoped for no more than half of it by this\n"
        "season."
    )

    assert blocks(f"{LONG}\n\n{wrapped}")[1:] == [("paragraph", wrapped)]


def test_a_dash_that_a_wrap_brought_to_the_start_of_a_line_is_no_bullet() -> None:
    wrapped = (
        "The mill at Cold Creek reached its planned rate this week, a month before\n"
        "the date that was given in the spring, and it has run without any pause\n"
        "- the first such run in years - since Monday of the week before the last."
    )

    assert blocks(wrapped) == [("paragraph", wrapped)]


def test_lines_of_an_address_stay_lines() -> None:
    source = f"{LONG}.\n\nNorthlight Zinc Corp.\n12 Harbour Road\nHalifax, NS B3J 1A1\nCanada"

    assert [kind for kind, _ in blocks(source)] == ["paragraph", "line", "line", "line", "line"]


def test_dial_in_rows_stay_lines() -> None:
    source = (
        f"{LONG}.\n\nDial free from Canada or the States: 1-800-555-0100\nDial from elsewhere, please: 1-604-555-0100"
    )

    assert [kind for kind, _ in blocks(source)] == ["paragraph", "line", "line"]


def test_bullets_are_items_without_their_marks() -> None:
    assert blocks("- Output up by a tenth\n• Costs flat\n1. Debt repaid") == [
        ("item", "Output up by a tenth"),
        ("item", "Costs flat"),
        ("item", "Debt repaid"),
    ]


def test_columns_make_a_table() -> None:
    ((kind, _),) = blocks("Ore milled      412      398\nGrade           6.1      5.9")

    assert kind == BlockKind.TABLE


def test_a_sentence_on_one_line_is_a_paragraph_and_a_short_line_is_not() -> None:
    assert [kind for kind, _ in blocks("Please join ten minutes before the call begins.\n\nAbout Northlight")] == [
        "paragraph",
        "line",
    ]


def test_escapes_left_by_a_markdown_writer_are_resolved() -> None:
    assert text.read(r"It cost \$4 million and \*more\*.").text == "It cost $4 million and *more*."


def test_spans_count_characters_of_the_text() -> None:
    document = text.read("\n\n   News Release   \n\nHeadline\n")
    first = document.blocks[0]

    assert document.text[first.start : first.end] == "News Release"
