"""The layout of ``out/``."""

from __future__ import annotations

import datetime as dt

from feedd import layout
from feedd.model import Class, Labels

LABELS = Labels({c: c.value.replace("_", " ").capitalize() for c in Class}, {}, {})
FEEDS = layout.feeds(LABELS, "Acme News")


def test_there_is_a_feed_of_all_and_one_a_class() -> None:
    assert [feed.name for feed in FEEDS] == ["all", "earnings_notice", "operational_update", "corporate_milestone"]
    assert FEEDS[1].title == "Acme News: Earnings notice"


def test_a_release_lies_under_its_stated_month() -> None:
    folder = layout.folder(dt.date(2014, 5, 6), "acme-pours")
    assert folder == "releases/2014/05/acme-pours/"
    assert layout.page(folder) == "releases/2014/05/acme-pours/index.html"


def test_the_original_stands_beside_the_page_where_its_format_is_published() -> None:
    assert layout.release_outputs("r/", "text", ["text"]) == ["r/original.txt", "r/index.html"]
    assert layout.release_outputs("r/", "pdf", ["pdf", "text"]) == ["r/original.pdf", "r/index.html"]
    assert layout.release_outputs("r/", "docx", ["pdf", "text"]) == ["r/index.html"]
    assert layout.release_outputs("r/", "markdown", ["text"]) == ["r/index.html"]


def test_a_release_shows_in_all_in_its_class_and_on_the_index() -> None:
    assert layout.lists_showing(FEEDS, {Class.EARNINGS_NOTICE}) == [
        "feeds/all.atom", "feeds/all.rss", "feeds/earnings_notice.atom", "feeds/earnings_notice.rss", "index.html",
    ]  # fmt: skip


def test_a_release_that_changed_class_shows_in_both() -> None:
    shown = layout.lists_showing(FEEDS, {Class.EARNINGS_NOTICE, Class.CORPORATE_MILESTONE})
    assert "feeds/earnings_notice.rss" in shown and "feeds/corporate_milestone.rss" in shown
    assert "feeds/operational_update.rss" not in shown


def test_everything_a_list_names_is_an_output_of_the_site() -> None:
    known = {path for path, _rank in layout.site_outputs(FEEDS)}
    assert set(layout.lists_showing(FEEDS, set(Class))) <= known


def test_what_others_link_to_goes_out_first() -> None:
    ranks = dict(layout.site_outputs(FEEDS))
    assert ranks["style.css"] < layout.RANK_RELEASE < ranks["feeds/all.atom"] < ranks["index.html"]
