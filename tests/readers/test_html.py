"""The reader of web pages: the article and nothing else of the page."""

from __future__ import annotations

import pytest

from feedd.model import Document
from feedd.readers import html

NEWS = (
    "Tern Copper restarted its north shaft on Monday, two weeks before the date that it gave in the spring, and the "
    "crews have hoisted ore from all three levels since then without a pause."
)


def told(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def read(body: str, head: str = "") -> Document:
    return html.read(f"<!DOCTYPE html><html lang='en-CA'><head>{head}</head><body>{body}</body></html>".encode())


def words(body: str, head: str = "") -> list[str]:
    return [text for _, text in told(read(body, head))]


# ── What a page is ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html><p>",
        "\ufeff\n <!-- saved --><HTML>",
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>",
        "<head><title>",
        "<article class='x'>",
        "<p>Tern",
    ],
)
def test_a_page_is_known_by_its_start(start: str) -> None:
    assert html.sniff(start.encode(), "drop")


def test_a_page_in_utf16_is_known_and_read() -> None:
    data = f"<html><body><p>{NEWS} Zürich</p></body></html>".encode("utf-16")

    assert html.sniff(data, "drop")
    assert html.read(data).text.endswith("Zürich\n")


@pytest.mark.parametrize("text", ["Tern < Gull", "<<Tern>> Copper", "# Tern\n<p>", "<tern>"])
def test_other_text_is_no_page(text: str) -> None:
    assert not html.sniff(text.encode(), "drop")


def test_a_part_of_a_page_in_a_markdown_file_is_markdown() -> None:
    assert not html.sniff(b"<p align=center>Tern</p>\n\n# Tern", "tern.md")


@pytest.mark.parametrize(
    "head",
    ["<meta charset='windows-1250'>", '<meta http-equiv=Content-Type content="text/html; charset=windows-1250">'],
)
def test_the_character_set_that_a_page_declares_is_believed(head: str) -> None:
    page = f"<html><head>{head}</head><body><p>Łódź żółty</p></body></html>"

    assert html.read(page.encode("windows-1250")).text == "Łódź żółty\n"


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_elements_become_blocks() -> None:
    page = read(
        f"<h1>Tern <em>Restarts</em></h1><p>{NEWS}</p><h3>Levels</h3><ul><li>First<li><p>Second</p></ul>"
        "<blockquote><p>It runs and it will go on running.</p></blockquote><dl><dt>Shaft</dt><dd>North</dd></dl>"
    )

    assert told(page) == [
        ("heading", "Tern Restarts"),
        ("paragraph", NEWS),
        ("heading", "Levels"),
        ("item", "First"),
        ("item", "Second"),
        ("line", "It runs and it will go on running."),
        ("line", "Shaft"),
        ("line", "North"),
    ]
    assert [block.level for block in page.blocks[:3]] == [1, 0, 3]


def test_a_table_keeps_rows_and_cells() -> None:
    rows = "<tr><th colspan=2>Level</th><th>Metres</th></tr><tr><td>One</td><td></td><td><p>120</p><p>m</p></td></tr>"

    assert told(read(f"<p>{NEWS}</p><table><caption>Depth</caption><tbody>{rows}</table>"))[1:] == [
        ("line", "Depth"),
        ("table", "Level\tMetres\nOne\t\t120 m"),
    ]


def test_a_table_that_lays_out_the_page_is_none() -> None:
    inner = "<table><tr><td>One<td>120<tr><td>Two<td>90</table>"

    assert told(read(f"<table><tr><td><h1>Tern Restarts</h1><p>{NEWS}</p>{inner}</td><td>x</td></tr></table>")) == [
        ("heading", "Tern Restarts"),
        ("paragraph", NEWS),
        ("table", "One\t120\nTwo\t90"),
        ("line", "x"),
    ]


def test_breaks_make_lines_and_empty_lines_make_paragraphs() -> None:
    page = read(f"<p>{NEWS}<br><br>\n{NEWS}</p><p>Ann Ray<br/>Phone: 604 555 0100</p>")

    assert [(text, block.group) for (_, text), block in zip(told(page), page.blocks, strict=True)] == [
        (NEWS, 0),
        (NEWS, 1),
        ("Ann Ray", 2),
        ("Phone: 604 555 0100", 2),
    ]


def test_white_space_of_the_source_means_nothing_but_in_pre() -> None:
    assert words(f"<p>\n  {NEWS.replace(' ', chr(10), 3)} </p><pre>One     120\nTwo     90</pre>") == [
        NEWS,
        "One     120\nTwo     90",
    ]


def test_entities_are_read_and_widthless_signs_vanish() -> None:
    assert words("<p>R&amp;D&nbsp;&lt;5 &rdquo;Z&uuml;rich&#8221; gold&shy;field\u200b &amp;amp;</p>") == [
        "R&D\u00a0<5 ”Zürich” goldfield &amp;"
    ]


def test_quotation_elements_get_their_marks() -> None:
    assert words("<p><q>It runs</q>, she said.</p>") == ["“It runs”, she said."]


# ── The article in the page ─────────────────────────────────────────────────────────────────────────────────────

FURNITURE = [
    "<nav><ul><li>Home</li></ul></nav>",
    "<footer>Imprint</footer>",
    "<aside>Share price</aside>",
    "<script>document.write('<p>x</p>')</script><style>p{}</style><noscript>Enable it</noscript>",
    "<form><input value=x><select><option>English</select></form>",
    "<div class='cookie-banner'>We use cookies</div>",
    "<div id='share_buttons'>Post</div>",
    "<section class='related news'><h3>More</h3></section>",
    "<div role='dialog'>Subscribe</div>",
    "<p hidden>Draft</p><p style='color:red; DISPLAY: none'>Draft</p><p aria-hidden=true>Draft</p>",
    "<span class='sr-only'>Opens in a new window</span>",
    "<!-- draft --><svg><text>Tern</text></svg><iframe>Old</iframe><template><p>T</p></template>",
    "<p><a href=/>Home</a> | <a href=/news>News</a></p><ul><li><a href=/a>Who we are</a><li><a href=/b>Jobs</a></ul>",
    "<p><del>40</del><s>41</s></p>",
]


@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("name", ["body", "article"])
def test_furniture_is_left_out(name: str, furniture: str) -> None:
    inner = f"{furniture}<p>{NEWS}</p>{furniture}"

    assert words(inner if name == "body" else f"<{name}>{inner}</{name}>") == [NEWS]


@pytest.mark.parametrize(
    "page",
    [
        "<div>Top</div><article>{}</article><div>Bottom</div>",
        "<div>Top</div><main><h2>News</h2><article><p>Other</p></article><article>{}</article></main>",
        "<div>Top</div><div role=main>{}</div>",
        "<div>Top</div><div itemprop='articleBody'>{}</div><article><a href=x>Other news of ours</a></article>",
    ],
)
def test_the_element_with_most_of_the_text_is_the_article(page: str) -> None:
    assert words(page.format(f"<p>{NEWS}</p>")) == [NEWS]


def test_short_articles_that_point_elsewhere_are_not_it() -> None:
    cards = "".join(f"<article><h3><a href=x>Other headline {n}</a></h3></article>" for n in range(9))

    assert words(f"<main><p>{NEWS}</p><div class='related'>{cards}</div></main>") == [NEWS]


@pytest.mark.parametrize(
    "line",
    [
        "<a>ann@tern.example</a><br><a>www.tern.example</a>",
        "<a>Read on</a>",
        "See <a>here</a> or <a>there</a>",
        "<a>604 555</a> <a>1</a>",
    ],
)
def test_links_that_belong_to_the_text_stay(line: str) -> None:
    assert len(words(f"<p>{NEWS}</p><p>{line}</p>")) > 1


@pytest.mark.parametrize("wrapper", ["<form>{}</form>", "<div class='social menu'>{}</div>", "<footer>{}</footer>"])
def test_what_holds_most_of_the_text_is_no_furniture(wrapper: str) -> None:
    assert words(wrapper.format(f"<p>{NEWS}</p>")) == [NEWS]


# ── The headline, and facts beside the text ─────────────────────────────────────────────────────────────────────

HEADLINE = "Tern Copper Restarts Its North Shaft"


def test_a_headline_outside_of_the_article_comes_first() -> None:
    page = read(f"<header><h1>{HEADLINE}</h1></header><article><p>{NEWS}</p></article>")

    assert told(page)[0] == ("heading", HEADLINE)
    assert page.blocks[0].level == 1
    assert page.title == HEADLINE


@pytest.mark.parametrize("logo", ["<h1>Tern Copper</h1>", "<nav><h1>News of Tern Copper Limited</h1></nav>"])
def test_the_name_of_the_site_is_no_headline(logo: str) -> None:
    page = f"{logo}<article><p>{NEWS}</p></article>"

    assert words(page, f"<title>{HEADLINE} | Tern Copper</title>") == [NEWS]


def test_the_title_of_the_page_tells_which_heading_is_the_headline() -> None:
    page = f"<h1>All the news of Tern Copper</h1><h1>{HEADLINE}</h1><article><p>{NEWS}</p></article>"

    assert words(page, f'<meta property="og:title" content="{HEADLINE}">')[0] == HEADLINE


def test_the_name_of_a_section_is_no_headline_where_the_article_has_one() -> None:
    page = f"<h1>All the news of Tern Copper</h1><article><h2>{HEADLINE}</h2><p>{NEWS}</p></article>"

    assert words(page, f"<title>{HEADLINE} | Tern Copper</title>")[0] == HEADLINE


def test_the_title_is_known_without_the_name_of_the_site() -> None:
    assert read(f"<p>{NEWS}</p>", f"<title>{HEADLINE} | Tern Copper</title>").title == HEADLINE


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2026-07-14T07:00:00-04:00">',
        '<meta itemprop="datePublished" content="2026-07-14T07:00:00-04:00">',
        '<script type="application/ld+json">{"datePublished": "2026-07-14T07:00:00-04:00"}</script>',
    ],
)
def test_the_stated_time_is_kept(head: str) -> None:
    assert read(f"<p>{NEWS}</p>", head).stated.date == "2026-07-14T07:00:00-04:00"


def test_a_date_that_is_none_is_not_kept() -> None:
    head = '<meta property="article:published_time" content="yesterday">'

    assert read(f"<p>{NEWS}</p>", head).stated.date is None


@pytest.mark.parametrize(("stated", "kept"), [("fr", "fr"), ("en-GB", "en-GB"), ("English!", None)])
def test_the_language_is_the_one_of_the_page(stated: str, kept: str | None) -> None:
    assert html.read(f"<html lang='{stated}'><body><p>{NEWS}</p></body></html>".encode()).language == kept


@pytest.mark.parametrize(
    "page",
    ["<div class=banner>{}</div><p>{}</p>", "<div>{}</div><article><p>{}</p></article>", "<p hidden>{}</p><p>{}</p>"],
)
def test_an_embargo_outside_of_the_text_is_a_doubt(page: str) -> None:
    assert "embargo" in read(page.format("Embargoed until six", NEWS)).doubts[0]
    assert read(page.format("In view", NEWS)).doubts == ()


# ── Nothing foreign comes out ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'></a>",
        "<scr<script></script>ipt>alert(1)</script>",
        "<math><mtext></mtext></math><svg/onload=alert(1)>",
    ],
)
def test_no_markup_and_no_script_comes_out(hostile: str) -> None:
    text = read(f"<p>{NEWS}</p>{hostile}").text

    assert "<" not in text
    assert "onerror" not in text and "javascript:" not in text and "onload" not in text
