"""Pages as a real browser lays them out: nothing cut off, everything readable and big enough to touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import BORN, FEEDS, LABELS, SITE, a_notice, a_past, a_rich_entry, withdrawn
from playwright.sync_api import Browser, Page

from factories import an_entry
from feedd.model import Class, Past
from feedd.render.pages import Pages

pytestmark = pytest.mark.browser

NAMES = ["index", "empty", "release", "corrected", "withdrawn", "feeds", "404", "unsubscribe"]
SCHEMES = ["light", "dark"]

# Every element with text of its own: what it says, its colour, size, weight and what lies behind it.
_SHOWN = """() => [...document.querySelectorAll('body *')].filter(e =>
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length
    && !e.matches('.skip, script')
).map(e => {
    let behind = e;
    while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    return [e.textContent.trim().slice(0, 40), getComputedStyle(e).color,
            getComputedStyle(behind || document.body).backgroundColor];
})"""

_TARGETS = """() => [...document.querySelectorAll(
    '.masthead a, button, summary, .reach, .more a, .cards a, .facts a, .languages a, .back a')]
    .map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages as files, with their stylesheet beside them."""
    pages = Pages(SITE, FEEDS, LABELS)
    entries = [
        a_rich_entry(),
        withdrawn(an_entry("Taken back")),
        *(an_entry(f"A {class_.value}", class_=class_) for class_ in Class),
    ]
    made = {
        "index": pages.index(entries, born=BORN),
        "empty": pages.index([], born=BORN),
        "release": pages.release(a_rich_entry()),
        "corrected": pages.release(a_rich_entry(), a_past(a_rich_entry())),
        "withdrawn": pages.release(withdrawn(a_rich_entry()), Past(notice=a_notice())),
        "feeds": pages.feeds(),
        "404": pages.not_found(),
        "unsubscribe": pages.unsubscribe("a-very-long-address-of-a-reader@example.com", "the digest", "/x"),
    }
    folder = tmp_path_factory.mktemp("pages")
    (folder / "style.css").write_bytes(pages.stylesheet())
    for name, data in made.items():
        (folder / f"{name}.html").write_text(re.sub(r'href="[^"]*style\.css"', 'href="style.css"', data.decode()))
    return folder


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def show(page: Page, folder: Path, name: str, *, width: int = 1280, scheme: str = "light") -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto((folder / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_window(page: Page, folder: Path, name: str) -> None:
    for width in (320, 375, 768, 1280):
        show(page, folder, name, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NAMES)
def test_all_text_stands_out_from_its_ground(page: Page, folder: Path, name: str, scheme: str) -> None:
    show(page, folder, name, scheme=scheme)
    shown = page.evaluate(_SHOWN)
    assert len(shown) > 6
    assert [(text, c) for text, colour, ground in shown if (c := contrast(colour, ground)) < 4.5] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_touched_is_big_enough(page: Page, folder: Path, name: str) -> None:
    show(page, folder, name, width=375)
    assert [target for target in page.evaluate(_TARGETS) if target[1] < 44] == []


def test_light_and_dark_are_two_looks(page: Page, folder: Path) -> None:
    grounds = set()
    for scheme in SCHEMES:
        show(page, folder, "index", scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == {"rgb(253, 252, 250)", "rgb(20, 23, 27)"}


def test_facts_stand_beside_the_text_only_where_there_is_room(page: Page, folder: Path) -> None:
    box = "document.querySelector('{}').getBoundingClientRect()"
    facts, article = box.format(".facts"), box.format("article")
    show(page, folder, "release", width=1280)
    assert page.evaluate(f"{facts}.left > {article}.right")
    show(page, folder, "release", width=768)
    assert page.evaluate(f"{facts}.bottom < {article}.top")


def test_a_wide_table_scrolls_in_its_own_box(page: Page, folder: Path) -> None:
    show(page, folder, "release", width=320)
    assert page.evaluate("(t => t.scrollWidth > t.clientWidth)(document.querySelector('table'))")


def test_the_signs_of_a_change_do_not_depend_on_colour(page: Page, folder: Path) -> None:
    show(page, folder, "corrected")
    line = "getComputedStyle(document.querySelector('{}')).textDecorationLine"
    assert page.evaluate(line.format(".changes del")) == "line-through"
    assert page.evaluate(line.format(".changes ins")) == "underline"


def test_who_hears_a_change_is_told_what_was_and_what_is(page: Page, folder: Path) -> None:
    show(page, folder, "corrected")
    heard = page.locator(".changes > dl dd").first.aria_snapshot()
    assert "was 1,240" in heard and "now 1,204" in heard
    assert page.evaluate("document.querySelector('.said').getBoundingClientRect().width") <= 1


def test_the_skip_link_shows_itself_to_the_keyboard(page: Page, folder: Path) -> None:
    show(page, folder, "release")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_print_leaves_the_chrome_away_and_keeps_the_legal_notice(page: Page, folder: Path) -> None:
    show(page, folder, "release")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    page.emulate_media(media="print")
    assert not page.is_visible("nav")
    assert not page.is_visible("details.why")
    assert page.is_visible("text=Some statements look forward.")


def contrast(one: str, other: str) -> float:
    """WCAG 2's ratio of two colours as a browser writes them, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
