"""RSS feeds as real parsers see them: links, dates, enclosures, and every title as it was meant."""

from __future__ import annotations

import datetime as dt
import locale
from dataclasses import replace
from email.utils import parsedate_to_datetime
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
from feedd.model import BlockKind, Entry, Feed
from feedd.render.rss import path, rss

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"


def made(*entries: Entry, feed: Feed = ALL) -> bytes:
    return rss(feed, entries, SITE, LABELS, born=BORN)


def channel(*entries: Entry) -> etree._Element:
    found = etree.fromstring(made(*entries)).find("channel")
    assert found is not None
    return found


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_a_feed_reader_finds_no_fault(feed: Feed) -> None:
    seen = feedparser.parse(made(a_rich_entry(), an_entry(), feed=feed))
    assert seen.bozo == 0
    assert (seen.version, len(seen.entries), seen.feed.title) == ("rss20", 2, feed.title)


def test_the_channel_links_the_site_and_names_itself() -> None:
    assert channel().findtext("link") == "https://news.example.com/"
    itself = channel().find("{http://www.w3.org/2005/Atom}link")
    assert itself is not None
    assert dict(itself.attrib) == {
        "href": "https://news.example.com/feeds/all.rss",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert path(ALL) == "feeds/all.rss"


def test_an_empty_feed_is_as_old_as_the_store() -> None:
    assert feedparser.parse(made()).bozo == 0
    assert parsedate_to_datetime(channel().findtext("lastBuildDate") or "") == BORN


def test_dates_carry_weekday_seconds_and_a_numeric_zone() -> None:
    entry = replace(an_entry(), published=dt.datetime.fromisoformat("2026-05-06T06:30:09.5-04:00"))
    assert channel(entry).findtext("item/pubDate") == "Wed, 06 May 2026 10:30:09 +0000"


def test_the_last_build_is_the_last_change() -> None:
    later = corrected(an_entry("B"), NOON + dt.timedelta(days=1))
    assert channel(an_entry(), later).findtext("lastBuildDate") == "Tue, 03 Mar 2026 12:00:00 +0000"


def test_a_corrected_item_says_so_in_its_title_and_keeps_its_guid() -> None:
    item = channel(corrected(an_entry("Tin"))).find("item")
    assert (item.findtext("title"), item.findtext("guid")) == ("CORRECTED: Tin", an_entry("Tin").guid)


def test_of_a_withdrawn_item_nothing_is_left_but_name_headline_and_a_sentence() -> None:
    item = channel(withdrawn(with_original(changed(an_entry("Tin"), summary="Secret figures.")))).find("item")
    assert (item.findtext("title"), item.findtext("guid")) == ("WITHDRAWN: Tin", an_entry("Tin").guid)
    assert item.findtext("description") == "Withdrawn on 2 March 2026, 07:00 EST."
    assert item.findtext(CONTENT).startswith("<p>This release was withdrawn on 2 March 2026, 07:00 EST,")
    assert item.find("enclosure") is None and b"Secret" not in etree.tostring(item)


def test_the_guid_is_the_lasting_name_and_no_address() -> None:
    guid = channel(an_entry()).find("item/guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (an_entry().guid, "false")


def test_an_item_links_its_page_and_encloses_its_original() -> None:
    entry = with_original(an_entry())
    item = feedparser.parse(made(entry)).entries[0]
    assert item.link == f"https://news.example.com/{entry.path}"
    assert [(e.href, e.type, e.length) for e in item.enclosures] == [
        (f"https://news.example.com/{entry.path}original.txt", "text/plain", "8155")
    ]


def test_without_a_published_original_nothing_is_enclosed() -> None:
    assert channel(an_entry()).find("item/enclosure") is None


def test_categories_hold_terms_not_labels() -> None:
    entry = filed(an_entry(), secondary=("operations.guidance",))
    ours, iptc = "https://news.example.com/taxonomy/", "http://cv.iptc.org/newscodes/mediatopic/"
    assert [(c.get("domain"), c.text) for c in channel(entry).findall("item/category")] == [
        (ours + "class", "operational_update"),
        (ours + "subtopic", "operations.production"),
        (ours + "subtopic", "operations.guidance"),
        (ours + "ticker", "TSX:HBC"),
        (iptc, "20000360"),
        (iptc, "20000316"),
    ]


def test_summary_and_full_text_stand_apart() -> None:
    entry = changed(an_entry(), summary="Tin <3 rose.", paragraphs=a_body((BlockKind.PARAGRAPH, "Tin rose. More.")))
    item = channel(entry).find("item")
    assert item is not None
    assert item.findtext("description") == "Tin &lt;3 rose."
    assert (item.findtext(CONTENT) or "").startswith("<p>Tin rose. More.</p>")


def test_the_company_is_the_creator() -> None:
    assert channel(an_entry()).findtext(f"item/{DC}creator") == "Harbour Copper Corp."
    assert channel(changed(an_entry(), issuer=None)).findtext(f"item/{DC}creator") == "The Harbour Desk"


def test_a_release_in_another_language_says_so() -> None:
    assert channel(changed(an_entry(), language="fr")).findtext(f"item/{DC}language") == "fr"
    assert channel(an_entry()).find(f"item/{DC}language") is None


@pytest.mark.parametrize("title", ["A & B", "Prices <3 rise", "AT&amp;T calls", "🥇 Gold", "שלום Ltd.", "]]> ends"])
def test_a_title_arrives_as_it_was_meant(title: str) -> None:
    data = made(changed(an_entry(), title=title))
    assert feedparser.parse(data).bozo == 0
    assert etree.fromstring(data).findtext("channel/item/title") == title


@pytest.mark.parametrize("title", ["Tin\x0brose", "Tin \ud800rose", "Tin\x00 rose\x96"])
def test_bad_characters_are_cleaned_from_a_title(title: str) -> None:
    assert feedparser.parse(made(changed(an_entry(), title=title))).entries[0].title == "Tin rose"


def test_no_locale_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("setlocale was called")

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert made(an_entry())


def test_a_whole_feed_is_the_golden_file() -> None:
    golden = Path(__file__).parent / "golden" / "feed.rss"
    assert made(a_rich_entry(), an_entry()).decode() == golden.read_text()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_whatever_one_release_holds_the_others_stay_byte_for_byte(title: str, body: str) -> None:
    strange = changed(an_entry(), title=title, summary=body, paragraphs=a_body((BlockKind.PARAGRAPH, body)))
    data = made(strange, an_entry("Fine"))
    assert feedparser.parse(data).bozo == 0
    assert data[data.rindex(b"<item>") :] == (plain := made(an_entry(), an_entry("Fine")))[plain.rindex(b"<item>") :]
