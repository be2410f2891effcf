"""The reader of Markdown: what a person would read, without the marks."""

from __future__ import annotations

import pytest

from feedd.model import BlockKind, Document
from feedd.readers import markdown

PAGE = """# Tern Copper Restarts **North** Shaft

Tern Copper restarted its [north shaft](https://tern.example/shaft) on Monday.

* Pumps replaced
* Hoist \\$3 million

| Level | Metres |
|---|---|
| One | 120 |

---

![map](map.png)
"""


@pytest.fixture
def page() -> Document:
    return markdown.read(PAGE)


def texts(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_a_page_becomes_plain_blocks(page: Document) -> None:
    assert texts(page) == [
        ("heading", "Tern Copper Restarts North Shaft"),
        ("paragraph", "Tern Copper restarted its north shaft on Monday."),
        ("item", "Pumps replaced"),
        ("item", "Hoist $3 million"),
        ("table", "Level\tMetres\nOne\t120"),
        ("line", "---"),
    ]


def test_headings_keep_their_level(page: Document) -> None:
    assert page.blocks[0].level == 1


def test_lines_of_one_block_share_a_group() -> None:
    document = markdown.read("# Title\n\nAnn Ray, President\nPhone: 604 555 0100\nir@tern.example\n")

    assert [(block.kind, block.group) for block in document.blocks[1:]] == [(BlockKind.LINE, 1)] * 3


def test_raw_html_stays_text() -> None:
    assert "<b>bold</b>" in markdown.read("# T\n\nA <b>bold</b> word.").text


def test_a_long_paragraph_above_a_rule_is_no_heading() -> None:
    paragraph = "The shaft was sunk in the last century and has been dry since. " * 6

    assert texts(markdown.read(f"{paragraph.strip()}\n---\n"))[0][0] == "paragraph"


def test_the_mark_at_the_end_of_a_release_is_kept() -> None:
    assert ("heading", "###") in texts(markdown.read("# T\n\nText.\n\n###\n"))


@pytest.mark.parametrize("sign", ["# Headline", "see [us](https://tern.example)", "a | b\n---|---\n1 | 2"])
def test_sure_signs_make_markdown_whatever_the_name(sign: str) -> None:
    assert markdown.sniff(f"Text\n{sign}\n", "release.txt")


def test_without_signs_the_name_decides() -> None:
    assert markdown.sniff("Plain words", "release.md")
    assert not markdown.sniff("Plain words", "release.txt")
