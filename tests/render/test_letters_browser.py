"""Letters as a browser shows them: what a mail program with a modern engine makes of the HTML part."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from newsroom import LABELS, SITE, a_change, corrected
from playwright.sync_api import Browser, Page

from factories import a_subscription, an_entry
from feedd.model import Class, Letter, Ticker, Window
from feedd.render.letters import Letters

pytestmark = pytest.mark.browser

START = dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.UTC)
END = START + dt.timedelta(days=1)
ANNA = a_subscription("anna@reader.example", window_start=START)
STAMP: dict[str, Any] = {
    "key": "any",
    "at": END,
    "unsubscribe_url": "https://news.example.com/unsubscribe/" + "WyJrN1F6Il0" * 8,
}
TICKERS = tuple(Ticker(code, code, None, symbol, code) for code, symbol in [("TSX", "FER"), ("NYSEAMERICAN", "FERRO")])
ENTRIES = [
    an_entry("Ferrolith Moves the Date of Its Results", class_=Class.EARNINGS_NOTICE, tickers=TICKERS),
    corrected(an_entry("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte")),
    an_entry("See https://data.ferrolith.example/" + "tables-" * 15, class_=Class.CORPORATE_MILESTONE),
]
CHANGE = a_change(ENTRIES[1].release, title="Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz")
LETTERS = Letters(SITE, LABELS, sender="news@harbour.example")
KINDS: dict[str, Callable[[], Letter]] = {
    "digest": lambda: LETTERS.digest(ANNA, Window(START, END), ENTRIES, **STAMP),
    "rest": lambda: LETTERS.rest(ANNA, ENTRIES, **STAMP),
    "alert": lambda: LETTERS.alert(ANNA, ENTRIES[0], **STAMP),
    "correction": lambda: LETTERS.alert(ANNA, ENTRIES[1], CHANGE, **STAMP),
}

# The contrast, by WCAG 2, of every text on the page with the ground that is painted behind it.
CONTRASTS = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = parts(colour).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return (parts(colour)[3] ?? 1) > 0 ? colour : ground(element.parentElement);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; node = walker.nextNode();) {
    if (!node.data.trim()) continue;
    const [a, b] = [light(getComputedStyle(node.parentElement).color), light(ground(node.parentElement))];
    found.push([node.data.trim(), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return found;
}"""

HIDDEN = """() => [...document.body.querySelectorAll('*')].filter(element => {
  const box = element.getBoundingClientRect();
  return element.innerText && (box.width < 4 || box.height < 4 || parseFloat(getComputedStyle(element).fontSize) < 11);
}).map(element => element.outerHTML)"""


def needed_width(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 700})
    return int(page.evaluate("document.documentElement.scrollWidth"))


@contextmanager
def shown(browser: Browser, kind: str, width: int = 375, scheme: Any = "light") -> Iterator[Page]:
    message = email.message_from_bytes(KINDS[kind]().raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    page.set_content(part.get_content())
    yield page
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_window(chromium: Browser, kind: str) -> None:
    widths = [320, 375, 640, 1280]
    with shown(chromium, kind) as page:
        needed = [needed_width(page, width) for width in widths]
    assert needed == widths


def test_the_column_is_600_px_at_most(chromium: Browser) -> None:
    with shown(chromium, "digest", 1280) as page:
        assert page.evaluate("document.querySelector('.sheet').getBoundingClientRect().width") == 600


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_word_stands_out_from_its_ground(chromium: Browser, kind: str, scheme: str) -> None:
    with shown(chromium, kind, scheme=scheme) as page:
        contrasts = page.evaluate(CONTRASTS)
    assert contrasts
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []


def test_the_dark_letter_is_dark(chromium: Browser) -> None:
    with shown(chromium, "digest", scheme="dark") as page:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_too_small_to_see_and_nothing_is_fetched(chromium: Browser, kind: str) -> None:
    with shown(chromium, kind) as page:
        assert page.evaluate(HIDDEN) == []
        assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_the_first_words_a_reader_sees_say_what_is_in_it(chromium: Browser) -> None:
    with shown(chromium, "digest") as page:
        first = page.evaluate("document.body.innerText.trim().split('\\n')[0]")
    assert first == "2 releases and 1 correction, 2 March 2026"


def test_the_button_is_large_enough_for_a_finger(chromium: Browser) -> None:
    with shown(chromium, "alert") as page:
        assert page.evaluate("document.querySelector('.press').getBoundingClientRect().height") >= 44
