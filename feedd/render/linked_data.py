"""What a release's page tells machines: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

import json

from markupsafe import Markup

from feedd.model import Entry, Issuer, Labels, Site
from feedd.render.content import one_line
from feedd.render.syndication import headline, summary

# Inside <script> nothing is unescaped, but "</script" or "<!--" would end or change it; JSON knows them by number.
_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def news_article(entry: Entry, site: Site, labels: Labels) -> Markup:
    """The JSON text, safe between ``<script type="application/ld+json">`` and its end."""
    text = json.dumps(_facts(entry, site, labels), ensure_ascii=False, indent=1)
    return Markup(text.translate(_IN_SCRIPT))  # noqa: S704 - no character that HTML heeds is left


def _facts(entry: Entry, site: Site, labels: Labels) -> dict[str, object]:
    release, filed = entry.release, entry.classification
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline(entry),
        "description": summary(entry, site),
        "url": site.url(entry.path),
        "mainEntityOfPage": site.url(entry.path),
        "datePublished": entry.published.isoformat(),
        "dateModified": entry.updated.isoformat(),
        "inLanguage": release.language or site.language,
        "articleSection": labels.classes[filed.class_],
        "keywords": [labels.subtopics.get(name, name) for name in (filed.subtopic, *filed.secondary)],
        "publisher": {"@type": "Organization", "name": one_line(site.title), "url": site.url("")},
        "about": _company(release.issuer, [ticker.label for ticker in release.tickers]),
    }
    return {name: value for name, value in facts.items() if value}


def _company(issuer: Issuer | None, tickers: list[str]) -> dict[str, object]:
    if issuer is None:
        return {}
    facts = {
        "@type": "Corporation",
        "name": one_line(issuer.legal_name),
        "tickerSymbol": [one_line(ticker) for ticker in tickers],
        "url": issuer.website,
    }
    return {name: value for name, value in facts.items() if value}
