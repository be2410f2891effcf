"""Symbols on exchanges, as releases write them: ``(TSX:ABC, NYSE-MKT: ABD)``, ``(ABC-TSX.V)``, ``(TSX et NYSE : ABC)``.

Venues come from ``venues.toml``; an unknown venue is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from feedd.model import Paragraph, Ticker, Zone
from feedd.parse import tables


class Venue(NamedTuple):
    mic: str
    name: str
    code: str


class Venues:
    """Trading venues by what releases call them, from the rows of ``venues.toml`` in order: the last one counts."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._by_text: dict[str, Venue] = {}
        self._by_suffix: dict[str, Venue] = {}
        for row in rows:
            for former in row.get("former", ()):
                self._file(former["texts"], Venue(row["mic"], former["name"], row["code"]))
            venue = Venue(row["mic"], row["name"], row["code"])
            self._file(row["texts"], venue)
            self._by_suffix.update((suffix, venue) for suffix in row.get("suffixes", ()))

    def named(self, text: str) -> Venue | None:
        """The venue that *text* names; with a dot before it *text* is a vendor's suffix, such as ``.V``."""
        return self._by_suffix.get(text[1:]) if text.startswith(".") else self._by_text.get(_key(text))

    @cached_property
    def bare_form(self) -> re.Pattern[str]:
        """A venue and a symbol that stand without parentheses."""
        former = [text for row in self._rows for one in row.get("former", ()) for text in one["texts"]]
        texts = {text for row in self._rows for text in row["texts"]} | set(former)
        longest = sorted((text for text in texts if len(text) > 2), key=lambda text: (-len(text), text))
        return re.compile(rf"\b(?P<venue>{'|'.join(map(re.escape, longest))})\s?:\s?(?P<symbol>{_SYMBOL})(?![\w:])")

    def _file(self, texts: Sequence[str], venue: Venue) -> None:
        self._by_text.update({_key(text): venue for text in texts})


@cache
def packaged() -> Venues:
    """The venues of this package."""
    return Venues(tables.load("venues.toml")["venue"])


_NOT_A_VENUE = frozenset("ISIN WKN CUSIP SEDOL LEI FSE/ISIN TICKER SYMBOL SYMBOLS NOTE TEL FAX EMAIL".split())
_SYMBOL = r"\$?(?:[A-Z0-9]{1,9}(?:\.[A-Z]{1,3}){0,2})(?:-[A-Z]{1,2})?"
_WITH_CLASS = re.compile(rf"{_SYMBOL}(?: (?:[A-DR]|PREF|SDB|BTA|T[OR] ?\d?))?")  # Nordic: the class behind a blank
_GROUP = re.compile(r"[(\[]([^()\[\]]{4,220})[)\]]")
_PARTS = re.compile(r"\s*(?:[;|,/]|\band\b|\bet\b|\bund\b|&(?!\w))\s*")
_PAIR = re.compile(r"(?P<left>[^:]{1,50}?)\s*:\s*(?P<right>[^:]{1,50})$")
_DASHED = re.compile(rf"(?P<symbol>{_SYMBOL})\s*[-–—]\s*(?P<venue>[\w .’'-]{{2,45}})$")
_SUFFIXED = re.compile(r"(?P<symbol>[A-Z0-9]{2,9}(?:-[A-Z]{1,2})?)\.(?P<venue>[A-Z]{1,2})")
_EDGE_WORDS = re.compile(r"^(?:(?:stock )?(?:symbols?|tickers?)(?: symbols?)?\s*:?|the|on)\s+", re.IGNORECASE)

_LABEL = re.compile(r"\b(?:stock )?(?:ticker|symbol)s?(?: symbol)?\s*:\s*", re.IGNORECASE)

OPENING = (Zone.LEAD, Zone.DATELINE, Zone.SUBHEAD, Zone.HEADLINE, Zone.LABEL)
"""Zones that name the issuer's own symbols, the surest first; partners and targets come later in the text."""


def find(
    paragraphs: Sequence[Paragraph], companies: Sequence[str] = (), venues: Venues | None = None
) -> tuple[Ticker, ...]:
    """The tickers of *companies*, the issuers' names, in order of appearance, each once."""
    venues = venues or packaged()
    for zone in OPENING:
        found = _own(" ".join(p.text for p in paragraphs if p.zone is zone), companies, venues)
        if found:
            return _once(found)
    body = [p.text for p in paragraphs if p.zone is Zone.BODY][:3]
    later = [p.text for p in paragraphs if p.zone in (Zone.PROFILE, Zone.CONTACT)][:4]
    if companies and not any(_first_word(name) in text.lower() for name in companies for text in later):
        later = []  # sections of somebody else
    return _once(next((found for text in (*body, *later) if (found := _own(text, (), venues))), []))


def _first_word(name: str) -> str:
    return name.removeprefix("The ").split()[0].strip(".,").lower()


def without(text: str, venues: Venues | None = None) -> str:
    """*text* without its parentheses of tickers."""
    known = venues or packaged()
    bare = _GROUP.sub(lambda group: "" if _in_group(group[1], known) else group[0], text)
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(bare.split()))


def groups(text: str, venues: Venues | None = None) -> Iterator[tuple[int, int, tuple[Ticker, ...]]]:
    """Every parenthesis of tickers in *text*: start, end, tickers."""
    known = venues or packaged()
    for group in _GROUP.finditer(text):
        found = _in_group(group[1], known)
        if found:
            yield group.start(), group.end(), found


_NAMED = re.compile(
    r"(?P<name>[A-Z][\w&.’'-]*(?:\s(?:[A-Z][\w&.’'-]*|of|and|&)){0,6},?\s(?:Corp|Inc|Ltd|Co|LLC|plc|AG|SE|"
    r"Limited|Corporation))\.?,?\s*$"
)


def _is_others(before: str, companies: Sequence[str]) -> bool:
    """Whether the name right before a parenthesis is of another company than the issuers."""
    named = _NAMED.search(before[-90:]) if companies else None
    if named is None or re.search(
        r"\b(?:division|subsidiary|unit|brand|arm|part)\sof\s$", before[: -len(named.group())]
    ):
        return False
    return not any(company.split()[0].lower() in named["name"].lower() for company in companies)


def _own(text: str, companies: Sequence[str], venues: Venues) -> list[Ticker]:
    """The tickers of the first run of parentheses, and of pairs that stand bare before it."""
    found: list[Ticker] = []
    last_end = None
    is_others = False
    for start, end, tickers in groups(text, venues):
        if _is_others(text[max(0, start - 120) : start], companies):
            is_others = True
            continue
        second = len(companies) > 1 and any(name in text[last_end or 0 : start] for name in companies[1:])
        if last_end is not None and not second and not re.fullmatch(r"[\s,;/&]*(?:and)?\s*", text[last_end:start]):
            break
        found += tickers
        last_end = end
    return found if found or is_others else list(_bare(text, venues))


def _bare(text: str, venues: Venues) -> Iterator[Ticker]:
    last_end = None
    if ":" not in text:
        return
    for match in venues.bare_form.finditer(text):
        if last_end is not None and match.start() - last_end > 12:
            break
        last_end = match.end()
        yield _ticker(match["venue"], match["symbol"], venues)


@lru_cache(maxsize=256)  # issuer, summary and tickers ask for the same parentheses
def _in_group(content: str, venues: Venues) -> tuple[Ticker, ...]:
    """The tickers in a parenthesis; empty when it holds something else.

    A venue without a symbol waits for the next symbol (``TSX and NYSE: X``); a symbol without a venue belongs to the
    last one (``Nasdaq: X, XW``).
    """
    if not any(character.isupper() for character in content):
        return ()
    found: list[Ticker] = []
    waiting: list[str] = []
    for part in _PARTS.split(_LABEL.sub("", _EDGE_WORDS.sub("", content))):
        pair = _pair(_EDGE_WORDS.sub("", part.strip(" \"“”'’.")), venues)
        if pair is None:
            continue
        named, symbol = pair
        if symbol is None:
            waiting.append(named or "")
        elif named or found:
            found += [_ticker(text, symbol, venues) for text in (*waiting, named or found[-1].exchange_text)]
            waiting = []
    return tuple(found)


def _pair(part: str, venues: Venues) -> tuple[str | None, str | None] | None:
    """Venue and symbol in a part; one of them None where only the other stands there; None for anything else."""
    pair = _PAIR.fullmatch(part)
    if pair:
        return _ordered(pair["left"].strip(' "“”'), pair["right"].strip(' "“”'), venues)
    if venues.named(part):
        return part, None
    suffixed = _suffixed(part, venues)
    if suffixed:
        return suffixed
    dashed = _DASHED.fullmatch(part)
    if dashed and venues.named(dashed["venue"]):
        return dashed["venue"].strip(), dashed["symbol"]
    return (None, part) if re.fullmatch(_SYMBOL, part) else None


def _suffixed(part: str, venues: Venues) -> tuple[str, str] | None:
    """``ABC.V``, as data vendors write it: the venue with its dot, ``.V``, and the symbol."""
    match = _SUFFIXED.fullmatch(part)
    return (f".{match['venue']}", match["symbol"]) if match and venues.named(f".{match['venue']}") else None


def _ordered(left: str, right: str, venues: Venues) -> tuple[str, str] | None:
    """Venue first, whichever way round the pair was written."""
    if not venues.named(left) and _suffixed(right, venues):
        return _suffixed(right, venues)
    if venues.named(right) and not venues.named(left) and _WITH_CLASS.fullmatch(left):
        return right, left
    if not _WITH_CLASS.fullmatch(right) or left.upper() in _NOT_A_VENUE:
        return None
    is_pair = venues.named(left) or (_looks_like_venue(left) and not right.isdigit())
    return (left, right) if is_pair else None


def _looks_like_venue(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Z-]{2,11}", text)) or text.lower().endswith(("exchange", "börse", "bourse"))


def _ticker(text: str, symbol: str, venues: Venues) -> Ticker:
    known = venues.named(text)
    text, symbol = text.removeprefix("."), symbol.removeprefix("$")
    if known is None:
        return Ticker(text, text, None, symbol)
    return Ticker(text, known.name, known.mic, symbol, known.code)


def _key(text: str) -> str:
    return re.sub(r"[\s.\-‐‑–]+", "", text).upper()


def _once(tickers: list[Ticker]) -> tuple[Ticker, ...]:
    return tuple({(t.mic or t.exchange_text, t.symbol): t for t in reversed(tickers)}.values())[::-1]
