"""The rate of each field: title, date, issuer, tickers, fiscal period, where a labelled folder states them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from feedd.model import Release
from tests.train.corpus import OTHER, Sample


class Field(NamedTuple):
    """One field of one text: what the label says, what was read, and whether they are the same."""

    name: str
    file: str
    label: object
    found: object

    @property
    def is_right(self) -> bool:
        return self.label == self.found


def of(some: Iterable[Sample]) -> Iterator[Field]:
    """Every field that the labels of *some* issuers' texts have a key for; a null says that the text states none."""
    for sample in some:
        for name, read in READ.items() if sample.label != OTHER else ():
            if name in sample.row and not (name in NULL_IS_UNKNOWN and sample.row[name] is None):
                yield Field(name, sample.path.name, _label(name, sample.row[name]), read(sample.release))


def _plain(text: str | None) -> str:
    """*text* as compared: white space, quotation marks, dashes and escapes away."""
    plain = unicodedata.normalize("NFKC", text or "").replace("\\", "")
    return " ".join(re.sub(r"[‘’“”\"'–—*_-]", " ", plain).casefold().split())


def _issuer(text: str | None) -> str:
    return re.sub(r"[^\w ]", "", _plain(text))


def _tickers(release: Release) -> list[str]:
    return sorted(_ticker(f"{ticker.exchange_text}:{ticker.symbol}") for ticker in release.tickers)


def _ticker(text: str) -> str:
    """``TSX:TRN`` in capitals without blanks; a vendor's ``TRN.V`` as ``V:TRN``, since its suffix is the venue."""
    plain = text.upper().replace(" ", "")
    symbol, dot, suffix = plain.rpartition(".")
    return f"{suffix}:{symbol}" if dot and ":" not in plain else plain


def _period(release: Release) -> str | None:
    period = release.fiscal_period
    if period is None:
        return None
    long = "-9M" if period.is_nine_months else "-FY"
    part = f"-Q{period.quarter}" if period.quarter else f"-H{period.half}" if period.half else long
    return f"{period.fiscal_year}{part}"


READ: Mapping[str, Callable[[Release], object]] = {
    "title": lambda release: _plain(release.title),
    "date": lambda release: release.date[:10],
    "issuer": lambda release: _issuer(release.issuer.legal_name if release.issuer else None),
    "tickers": _tickers,
    "period": _period,
}
NULL_IS_UNKNOWN = {"title", "date", "issuer"}


def _label(name: str, value: Any) -> object:
    if name == "tickers":
        return sorted(_ticker(ticker) for ticker in value or ())
    return {"title": _plain, "issuer": _issuer}.get(name, lambda same: same)(value)


def table(found: Sequence[Field]) -> list[str]:
    """The rate of each field as lines."""
    rows = ((name, [field for field in found if field.name == name]) for name in READ)
    return [
        f"  {name:10} {sum(field.is_right for field in some) / len(some):.4f} of {len(some)}"
        for name, some in rows
        if some
    ]


def misses(found: Iterable[Field]) -> Iterator[str]:
    """The fields read wrongly."""
    for field in found:
        if not field.is_right:
            yield f"{field.file}: {field.name} is {field.label!r}, read as {field.found!r}"
