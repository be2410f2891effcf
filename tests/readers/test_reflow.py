"""Paragraphs out of lines with places: what parts them, what joins them, and what goes."""

from __future__ import annotations

import re
from itertools import zip_longest

import pytest

from feedd.model import BlockKind
from feedd.readers.reflow import pieces
from feedd.readers.sheets import Cell, Line

EM = 10.0
LETTER = 5.0
TEXT = "Zinc output rose in the second quarter because grades in the lower zone were better than the model had said"


def line(text: str, *, y: float, left: float = 50, page: int = 0, size: float = EM, hyphen: bool = False) -> Line:
    """A line in letters of one width; two blanks or more part its cells."""
    cells = tuple(
        Cell(part.group(), left + part.start() * LETTER, left + part.end() * LETTER)
        for part in re.finditer(r"\S+(?: \S+)*", text)
    )
    return Line(cells, page, y, size, len(text.split()[0]) * LETTER, hyphen)


def column(*texts: str, top: float = 700, step: float = 12, left: float = 50, page: int = 0) -> list[Line]:
    """Lines under each other; an empty text leaves a gap."""
    return [
        line(text.removesuffix("¬"), y=top - step * index, left=left, page=page, hyphen=text.endswith("¬"))
        for index, text in enumerate(texts)
        if text
    ]


def wrapped(text: str, width: int = 40) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def texts(*pages: list[Line]) -> list[str]:
    return [piece.content for piece in pieces(pages)]


def test_a_wider_gap_parts_paragraphs() -> None:
    assert texts(column(*wrapped(TEXT), "", *wrapped(TEXT))) == [TEXT, TEXT]


def test_an_indent_parts_paragraphs() -> None:
    first = wrapped(TEXT)
    lines = [*column(*first), line("Lead fell.", y=700 - 12 * len(first), left=65)]

    assert texts(lines) == [TEXT, "Lead fell."]


def test_lines_that_had_room_stay_lines() -> None:
    assert texts(column(*wrapped(TEXT), "", "Ann Dow", "Investor Relations", "705-555-0100")) == [
        TEXT,
        "Ann Dow\nInvestor Relations\n705-555-0100",
    ]


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    rows = wrapped(TEXT)
    left, right = column(*rows[:1], top=100), column(*rows[1:2], top=700, left=300)

    assert texts(left + right, column(*rows[2:], page=1)) == [TEXT]


def test_a_finished_paragraph_ends_with_its_page() -> None:
    assert texts(column("Zinc rose."), column("Lead fell.", page=1)) == ["Zinc rose.", "Lead fell."]


def test_running_heads_and_page_numbers_go() -> None:
    told = [TEXT, "Then " + " ".join(reversed(TEXT.split()))]
    pages = [
        [
            line("Tern Copper Corp.", y=800, page=page),
            *column(*wrapped(f"{text}."), page=page),
            line(f"- {page + 1} -", y=30, page=page),
        ]
        for page, text in enumerate(told)
    ]

    assert texts(*pages) == [f"{text}." for text in told]


def test_a_running_head_that_speaks_of_an_embargo_is_told_once() -> None:
    head = "Embargoed until July 14, 6 am"
    pages = [
        [line(head, y=800, page=page), line(text, y=700)] for page, text in enumerate(("Zinc rose.", "Lead fell."))
    ]

    assert texts(*pages) == [head, "Zinc rose.", "Lead fell."]


def test_a_number_that_is_not_that_of_the_page_stays() -> None:
    assert texts(column(*wrapped(TEXT), "", "705")) == [TEXT, "705"]


def test_figures_at_equal_heights_are_no_running_head() -> None:
    first = column("18.4", "", "16.4", "", *wrapped(TEXT))

    assert texts(first, column("18.4", page=1)) == ["18.4", "16.4", TEXT, "18.4"]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("Pumps were re¬", "built and rebuilt in May", "Pumps were rebuilt and rebuilt in May"),
        ("Lead is a by¬", "product and a by-product", "Lead is a by-product and a by-product"),
        ("Said Ann Vasquez¬", "Holm in May", "Said Ann Vasquez-Holm in May"),
        ("A three¬", "dimensional model", "A three-dimensional model"),
        ("See https://tern.example/re¬", "start today", "See https://tern.example/re-start today"),
        ("See https://tern.example/", "restart today", "See https://tern.example/restart today"),
    ],
)
def test_a_hyphen_at_the_end_goes_only_when_it_parted_a_word(above: str, below: str, joined: str) -> None:
    assert texts(column(above, below)) == [joined]


def test_a_centred_headline_may_end_its_line_with_a_hyphen() -> None:
    lines = [
        line("Tern Copper Welcomes Word on COVID", y=700, size=18, hyphen=True),
        line("19 Rules", y=680, left=120, size=18),
    ]

    assert texts(lines) == ["Tern Copper Welcomes Word on COVID-19 Rules"]


def test_in_a_text_that_parts_words_an_unknown_word_was_parted() -> None:
    lines = ["The pumps were re¬", "built; rebuilt pumps are in opera¬", "tion since the month of May"]

    assert texts(column(*lines)) == ["The pumps were rebuilt; rebuilt pumps are in operation since the month of May"]


def test_bullets_begin_items() -> None:
    lines = column("• Pumps were replaced in the whole of the", "works by April", "• Hoists were tested in May")

    assert [(piece.kind, piece.content) for piece in pieces([lines])] == [
        (BlockKind.ITEM, "Pumps were replaced in the whole of the works by April"),
        (BlockKind.ITEM, "Hoists were tested in May"),
    ]


def test_cells_under_each_other_are_a_table() -> None:
    rows = ["Metal    Q2    Q1", "Zinc     18.4  16.4", "Lead     3.1   3.0"]

    table = pieces([column(*wrapped(TEXT), "", *rows, "", *wrapped(TEXT))])[1]

    assert (table.kind, table.content) == (BlockKind.TABLE, "Metal\tQ2\tQ1\nZinc\t18.4\t16.4\nLead\t3.1\t3.0")


def test_a_table_goes_on_on_the_next_page() -> None:
    first = column("Metal    Q2    Q1", "Zinc     18.4  16.4")

    assert texts(first, column("Lead     3.1   3.0", page=1)) == ["Metal\tQ2\tQ1\nZinc\t18.4\t16.4\nLead\t3.1\t3.0"]


def test_text_blown_up_to_the_edge_is_no_table() -> None:
    lines = column(*wrapped(TEXT + " " + TEXT, 40))
    edge = max(line.right for line in lines)
    blown_up = [_blown_up(line, edge) for line in lines]

    assert texts(blown_up) == [TEXT + " " + TEXT]


def _blown_up(line: Line, edge: float) -> Line:
    """*line* with each word a cell and equal blanks between them, so that it ends at *edge*."""
    words = line.text.split()
    gap = (edge - 50 - sum(len(word) * LETTER for word in words)) / (len(words) - 1)
    cells, at = [], 50.0
    for word in words:
        cells.append(Cell(word, at, at + len(word) * LETTER))
        at += len(word) * LETTER + gap
    return Line(tuple(cells), 0, line.y, line.size, line.first_word)


def test_columns_written_line_by_line_are_read_one_after_the_other() -> None:
    left, right = wrapped(f"{TEXT}; {TEXT}", 30), wrapped(f"Lead fell; {TEXT}; {TEXT}", 30)
    rows = [f"{one:<32}{other}" for one, other in zip_longest(left, right, fillvalue="")]
    lines = [line(row, y=700 - 12 * number) for number, row in enumerate(rows)]

    assert " ".join(texts(lines)) == f"{TEXT}; {TEXT} Lead fell; {TEXT}; {TEXT}"


def test_larger_letters_make_headings_and_the_largest_the_headline() -> None:
    lines = [
        line("TERN COPPER", y=780, size=24),
        line("Tern Copper Restarts", y=740, size=18),
        line("Its Northern Shaft", y=720, size=18),
        *column(*wrapped(TEXT), top=690),
        line("Outlook", y=600, size=13),
        *column(*wrapped(TEXT), top=580),
    ]

    assert [(piece.content, piece.level) for piece in pieces([lines])] == [
        ("TERN COPPER", 2),
        ("Tern Copper Restarts Its Northern Shaft", 1),
        (TEXT, 0),
        ("Outlook", 3),
        (TEXT, 0),
    ]


def test_no_lines_make_no_pieces() -> None:
    assert pieces([]) == pieces([[], []]) == []


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("The shares trade in Toronto (TSX:", "TRN) and nowhere else in the whole of the world"),
        ("It trades (TSX: TRN; NYSE: TRN;", "FSE: TRN) in three places of the whole wide world"),
    ],
)
def test_brackets_hold_lines_together(above: str, below: str) -> None:
    assert texts(column(above, below)) == [f"{above} {below}"]


def test_semicolons_and_letters_part_the_items_of_a_list() -> None:
    items = ["a) six million dollars on the first day; and", "b) ore from the north of Ontario, to be sold;"]

    assert texts(column(*items, "c) shares")) == [*items, "c) shares"]
