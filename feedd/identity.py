"""When two texts are the same release, and the names and times that a release keeps for ever.

Pure: what the store remembers comes in as values. The rules are those of `DESIGN.md`, *Identity* and *Times*.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedd.model import Dateline, Release

SLUG_LENGTH = 72  # letters; an address that still fits a line of mail

# Legal forms at the end of a name, without points: "Acme Mining Corp." and "ACME Mining" are one company.
_LEGAL_FORMS = frozenset(
    "ab ag asa bv co company corp corporation gmbh holding holdings inc incorporated kg kgaa limited llc lp ltd ltda "
    "ltee nv oy oyj plc pte pty reit sa sab sas se spa srl trust".split()
)
_QUOTES_AND_DASHES = "'\"`´‘’‚‛“”„‟‹›«»-‐‑‒–—―−"
_MINUS = re.compile(r"[-−–](?<![^\s(].)(?=\.?\d)")  # a sign, not a dash: "-5" is not "5"
_AFTER_DATE = re.compile(r"^[\s,.:)]*(?:/[^/]{2,40}/|\([^)]{2,60}\))?[\s\-–—:/]*")


def short_id(sha256: str) -> str:
    """How people name a release in commands: the first 10 letters of its first version's hash."""
    return sha256[:10]


def guid(base_url: str, stated: dt.date, sha256: str) -> str:
    """The lasting name, a ``tag:`` URI (RFC 4151). Made once, at first sight, then only read from the store."""
    return f"tag:{urlsplit(base_url).hostname},{stated.isoformat()}:{sha256[:32]}"


def slug(title: str, fallback: str) -> str:
    """The address part made of a headline: ASCII letters, digits, hyphens; *fallback* when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("&", " and ")).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) > SLUG_LENGTH:
        words = words[: SLUG_LENGTH + 1].rpartition("-")[0] or words[:SLUG_LENGTH]
    return words or fallback


def issuer_key(release: Release, names: Mapping[str, str] | None = None) -> str | None:
    """What equal companies share; None for an unknown issuer, who equals nobody.

    *names* leads from the key of a company's other name to that of its one name.
    """
    key = company_key(release.issuer.legal_name) if release.issuer else None
    return (names or {}).get(key, key) if key else None


def company_key(name: str) -> str | None:
    """A legal name, NFKC, case-folded, punctuation and legal form away."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace(".", "")
    words = re.sub(r"[^\w]+", " ", folded).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words) or None


def content_key(release: Release) -> str:
    """Equal for duplicates: headline, stated day, and body, without what wires and typesetters change.

    Dateline, white space, quotation marks and dashes are away; a differing word or digit gives another key.
    """
    body = [p.text for p in release.body]
    if body:
        body[0] = _without_dateline(body[0], release.dateline)
    text = "\n".join([_bare(release.title), release.day.isoformat(), *(_bare(paragraph) for paragraph in body)])
    return hashlib.sha256(text.encode()).hexdigest()


def published(release: Release, public_at: dt.datetime, zone: str) -> dt.datetime:
    """An entry's `published`, UTC, whole seconds.

    The stated minute; else the public time if that falls on the stated day in the site's *zone*; else that day's
    midnight there. Never later than the public time.
    """
    public = public_at.astimezone(dt.UTC).replace(microsecond=0)
    if release.date_precision == "day" and public.astimezone(ZoneInfo(zone)).date() == release.day:
        return public
    return published_of_old(release, public, zone)


def published_of_old(release: Release, now: dt.datetime, zone: str) -> dt.datetime:
    """The same for a release of a back-fill, whose public time this is too: nobody saw it become public here."""
    if release.date_precision == "minute":
        stated = _utc(dt.datetime.fromisoformat(release.date))
    else:
        stated = _utc(dt.datetime.combine(release.day, dt.time(), ZoneInfo(zone)))
    return min(stated, now.astimezone(dt.UTC)).replace(microsecond=0)


def _utc(when: dt.datetime) -> dt.datetime:
    """*when* in UTC; a time beyond the calendar (the year 1, seen from Tokyo) becomes its edge."""
    try:
        return when.astimezone(dt.UTC)
    except OverflowError:
        is_first = when.year == dt.MINYEAR
        return dt.datetime.min.replace(tzinfo=dt.UTC) if is_first else dt.datetime.max.replace(tzinfo=dt.UTC)


def _bare(text: str) -> str:
    signed = _MINUS.sub("minus", unicodedata.normalize("NFKC", text))
    bare = "".join(signed.split())
    for sign in _QUOTES_AND_DASHES:  # a fifth of the time that one pattern takes
        bare = bare.replace(sign, "")
    return bare.casefold()


def _without_dateline(lead: str, dateline: Dateline | None) -> str:
    if dateline is None or not dateline.date_text:
        return lead
    _before, date, after = lead.partition(dateline.date_text)
    return _AFTER_DATE.sub("", after, count=1) if date else lead
