"""The reader of Markdown (CommonMark and tables): what a person would read, without the marks.

Link addresses and pictures are left out; raw HTML stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from feedd.model import BlockKind, Document
from feedd.readers.page import Page

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_SURE = re.compile(r"^#{1,6} \S|^\|?[ \t]*:?-{3,}:?[ \t]*\||\]\((?:https?|mailto):|^```", re.MULTILINE)
_SURE_MARKS = ("# ", "---", "](", "```")  # one of which all that is sure holds; cheap to ask
_MARKS = "*_`[]|<>&!"
_MARKDOWN_NAME = re.compile(r"\.(?:md|markdown|mdown|mkd)$", re.IGNORECASE)

LONGEST_HEADING = 300
"""Characters. A rule right under a paragraph makes it a heading by the letter of CommonMark; nobody means that."""


MOST_MARKS = 100_000
"""Characters that mark something. A parser takes 20 µs for each; a text with more is read as it stands."""


def sniff(text: str, name: str) -> bool:
    """Headings, links, tables or fences make Markdown; without them the name decides."""
    is_meant = any(map(text.__contains__, _SURE_MARKS)) and _SURE.search(text)
    return bool(is_meant or _MARKDOWN_NAME.search(name)) and sum(map(text.count, _MARKS)) <= MOST_MARKS


def read(text: str) -> Document:
    """The document in decoded *text*."""
    page = Page()
    for kind, level, content in _pieces(_parser().parse(text)):
        page.add(kind, content, level=level)
    return page.document("markdown")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # costs 30 ms, and plain text needs none of it

    # Indented code is off: archives indent paragraphs for no reason.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("code")
    parser.normalizeLink = str  # type: ignore[method-assign,assignment]  # addresses are left out; encoding takes time
    return parser


def _pieces(tokens: Sequence[Token]) -> Iterator[tuple[BlockKind, int, str]]:
    """Kind, heading level and plain text of every block."""
    rows: list[str] = []
    in_item = False
    level = 0
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
                opening = token.markup
            case "heading_close":
                level = 0
            case "list_item_open":
                in_item = True
            case "list_item_close":
                in_item = False
            case "tr_open":
                rows.append("")
            case "td_close" | "th_close":
                rows[-1] += "\t"
            case "table_close":
                yield BlockKind.TABLE, 0, "\n".join(row.rstrip("\t") for row in rows)
                rows = []
            case "inline" if rows:
                rows[-1] += plain(token).replace("\n", " ")
            case "inline":
                yield _placed(plain(token) or (opening if level else ""), level, in_item)
            case "hr":
                yield BlockKind.LINE, 0, "---"
            case "fence" | "code_block":
                yield BlockKind.PARAGRAPH, 0, token.content


def _placed(text: str, level: int, in_item: bool) -> tuple[BlockKind, int, str]:
    if level and len(text) <= LONGEST_HEADING:
        return BlockKind.HEADING, level, text
    return (BlockKind.ITEM if in_item else BlockKind.PARAGRAPH), 0, text


_BREAKS = ("softbreak", "hardbreak")


def plain(inline: Token) -> str:
    """What a person reads of an inline token."""
    return "".join(
        "\n" if child.type in _BREAKS else child.content for child in inline.children or () if child.type != "image"
    )
