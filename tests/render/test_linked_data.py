"""What a page tells machines: true, complete, and unable to break out of its script element."""

from __future__ import annotations

import json
from typing import Any

from newsroom import LABELS, SITE, a_rich_entry, changed

from factories import an_entry
from feedd.model import Entry
from feedd.render.linked_data import news_article


def facts(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(news_article(entry, SITE, LABELS))
    return found


def test_an_article_tells_company_tickers_class_and_times() -> None:
    told = facts(a_rich_entry())
    assert (told["@type"], told["articleSection"]) == ("NewsArticle", "Operational update")
    assert told["keywords"] == ["Production", "Operating outlook"]
    assert told["about"]["tickerSymbol"] == ["TSX:LET", "AMEX:LETX"]
    assert told["datePublished"] == "2026-03-02T12:00:00+00:00"
    assert told["url"] == f"https://news.example.com/{a_rich_entry().path}"


def test_what_is_not_known_is_left_out() -> None:
    assert "about" not in facts(changed(an_entry(), issuer=None))


def test_a_headline_cannot_end_the_script() -> None:
    title = "Tin</script><script>alert(1)</script><!-- & \u2028"
    text = news_article(changed(an_entry(), title=title), SITE, LABELS)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["headline"] == title.strip()
