"""Pages as bytes: what they say, where they lead, and that nothing in a release can break them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html
from newsroom import (
    BORN,
    FEEDS,
    LABELS,
    SITE,
    a_body,
    a_change,
    a_notice,
    a_past,
    a_rich_entry,
    changed,
    corrected,
    filed,
    with_original,
    withdrawn,
)

from factories import NOON, an_entry
from feedd.errors import RenderError
from feedd.model import Alternate, BlockKind, Class, Entry, Past, Removed
from feedd.render.pages import MAX_CHANGES, NO_PAST, Pages

PAGES = Pages(SITE, FEEDS, LABELS)


def tree(page: bytes) -> html.HtmlElement:
    return html.document_fromstring(page.decode())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def texts(page: bytes, path: str) -> list[str]:
    return [words(element) for element in tree(page).xpath(path)]


def index(*entries: Entry, pages: Pages = PAGES) -> bytes:
    return pages.index(entries, born=BORN)


def every_page() -> dict[str, bytes]:
    return {
        "index": index(a_rich_entry(), an_entry()),
        "empty index": index(),
        "release": PAGES.release(a_rich_entry()),
        "corrected": PAGES.release(a_rich_entry(), a_past(a_rich_entry())),
        "withdrawn": PAGES.release(withdrawn(a_rich_entry()), Past(notice=a_notice())),
        "feeds": PAGES.feeds(),
        "not found": PAGES.not_found(),
        "unsubscribe": PAGES.unsubscribe("ana@example.com", "the daily digest", "/unsubscribe/t0ken"),
        "unsubscribed": PAGES.unsubscribed("the daily digest"),
        "link problem": PAGES.link_problem("This link is damaged."),
    }


NAMES = list(every_page())


# ── All pages ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_one_headline_a_title_and_a_language(name: str) -> None:
    page = tree(every_page()[name])
    assert len(page.xpath("//h1")) == 1
    assert words(page.xpath("//title")[0]).endswith(" – Harbour News")
    assert page.get("lang") == "en"


@pytest.mark.parametrize("name", NAMES)
def test_headings_come_in_order(name: str) -> None:
    headings = tree(every_page()[name]).xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_no_page_runs_a_script_or_asks_a_third_party(name: str) -> None:
    page = tree(every_page()[name])
    assert {s.get("type") for s in page.xpath("//script")} <= {"application/ld+json"}
    assert page.xpath("//*[@style or @onclick or @onload] | //img | //iframe | //style") == []
    assert len(page.xpath("//link[@rel='stylesheet']")) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_of_the_keyboard_can_skip_to_the_text(name: str) -> None:
    page = tree(every_page()[name])
    assert page.xpath("//body/a[1]/@href") == ["#main"]
    assert [e.tag for e in page.xpath("//*[@id='main']")] == ["main"]


@pytest.mark.parametrize("name", NAMES)
def test_the_masthead_leads_to_the_pages_that_exist(name: str) -> None:
    assert texts(every_page()[name], "//nav/a") == ["Releases", "Feeds"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_small(name: str) -> None:
    assert len(every_page()[name]) < 40_000


def test_the_stylesheet_is_small_and_stands_alone() -> None:
    css = PAGES.stylesheet().decode()
    assert len(css) < 12_000
    assert "url(" not in css and "@import" not in css


@pytest.mark.parametrize(
    "wish",
    ["prefers-color-scheme: dark", "prefers-reduced-motion", "forced-colors: active", "@media print", ":focus-visible"],
)
def test_the_stylesheet_heeds_what_people_need(wish: str) -> None:
    assert wish in PAGES.stylesheet().decode()


def test_equal_values_give_equal_bytes() -> None:
    assert every_page() == every_page()
    assert Pages(SITE, FEEDS, LABELS).release(a_rich_entry()) == PAGES.release(a_rich_entry())


def test_a_template_of_the_operator_is_used(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("body { color: red }")
    assert Pages(SITE, FEEDS, LABELS, tmp_path).stylesheet() == b"body { color: red }"


def test_a_wrong_template_of_the_operator_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.html.j2").write_text("{{ wether }}")
    with pytest.raises(RenderError, match=r"index.html.* 'wether' is undefined"):
        index(pages=Pages(SITE, FEEDS, LABELS, tmp_path))


# ── Links ─────────────────────────────────────────────────────────────────────────────────────────────────


def local_links(page: bytes) -> list[str]:
    found: Iterable[str] = tree(page).xpath("//a/@href | //link[@rel='stylesheet']/@href")
    return [link for link in found if not re.match(r"https?:|mailto:|tel:|#", link)]


def test_pages_of_out_also_work_from_a_disk(tmp_path: Path) -> None:
    entry = with_original(a_rich_entry())
    files = {
        "index.html": index(entry),
        "style.css": PAGES.stylesheet(),
        "feeds/index.html": PAGES.feeds(),
        f"{entry.path}index.html": PAGES.release(entry),
        f"{entry.path}original.txt": b"",
        **{f"feeds/{feed.name}.{format}": b"" for feed in FEEDS for format in ("atom", "rss")},
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    for name in [name for name in files if name.endswith(".html")]:
        links = local_links(files[name])
        assert len(links) > 4
        assert [link for link in links if not ((tmp_path / name).parent / link).is_file()] == []


@pytest.mark.parametrize("name", ["not found", "unsubscribe", "unsubscribed", "link problem"])
def test_pages_shown_at_any_address_link_from_the_root(name: str) -> None:
    assert {"/style.css", "/", "/feeds/"} <= set(local_links(every_page()[name]))


def test_below_a_path_the_root_is_that_path() -> None:
    pages = Pages(replace(SITE, base_url="https://example.com/news"), FEEDS, LABELS)
    assert set(local_links(pages.not_found())) == {"/news/style.css", "/news/", "/news/feeds/"}


def test_readers_discover_every_feed_on_the_index_and_the_fitting_ones_on_a_release() -> None:
    path = "//link[@rel='alternate'][contains(@type, '+xml')]/@href"
    assert len(tree(index()).xpath(path)) == 8
    found = tree(PAGES.release(an_entry())).xpath(path)
    assert [link.removeprefix("https://news.example.com/feeds/") for link in found] == [
        "all.atom", "all.rss", "operational_update.atom", "operational_update.rss",
    ]  # fmt: skip


def test_each_lasting_page_names_its_own_address() -> None:
    canonical = "//link[@rel='canonical']/@href"
    assert tree(index()).xpath(canonical) == ["https://news.example.com/"]
    assert tree(PAGES.release(an_entry())).xpath(canonical) == [f"https://news.example.com/{an_entry().path}"]


# ── Index ─────────────────────────────────────────────────────────────────────────────────────────────────


def at(entry: Entry, when: dt.datetime) -> Entry:
    return replace(entry, published=when)


def test_releases_stand_under_their_day_in_the_zone_of_the_site() -> None:
    late = at(an_entry("Late"), dt.datetime(2026, 3, 3, 4, 59, tzinfo=dt.UTC))
    page = index(at(an_entry("Next"), dt.datetime(2026, 3, 3, 5, 1, tzinfo=dt.UTC)), late)
    assert texts(page, "//h2") == ["Tuesday 3 March 2026", "Monday 2 March 2026"]
    assert texts(page, "//li//time") == ["00:01", "23:59"]


def test_a_release_of_a_day_shows_no_time() -> None:
    midnight = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
    assert texts(index(at(an_entry(), midnight)), "//li//time") == []


def test_midnight_is_shown_where_it_is_stated() -> None:
    midnight = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
    stated = changed(at(an_entry(), midnight), date=midnight.isoformat(), date_precision="minute")
    assert texts(index(stated), "//li//time") == ["00:00"]


def test_a_row_tells_class_headline_company_and_a_line() -> None:
    page = index(changed(an_entry("Tin rose"), summary_short="Tin: 1,204 t, up 14 %."))
    row = tree(page).xpath("//li[@class='row']")[0]
    assert words(row) == "07:00 ▲ Operational update Tin rose Harbour Copper Corp. · TSX:HBC Tin: 1,204 t, up 14 %."
    assert words(row.xpath(".//h3/a")[0]) == "Tin rose"


@pytest.mark.parametrize("class_", Class)
def test_a_class_shows_by_word_shape_and_colour(class_: Class) -> None:
    tag = tree(index(an_entry(class_=class_))).xpath("//span[starts-with(@class, 'tag')]")[0]
    assert words(tag)[0] in "◆▲●" and words(tag)[2:] == LABELS.classes[class_]
    assert f".{tag.get('class').split()[1]} {{" in PAGES.stylesheet().decode()


def test_corrected_and_unchecked_releases_are_marked() -> None:
    kicker = texts(index(corrected(an_entry(needs_review=True))), "//p[@class='kicker']")
    assert kicker == ["07:00 ▲ Operational update ! Corrected Not yet checked"]


def test_of_a_withdrawn_release_a_row_tells_no_more_than_that() -> None:
    row = tree(index(withdrawn(corrected(an_entry("Tin", needs_review=True))))).xpath("//li[@class='row']")[0]
    assert words(row) == "07:00 ▲ Operational update ! Withdrawn Tin Harbour Copper Corp. · TSX:HBC"


def test_an_empty_index_says_what_will_appear_and_how() -> None:
    (said,) = texts(index(), "//div[@class='empty']")
    assert said.startswith("No release has been published here yet. As soon as one is out it stands on this page")
    assert "This site began on 26 January 2025." in said


def test_a_release_in_another_language_is_marked_as_such() -> None:
    assert tree(index(changed(an_entry(), language="fr"))).xpath("//h3/@lang") == ["fr"]
    assert tree(PAGES.release(changed(an_entry(), language="fr"))).xpath("//article/@lang") == ["fr"]


# ── Release ───────────────────────────────────────────────────────────────────────────────────────────────


def release(entry: Entry, past: Past = NO_PAST) -> html.HtmlElement:
    return tree(PAGES.release(entry, past))


def test_the_headline_is_the_headline_and_the_text_is_the_article() -> None:
    page = release(changed(an_entry("Tin <rose>"), paragraphs=a_body((BlockKind.PARAGRAPH, "Tin & zinc."))))
    assert words(page.xpath("//h1")[0]) == "Tin <rose>"
    assert [words(article) for article in page.xpath("//article")] == ["Tin & zinc."]
    assert page.xpath("//form | //input | //button") == []


def test_a_release_that_is_only_a_headline_says_so() -> None:
    (text,) = texts(PAGES.release(changed(an_entry(), paragraphs=())), "//article")
    assert text == "This release has no text beyond its headline."


def test_the_kicker_gives_class_subtopic_and_the_stated_time_with_utc() -> None:
    (kicker,) = texts(PAGES.release(a_rich_entry()), "//p[@class='kicker']")
    assert kicker == "▲ Operational update Production 6 May 2026, 06:30 UTC−04:00 (10:30 UTC)"


def test_another_day_in_utc_is_said() -> None:
    late = changed(an_entry(), date="2026-05-06T22:30:00-04:00", date_precision="minute")
    assert "6 May 2026, 22:30 UTC−04:00 (7 May 2026, 02:30 UTC)" in words(release(late).xpath("//header")[1])


def test_a_day_is_shown_as_a_day() -> None:
    (kicker,) = texts(PAGES.release(an_entry()), "//p[@class='kicker']")
    assert kicker == "▲ Operational update Production 2 March 2026"


def test_the_facts_that_are_known_are_shown() -> None:
    page = PAGES.release(a_rich_entry())
    facts = dict(zip(texts(page, "//dt"), texts(page, "//dt/.."), strict=True))
    assert facts["Company"] == "Company Little Esk Tin Corp."
    assert facts["Listed"] == "Listed TSX:LET Toronto Stock Exchange AMEX:LETX NYSE American"
    assert facts["Dated"] == "Dated Wednesday, 6 May 2026, 06:30 UTC−04:00"
    assert facts["Published"] == "Published 2 March 2026, 07:00 EST (12:00 UTC)"
    assert facts["Head office"] == "Head office 1 Pier StreetHalifax NS B3J 1A1Canada"
    assert facts["Website"] == "Website www.esk.example.com"
    assert facts["Original"] == "Original The file as it came text/plain, 8.2 kB"


def test_facts_that_are_not_known_are_left_out() -> None:
    midnight = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
    bare = changed(at(an_entry(), midnight), issuer=None, tickers=())
    assert texts(PAGES.release(bare), "//dt") == ["Dated"]


def test_a_correction_stands_before_the_text() -> None:
    entry = replace(corrected(an_entry(), NOON + dt.timedelta(days=1)), updated=NOON + dt.timedelta(days=9))
    assert texts(PAGES.release(entry), "//header/p[contains(@class, 'notice')]") == [
        "! Corrected on 3 March 2026, 07:00 EST. This text takes the place of the one that stood here before."
    ]
    assert release(entry).xpath("//p[contains(@class, 'notice')]/time/@datetime") == ["2026-03-03T12:00:00Z"]
    assert texts(PAGES.release(an_entry(version=2)), "//p[contains(@class, 'notice')]") == []


def changes(*titles: str) -> bytes:
    """The page of a release whose headline was corrected from one of *titles* to the next."""
    entry = corrected(an_entry(titles[-1]))
    steps = enumerate(pairwise(titles))
    told = (a_change(changed(entry, title=a).release, NOON + dt.timedelta(days=n), title=b) for n, (a, b) in steps)
    return PAGES.release(entry, Past(tuple(told)))


def test_a_correction_says_first_what_changed_and_leads_there() -> None:
    page = changes("Tin rose by 12 %", "Tin fell by 12 %")
    (notice,) = texts(page, "//header/p[contains(@class, 'notice')]")
    assert notice.endswith("What changed: headline.")
    assert tree(page).xpath("//header/p/a/@href") == [f"#{it}" for it in tree(page).xpath("//section/h2[1]/@id")[:1]]


def test_words_that_changed_are_marked_and_named_for_those_who_hear_them() -> None:
    page = changes("Tin rose in the old mine we own", "Tin fell in the mine we own today")
    assert texts(page, "//dd[del]") == ["Tin was rose now fell in the taken out: old mine we own added: today"]
    assert texts(page, "//del") == ["was rose", "taken out: old"]
    assert texts(page, "//ins") == ["now fell", "added: today"]
    assert ".changes del {" in PAGES.stylesheet().decode() and "line-through" in PAGES.stylesheet().decode()


def test_the_newest_change_stands_open_and_the_older_ones_can_be_opened() -> None:
    page = changes("Tin fell by 1 %", "Tin fell by 2 %", "Tin fell by 3 %")
    times = texts(page, "//section[@class='changes']//time")
    assert times == ["3 March 2026, 07:00 EST", "2 March 2026, 07:00 EST"]
    assert texts(page, "//section[@class='changes']/dl/div") == ["Headline Tin fell by was 2 now 3 %"]
    assert texts(page, "//section[@class='changes']/details/dl/div") == ["Headline Tin fell by was 1 now 2 %"]


def test_changes_without_end_make_a_page_with_an_end() -> None:
    page = changes(*(f"Tin fell by {n} %" for n in range(MAX_CHANGES + 4)))
    assert len(tree(page).xpath("//section[@class='changes']//dl")) == MAX_CHANGES
    assert "It was corrected 3 times before that." in words(tree(page))


def test_a_change_that_nobody_sees_says_so() -> None:
    (said,) = texts(changes("Tin rose", "Tin rose"), "//section[@class='changes']")
    assert said.endswith("No word that is shown here; only how the text is set, or the file it came in.")


def test_the_words_of_a_foreign_release_keep_their_language_in_the_difference() -> None:
    entry = changed(corrected(an_entry("Le cuivre coule deux fois")), language="fr")
    page = PAGES.release(entry, Past((a_change(entry.release, title="Le cuivre coule trois fois", date="2026-03-03"),)))
    assert tree(page).xpath("//section[@class='changes']//dd/@lang") == ["fr"]
    assert len(tree(page).xpath("//section[@class='changes']//dd")) == 2


# ── Withdrawn, and in other languages ─────────────────────────────────────────────────────────────────────


def test_in_the_place_of_a_withdrawn_release_stands_that_it_was() -> None:
    entry = withdrawn(a_rich_entry(), NOON + dt.timedelta(days=1))
    page = PAGES.release(entry, a_past(entry))
    assert texts(page, "//h1") == [f"Withdrawn: {entry.release.title}"]
    assert texts(page, "//article//time") == ["3 March 2026, 07:00 EST"]
    assert tree(page).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_nothing_else_of_a_withdrawn_release_is_on_its_page() -> None:
    page = PAGES.release(withdrawn(a_rich_entry()), a_past(a_rich_entry()))
    assert len(tree(page).xpath("//article")) == 1
    assert tree(page).xpath("//aside | //dl | //details | //del | //script | //a[contains(@href, 'original')]") == []
    for words_of_it in ("reports tin output", "availability", "555-0100", "Harrow", "LETX", "application/ld+json"):
        assert words_of_it.encode() not in page


def test_a_tombstone_gives_the_words_of_the_notice() -> None:
    notice = replace(a_notice(), language="fr")
    page = PAGES.release(withdrawn(a_rich_entry()), Past(notice=notice))
    assert texts(page, "//article//h2") == [notice.title]
    assert "The figures had not been audited." in texts(page, "//article")[0]
    assert tree(page).xpath("//article/section/@lang") == ["fr"]
    assert texts(PAGES.release(withdrawn(a_rich_entry())), "//article//h2") == []


FRENCH = Alternate("fr", "releases/2026/03/coule/", "Harbour Copper coule")
GERMAN = Alternate("de", "releases/2026/03/giesst/", "Harbour Copper giesst")


def test_a_release_leads_to_its_translations() -> None:
    page = release(an_entry(), Past(alternates=(FRENCH, GERMAN)))
    links = page.xpath("//p[@class='languages']/a")
    assert [(words(a), a.get("hreflang"), a.get("lang")) for a in links] == [
        ("Français", "fr", "fr"),
        ("Deutsch", "de", "de"),
    ]
    assert links[0].get("href") == "../coule/index.html"
    assert release(an_entry()).xpath("//p[@class='languages'] | //link[@hreflang]") == []


def test_a_translation_says_of_which_release_it_is_one() -> None:
    entry = changed(an_entry("Harbour Copper vierte"), language="it")
    page = release(entry, Past(alternates=(FRENCH, GERMAN), translation_of=FRENCH))
    (said,) = page.xpath("//p[@class='languages']")
    assert words(said) == "A translation of Harbour Copper coule (Français) Also in Deutsch"
    assert said.get("lang") == "en"


def test_search_engines_find_all_languages_of_a_release() -> None:
    page = release(an_entry(), Past(alternates=(FRENCH,)))
    assert [(link.get("hreflang"), link.get("href")) for link in page.xpath("//link[@hreflang]")] == [
        ("en", f"https://news.example.com/{an_entry().path}"),
        ("fr", "https://news.example.com/releases/2026/03/coule/"),
    ]


# ── Of every release ──────────────────────────────────────────────────────────────────────────────────────


def test_an_unchecked_release_says_so_politely() -> None:
    (said,) = texts(PAGES.release(an_entry(needs_review=True)), "//header/p[@class='box']")
    assert said.startswith("A program filed this release as operational update; nobody has checked that yet.")
    assert texts(PAGES.release(an_entry()), "//header/p[@class='box']") == []


def test_why_shows_the_words_in_their_sentences_with_a_bar_each() -> None:
    why = release(a_rich_entry()).xpath("//details[@class='why']")[0]
    assert words(why.xpath("summary")[0]) == "Why operational update?"
    assert [words(mark) for mark in why.xpath(".//mark")] == ["Pours 1,204 Tonnes", "tin output"]
    assert why.xpath(".//rect[not(@class)]/@width") == ["100", "50"]
    assert "How sure: 93 %. Next would be corporate milestone (awards) with 5 %." in words(why)


def test_without_words_why_says_so() -> None:
    alone = filed(an_entry(), evidence=(), runner_up=None)
    assert "no single words stood out. How sure: 93 %." in words(release(alone).xpath("//details[@class='why']")[0])


def test_contacts_can_be_called_and_written_to() -> None:
    page = release(a_rich_entry())
    assert page.xpath("//ul[@class='contacts']//a/@href") == ["tel:+19025550100", "mailto:ir@esk.example.com"]
    assert [words(name) for name in page.xpath("//ul[@class='contacts']//strong")] == ["Ida Blum", "Jon Rao"]


def test_a_contact_section_that_was_not_understood_is_shown_as_it_is() -> None:
    part = Removed("contact", None, "Ida Blum\nAt the pier")
    page = release(changed(an_entry(), removed=(part,)))
    assert [words(p) for p in page.xpath("//section[@class='sections']//p")] == ["Ida Blum", "At the pier"]
    assert release(changed(a_rich_entry(), removed=(part,))).xpath("//section[@class='sections']") == []


def test_the_rest_of_the_release_can_be_opened() -> None:
    found = release(a_rich_entry()).xpath("//section[@class='sections']/details")
    assert [words(part) for part in found] == [
        "About Little Esk Little Esk digs tin. It has dug since 1902.",
        "Forward-looking statements Some statements look forward.",
    ]


def test_nothing_in_a_release_becomes_markup() -> None:
    evil = '<script>alert(1)</script>" onmouseover="x'
    entry = changed(an_entry(), title=evil, subtitle=evil, summary=evil, language='en" x="', date_source=evil)
    page = release(entry)
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//*[@onmouseover or @x]") == []


def test_nothing_in_a_past_becomes_markup() -> None:
    evil = '<script>alert(1)</script>" onmouseover="x'
    entry, body = corrected(an_entry()), a_body((BlockKind.PARAGRAPH, evil))
    past = Past(
        changes=(a_change(entry.release, title=evil, paragraphs=body),),
        notice=replace(a_notice(), title=evil, paragraphs=body, language='en" x="'),
        alternates=(Alternate('fr" x="', evil, evil),),
        translation_of=Alternate('de" x="', evil + "/", evil),
    )
    for page in (release(entry, past), release(withdrawn(entry), past)):
        assert page.xpath("//script[not(@type)] | //*[@onmouseover or @x]") == []


def test_characters_no_page_may_hold_are_cleaned() -> None:
    page = PAGES.release(changed(an_entry(), title="Tin\ud800\x0brose", summary="\x00"))
    assert "<h1>Tin rose</h1>" in page.decode()


# ── Feeds, and what the server shows ──────────────────────────────────────────────────────────────────────


def test_the_page_of_feeds_gives_each_feed_with_both_addresses_in_full() -> None:
    addresses = texts(PAGES.feeds(), "//a[@class='address']")
    assert len(addresses) == 8
    assert addresses[:2] == ["https://news.example.com/feeds/all.atom", "https://news.example.com/feeds/all.rss"]
    assert texts(PAGES.feeds(), "//h3") == [
        "All releases", "◆ Earnings notice", "▲ Operational update", "● Corporate milestone",
    ]  # fmt: skip


def test_the_page_of_feeds_says_how_to_subscribe() -> None:
    assert len(texts(PAGES.feeds(), "//ol/li")) == 3


def test_to_unsubscribe_takes_one_button_that_posts() -> None:
    page = tree(PAGES.unsubscribe("ana@example.com", "the <daily> digest", "/unsubscribe/t0ken"))
    (form,) = page.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", "/unsubscribe/t0ken")
    assert [words(button) for button in page.xpath("//button")] == ["Stop these letters"]
    assert "ana@example.com gets the <daily> digest." in words(page)


def test_pages_for_one_person_are_kept_out_of_search_engines() -> None:
    for name in ("not found", "unsubscribe", "unsubscribed", "link problem"):
        assert tree(every_page()[name]).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_a_problem_with_a_link_is_told_in_a_sentence() -> None:
    assert "This link is damaged. Nothing has changed." in words(tree(every_page()["link problem"]))


def test_a_decided_release_says_that_a_person_decided() -> None:
    page = PAGES.release(filed(an_entry(), decided=True, runner_up=None, confidence=1.0))
    (why,) = texts(page, "//details[@class='why']")

    assert "A person decided that. These words of the release speak for it" in why
    assert "How sure" not in why and "A program" not in why


def test_words_that_were_learned_from_decisions_say_so() -> None:
    evidence = an_entry().classification.evidence
    taught = tuple(replace(piece, rule="decided/copper") for piece in evidence)

    assert (
        "learned from what people decided" in texts(PAGES.release(filed(an_entry(), evidence=taught)), "//details")[0]
    )
    assert "learned from what people decided" not in texts(PAGES.release(an_entry()), "//details")[0]
