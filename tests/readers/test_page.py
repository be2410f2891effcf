"""Pieces of text become a document."""

from __future__ import annotations

from feedd.model import BlockKind, Stated
from feedd.readers.page import Page


def a_page() -> Page:
    page = Page()
    page.add(BlockKind.HEADING, "  Tern Copper Restarts  ", level=1)
    page.add(BlockKind.PARAGRAPH, " \n")
    page.add(BlockKind.ITEM, "Gold\u202e\u200bfield")
    page.add(BlockKind.TABLE, "Level\tMetres\nOne\t120")
    return page


def test_spans_count_characters_of_the_text() -> None:
    document = a_page().document("html")

    assert [(block.kind.value, block.level, document.text[block.start : block.end]) for block in document.blocks] == [
        ("heading", 1, "Tern Copper Restarts"),
        ("item", 0, "Goldfield"),
        ("table", 0, "Level\tMetres\nOne\t120"),
    ]


def test_the_facts_of_a_format_are_kept() -> None:
    document = a_page().document("eml", title="Restart", stated=Stated(date="2026-07-14"), doubts=("A doubt.",))

    assert (document.format, document.title, document.stated.date, document.doubts) == (
        "eml",
        "Restart",
        "2026-07-14",
        ("A doubt.",),
    )


def test_lines_of_a_paragraph_stay_lines_of_one_group() -> None:
    page = Page()
    page.add(BlockKind.PARAGRAPH, "Ann Ray, President\nPhone: 604 555 0100")

    assert [(block.kind, block.group) for block in page.document("html").blocks] == [(BlockKind.LINE, 0)] * 2
