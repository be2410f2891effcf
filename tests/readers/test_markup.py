"""What a web page would cost, told before a parser sees it."""

from __future__ import annotations

import pytest

from feedd.errors import UnreadableDocument
from feedd.readers import html, markup

MANY = 90_000

COSTLY = {
    "tags inside each other": "<div>" * MANY,
    "tags that seem to end themselves": "<x/>" * MANY,
    "tables that ends do not reach": "<div><table><td></div></td></table>" * (MANY // 6),
    "blocks in bold": "<b><div></b>" * (MANY // 4),
    "bold that is never closed": "".join(f"<p><b a={n}>x" for n in range(MANY // 5)),
    "bold before many paragraphs": "".join(f"<b a={n}>x" for n in range(500)) + "<p>x" * (MANY // 2),
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(MANY)) + ">",
    "attributes that hold ends": "<p " + " ".join(f'a{n}=">"' for n in range(MANY)) + ">",
    "attributes that hold tags": "<p " + " ".join(f'a{n}="<"' for n in range(MANY)) + ">",
    "attributes behind a comment": '<!-- <a b=" --><p ' + " ".join(f"a{n}" for n in range(MANY)) + ">",
    "a tag that never ends": "<a" * MANY,
    "a value that never ends": "<a/b=x" * MANY,
}


@pytest.mark.parametrize("page", COSTLY.values(), ids=COSTLY)
def test_what_parsers_take_the_square_of_the_time_for_is_refused(page: str) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        markup.refuse_costly(markup.without_unread(page))

    assert refusal.value.code == "resource-limit"


def test_a_page_of_endless_tags_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match=r"1,000,000 tags") as refusal:
        markup.refuse_costly("<p>" * 1_000_000)

    assert refusal.value.code == "too-large"


def test_a_page_of_endless_references_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="written as names") as refusal:
        html.read(b"<html><p>" + b"&amp;" * MANY)

    assert refusal.value.code == "too-large"


CARELESS = {
    "paragraphs without ends": "<p>x" * 20_000,
    "items without ends": "<ul>" + "<li>x" * 20_000 + "</ul>",
    "cells without ends": "<table>" + "<tr><td>1<td>2" * 5_000 + "</table>",
    "some ends missing": "<div><span>x</div><p><b>y" * 30,
    "ends too many": "<div>x</div></div></span>" * 5_000,
    "deep but real": "<div>" * 500 + "x" + "</div>" * 500,
    "lines wrapped in spans": "<p><span><a href=x>y</a></span></p>" * 9_000,
}


@pytest.mark.parametrize("page", CARELESS.values(), ids=CARELESS)
def test_a_careless_page_is_not_refused(page: str) -> None:
    markup.refuse_costly(page)


@pytest.mark.parametrize(
    "unread",
    [
        "<script>if (a<b) { '<div>' }</script>",
        "<SCRIPT src=x></SCRIPT >",
        "<style>a>b{}</style>",
        "<!-- <p> -- > -->",
        "<svg><path/></svg>",
        "<svg viewBox=1 />",
        "<textarea><p></textarea>",
    ],
)
def test_what_nobody_reads_goes_before_anything_else(unread: str) -> None:
    assert markup.without_unread(f"<p>a{unread}b</p>") == "<p>a b</p>"


@pytest.mark.parametrize("start", ["<script>", "<!--", "<style>", "<iframe>"])
def test_what_is_never_ended_goes_on_to_the_end(start: str) -> None:
    assert markup.without_unread(f"<p>a{start * MANY}b").strip() == "<p>a"


def test_pictures_inside_of_tags_do_not_make_them_long() -> None:
    page = markup.without_unread(f'<img src="data:image/png;base64,{"QUJD" * 50_000}" alt="Mine">')

    assert page == '<img src="" alt="Mine">'
