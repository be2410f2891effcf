"""A release's body as HTML: every kind of block, nothing but escaped text, links, and a limit for feeds."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import SITE, a_body, changed, corrected, text_of, with_original, withdrawn

from factories import an_entry
from feedd.model import BlockKind, Zone
from feedd.render import content
from feedd.render.content import body_html, clean, feed_html, one_line

P, HEAD, ITEM = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM
TABLE, LINE = BlockKind.TABLE, BlockKind.LINE


class Tags(HTMLParser):
    """The tags of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_each_paragraph_is_one() -> None:
    assert body_html(text_of((P, "Tin rose."), (P, "Zinc fell."))) == "<p>Tin rose.</p>\n<p>Zinc fell.</p>"


def test_only_the_news_is_in_the_body() -> None:
    profile = replace(a_body((P, "About us"))[0], zone=Zone.PROFILE)
    release = replace(text_of((P, "Tin rose.")), paragraphs=(*a_body((P, "Tin rose.")), profile))
    assert body_html(release) == "<p>Tin rose.</p>"


def test_items_of_one_list_stand_in_one_list() -> None:
    assert body_html(text_of((ITEM, "tin"), (ITEM, "zinc"))) == "<ul>\n<li>tin</li>\n<li>zinc</li>\n</ul>"


def test_two_lists_in_a_row_stay_two() -> None:
    one, two = a_body((ITEM, "tin"), (ITEM, "zinc"))
    assert body_html(replace(text_of(), paragraphs=(one, replace(two, group=9)))).count("<ul>") == 2


def test_a_table_keeps_rows_and_cells() -> None:
    html = body_html(text_of((TABLE, "Mine\tTonnes\nHarrow\t781")))
    assert html.count("<tr>") == 2
    assert "<tr><td>Harrow</td><td>781</td></tr>" in html


def test_lines_of_one_group_are_broken_in_one_paragraph() -> None:
    assert body_html(text_of((LINE, "1 Pier Street"), (LINE, "Halifax"))) == "<p>1 Pier Street<br>\nHalifax</p>"


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ([1, 2, 3], "234"),
        ([3, 3], "22"),
        ([2, 5, 3, 2], "2332"),
        ([3, 1, 6], "223"),
        ([0], "2"),
        ([1, 2, 3, 4, 5, 6], "234566"),
    ],
)
def test_headings_begin_below_the_headline_and_leave_no_level_out(levels: list[int], shown: str) -> None:
    html = body_html(text_of(*((HEAD, "Outlook", level) for level in levels)))
    assert "".join(re.findall(r"<h(\d)>", html)) == shown


def test_markup_in_the_text_stays_text() -> None:
    html = body_html(text_of((P, "<script>alert('R&D')</script>"), (TABLE, "<b>\t&amp;"), (HEAD, "<3")))
    assert Tags(html).text.split("\n")[0] == "<script>alert('R&D')</script>"
    assert set(Tags(html).names) == {"p", "table", "tr", "td", "h2"}


@given(st.lists(st.tuples(st.sampled_from([P, HEAD, ITEM, TABLE, LINE]), st.text(st.characters(codec=None)))))
def test_any_text_gives_balanced_html_with_only_the_allowed_tags(blocks: list[tuple[BlockKind, str]]) -> None:
    tags = Tags(body_html(text_of(*blocks)))
    assert tags.open == []
    assert set(tags.names) <= {"p", "h2", "ul", "li", "table", "tr", "td", "br", "a"}
    assert tags.attributes <= {"href"}


def test_an_empty_body_is_empty() -> None:
    assert body_html(text_of()) == ""


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x1b", "\x7f", "\x96", "\ud800", "\ufffd", "\ufffe", "\U0001ffff"])
def test_characters_that_break_feeds_are_taken_out(bad: str) -> None:
    assert clean(f"Ti{bad}n") == "Tin"


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1f", "\x85"])
def test_a_control_character_between_words_leaves_a_blank(separator: str) -> None:
    assert clean(f"Tin{separator}rose") == "Tin rose"


@pytest.mark.parametrize("good", ["A & B", "<3", "AT&amp;T", "🥇 Gold", "שלום", "naïve – “quoted”", "tab\tand\nline"])
def test_all_other_text_is_kept(good: str) -> None:
    assert clean(good) == good


def test_a_title_is_one_line() -> None:
    assert one_line("  Tin\n rose\x0btoday ") == "Tin rose today"


# ── In a feed ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_feed_entry_links_its_page_and_original_absolutely() -> None:
    entry = with_original(an_entry())
    html = feed_html(entry, SITE)
    assert f'<a href="https://news.example.com/{entry.path}">' in html
    assert f'<a href="https://news.example.com/{entry.path}original.txt">The original file</a>' in html


def test_no_original_is_linked_where_it_stays_private() -> None:
    assert "original" not in feed_html(an_entry(), SITE)


def test_a_corrected_release_says_so_first() -> None:
    assert feed_html(corrected(an_entry()), SITE).startswith(
        "<p><strong>Corrected on 2 March 2026, 07:00 EST.</strong> What changed stands on "
        f'<a href="https://news.example.com/{an_entry().path}">its page</a>.</p>'
    )


def test_a_new_version_that_nobody_saw_otherwise_is_no_correction() -> None:
    assert "Corrected" not in feed_html(an_entry(version=2), SITE)


def test_of_a_withdrawn_release_a_sentence_is_left() -> None:
    assert feed_html(withdrawn(corrected(with_original(an_entry()))), SITE) == (
        "<p>This release was withdrawn on 2 March 2026, 07:00 EST, and its text is no longer published.</p>"
    )


@pytest.mark.parametrize(
    "parts",
    [
        [(P, "Tin rose by 14 % & zinc fell. " * 40)] * 500,
        [(P, "no blank and no end " * 20_000)],
        [(TABLE, "\n".join(["&\t<\t>"] * 20_000))],
        [(P, "é" * 300_000)],
    ],
)
def test_a_very_long_release_is_cut_with_a_link(parts: list[tuple[BlockKind, str]]) -> None:
    html = feed_html(changed(an_entry(), paragraphs=a_body(*parts)), SITE)
    assert 150_000 < len(html.encode()) <= 200_500
    assert html.endswith("Read the rest of this release</a> on Harbour News</p>")
    assert Tags(html).open == []


def test_a_release_that_fits_is_whole() -> None:
    entry = changed(an_entry(), paragraphs=a_body((P, "x" * 150_000)))
    assert "x" * 150_000 in feed_html(entry, SITE)
    assert "Read the rest" not in feed_html(entry, SITE)


@given(st.text())
def test_the_quick_look_changes_nothing(text: str) -> None:
    assert clean(text) == content._UNWANTED.sub(content._replacement, text)


def test_the_quick_look_knows_every_character() -> None:
    for number in range(0x110000):
        assert not (content._is_clean(chr(number)) and content._UNWANTED.search(chr(number))), hex(number)
