"""Atom feeds as real parsers see them: whole, valid, the same bytes every time, whatever the releases hold."""

from __future__ import annotations

import datetime as dt
import locale
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from newsroom import (
    ALL,
    BORN,
    FEEDS,
    LABELS,
    SITE,
    a_body,
    a_rich_entry,
    changed,
    corrected,
    filed,
    with_original,
    withdrawn,
)

from factories import NOON, an_entry
from feedd.model import BlockKind, Entry, Issuer, Ticker
from feedd.render.atom import atom, path

NASTY_TITLES = {
    "A & B": "A & B",
    "Prices <3 rise": "Prices <3 rise",
    "AT&amp;T calls": "AT&amp;T calls",
    "R&D <b>bold</b>": "R&D <b>bold</b>",
    "Tin\x0brose": "Tin rose",
    "Tin\ud800 rose": "Tin rose",
    "Tin\x00 \x96rose\ufffe": "Tin rose",
    "🥇 Gold for Été": "🥇 Gold for Été",
    "שלום Ltd. announces": "שלום Ltd. announces",
    "]]> ends nothing": "]]> ends nothing",
}

A = "{http://www.w3.org/2005/Atom}"


def made(*entries: Entry, feed=ALL, site=SITE) -> bytes:
    return atom(feed, entries, site, LABELS, born=BORN)


def root(*entries: Entry, **changes) -> etree._Element:
    return etree.fromstring(made(*entries, **changes))


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_a_feed_reader_finds_no_fault(feed) -> None:
    seen = feedparser.parse(made(a_rich_entry(), an_entry(), feed=feed))
    assert seen.bozo == 0
    assert (seen.version, len(seen.entries), seen.feed.title) == ("atom10", 2, feed.title)


def test_the_feed_names_itself_and_its_site() -> None:
    links = {link.get("rel"): (link.get("href"), link.get("type")) for link in root().findall(f"{A}link")}
    assert links == {
        "self": ("https://news.example.com/feeds/all.atom", "application/atom+xml"),
        "alternate": ("https://news.example.com/", "text/html"),
    }
    assert path(ALL) == "feeds/all.atom"


def test_an_empty_feed_is_as_old_as_the_store() -> None:
    seen = feedparser.parse(made())
    assert (seen.bozo, seen.entries) == (0, [])
    assert root().findtext(f"{A}updated") == BORN.isoformat()


def test_a_feed_is_as_new_as_the_entry_changed_last() -> None:
    corrected = replace(an_entry("Older but corrected"), updated=NOON + dt.timedelta(hours=3, microseconds=7))
    assert root(an_entry(), corrected).findtext(f"{A}updated") == "2026-03-02T15:00:00+00:00"


def test_entries_keep_the_order_they_come_in() -> None:
    titles = ["Newest", "Newer", "Old"]
    assert [e.title for e in feedparser.parse(made(*map(an_entry, titles))).entries] == titles


def test_an_entry_links_its_page_and_encloses_its_original() -> None:
    entry = with_original(an_entry())
    seen = feedparser.parse(made(entry)).entries[0]
    assert seen.link == f"https://news.example.com/{entry.path}"
    assert [(e.href, e.type, e.length) for e in seen.enclosures] == [
        (f"https://news.example.com/{entry.path}original.txt", "text/plain", "8155")
    ]


def test_every_link_of_an_entry_says_what_it_is() -> None:
    links = root(with_original(an_entry())).findall(f"{A}entry/{A}link")
    assert [sorted(link.keys()) for link in links] == [["href", "rel", "type"], ["href", "length", "rel", "type"]]


def test_the_id_is_the_lasting_name() -> None:
    assert feedparser.parse(made(an_entry())).entries[0].id == an_entry().guid


def test_categories_tell_class_subtopic_tickers_and_media_topics_in_this_order() -> None:
    entry = filed(an_entry(), secondary=("operations.guidance",))
    entry = changed(entry, tickers=(_ticker("TSX", "LET"), _ticker("AMEX", "LETX")))
    ours, iptc = "https://news.example.com/taxonomy/", "http://cv.iptc.org/newscodes/mediatopic/"
    assert [dict(c.attrib) for c in root(entry).findall(f"{A}entry/{A}category")] == [
        {"term": "operational_update", "scheme": ours + "class", "label": "Operational update"},
        {"term": "operations.production", "scheme": ours + "subtopic", "label": "Production"},
        {"term": "operations.guidance", "scheme": ours + "subtopic", "label": "Operating outlook"},
        {"term": "TSX:LET", "scheme": ours + "ticker"},
        {"term": "AMEX:LETX", "scheme": ours + "ticker"},
        {"term": "20000360", "scheme": iptc},
        {"term": "20000316", "scheme": iptc},
    ]


def test_flags_are_categories_too() -> None:
    entry = an_entry()
    entry = replace(entry, reading=replace(entry.reading, flags=("correction",)))
    last = root(entry).findall(f"{A}entry/{A}category")[-1]
    assert (last.get("term"), last.get("scheme")) == ("correction", "https://news.example.com/taxonomy/flag")


def test_a_corrected_entry_keeps_its_name_and_place_and_says_so_in_its_title() -> None:
    later = NOON + dt.timedelta(days=1)
    before, after = (root(an_entry("Newer"), entry) for entry in (an_entry("Tin"), corrected(an_entry("Tin"), later)))
    path = f"{A}entry/{A}"
    for same in ("id", "published"):
        assert [e.text for e in before.findall(path + same)] == [e.text for e in after.findall(path + same)]
    assert [e.text for e in after.findall(f"{path}title")] == ["Newer", "CORRECTED: Tin"]
    assert [e.text for e in after.findall(f"{path}updated")] == [NOON.isoformat(), later.isoformat()]


def test_of_a_withdrawn_entry_nothing_is_left_but_name_headline_and_a_sentence() -> None:
    entry = withdrawn(corrected(with_original(changed(an_entry("Tin"), summary="Secret figures."))))
    seen = feedparser.parse(made(entry)).entries[0]
    assert (seen.id, seen.title, seen.link) == (entry.guid, "WITHDRAWN: Tin", f"https://news.example.com/{entry.path}")
    assert seen.summary == "Withdrawn on 2 March 2026, 07:00 EST."
    assert seen.content[0].value.startswith("<p>This release was withdrawn on 2 March 2026, 07:00 EST,")
    assert seen.enclosures == [] and b"Secret" not in made(entry)


def test_the_summary_is_one_sentence_and_the_content_the_text() -> None:
    entry = changed(an_entry(), summary="Tin rose.", paragraphs=a_body((BlockKind.PARAGRAPH, "Tin rose. Zinc fell.")))
    seen = feedparser.parse(made(entry)).entries[0]
    assert seen.summary == "Tin rose."
    assert seen.content[0].value.startswith("<p>Tin rose. Zinc fell.</p>")


def test_a_release_without_a_summary_gives_its_headline() -> None:
    entry = changed(an_entry("Tin rose"), summary=None, paragraphs=())
    assert feedparser.parse(made(entry)).entries[0].summary == "Tin rose"


def test_the_company_speaks_and_without_one_the_site() -> None:
    seen = feedparser.parse(made(an_entry(), changed(an_entry("B"), issuer=None))).entries
    assert [entry.author for entry in seen] == ["Harbour Copper Corp.", "The Harbour Desk"]


def test_a_release_in_another_language_says_so() -> None:
    entries = [changed(an_entry(), language=language) for language in ("en", "fr", None, "not a tag")]
    tags = [e.get("{http://www.w3.org/XML/1998/namespace}lang") for e in root(*entries).findall(f"{A}entry")]
    assert tags == [None, "fr", None, None]
    assert root().get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@pytest.mark.parametrize(("title", "shown"), NASTY_TITLES.items(), ids=ascii)
def test_a_nasty_title_arrives_as_it_was_meant(title: str, shown: str) -> None:
    data = made(changed(an_entry(), title=title))
    assert feedparser.parse(data).bozo == 0
    assert etree.fromstring(data).findtext(f"{A}entry/{A}title") == shown


@pytest.mark.parametrize("title", ["", "   ", "\x00\ud800"])
def test_a_release_without_a_printable_headline_stops_no_feed(title: str) -> None:
    seen = feedparser.parse(made(changed(an_entry(), title=title), an_entry("Fine"))).entries
    assert [entry.title for entry in seen] == ["Release without a headline", "Fine"]


def test_bad_characters_anywhere_are_cleaned() -> None:
    bad = "Tin\x00\ud800 Corp."
    entry = changed(
        an_entry(),
        issuer=Issuer(bad),
        summary=bad,
        tickers=(_ticker("T\x01SX", "A\ufffeB"),),
        paragraphs=a_body((BlockKind.TABLE, bad)),
    )
    text = made(entry).decode()
    assert "<name>Tin Corp.</name>" in text
    assert 'term="TSX:AB"' in text


def test_no_address_is_relative_and_no_version_of_ours_is_told() -> None:
    text = made(a_rich_entry()).decode()
    assert "<generator>feedd</generator>" in text
    assert 'href="/' not in text and "href=&quot;/" not in text and 'href="."' not in text


def test_a_site_below_a_path_keeps_it_in_every_address() -> None:
    site = replace(SITE, base_url="https://example.com/news")
    links = [link.get("href") for link in root(with_original(an_entry()), site=site).iter(f"{A}link")]
    assert len(links) == 4
    assert all(href.startswith("https://example.com/news/") for href in links)


def test_a_whole_feed_is_the_golden_file() -> None:
    golden = Path(__file__).parent / "golden" / "feed.atom"
    assert made(a_rich_entry(), an_entry()).decode() == golden.read_text()


# ── The same bytes ────────────────────────────────────────────────────────────────────────────────────────

_AGAIN = """
import sys
sys.path[:0] = [{tests!r}, {here!r}]
from test_atom import made
from test_rss import made as made_rss
from newsroom import a_rich_entry
from factories import an_entry
sys.stdout.buffer.write(made(a_rich_entry(), an_entry()) + made_rss(a_rich_entry(), an_entry()))
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8"},
    ],
)
def test_the_bytes_depend_on_nothing_around(surroundings: dict[str, str]) -> None:
    from test_rss import made as made_rss

    here = Path(__file__).parent
    program = _AGAIN.format(tests=str(here.parent), here=str(here))
    again = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | surroundings, capture_output=True, check=True, cwd=here
    )
    assert again.stdout == made(a_rich_entry(), an_entry()) + made_rss(a_rich_entry(), an_entry())


def test_no_locale_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert made(an_entry())


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_whatever_one_release_holds_the_others_stay_byte_for_byte(title: str, body: str) -> None:
    strange = changed(an_entry(), title=title, summary=body, paragraphs=a_body((BlockKind.PARAGRAPH, body)))
    data = made(strange, an_entry("Fine"))
    assert feedparser.parse(data).bozo == 0
    assert _last_entry(data) == _last_entry(made(an_entry(), an_entry("Fine")))


def _last_entry(data: bytes) -> bytes:
    return data[data.rindex(b"<entry>") :]


def _ticker(code: str, symbol: str) -> Ticker:
    return Ticker(code, code, None, symbol, code)
