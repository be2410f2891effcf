"""The only door to Jinja: one environment for pages and letters, with filters for times and links.

Names of days and months come from tables here, never from a locale: the same values give the same bytes
anywhere.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from jinja2.utils import urlize
from markupsafe import Markup, escape

import feedd
from feedd.errors import RenderError
from feedd.model import Site

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# Most paragraphs hold no address; looking first makes `linked` several times cheaper.
_MAY_LINK = ("www.", "://", "@", ".com", ".net", ".int", ".edu", ".gov", ".org", ".info", ".mil")

# Characters of a word that can be an address. Jinja looks for the pairs of brackets at a word's end by counting them
# anew for each: a single word of 1 MB took more than a minute.
LONGEST_ADDRESS = 2_000
_TOO_LONG = re.compile(rf"(?<!\S)(\S{{{LONGEST_ADDRESS + 1},}})")

# Jinja's own select_autoescape looks at the last suffix only and would leave `digest.html.j2` bare.
_ESCAPED = (".html", ".html.j2", ".xml", ".xml.j2")


def environment(overrides: Path | None = None) -> jinja2.Environment:
    """The environment all templates are rendered in.

    A template is looked for in the folder *overrides* first, then among those that ship with feedd. HTML
    templates escape every value; an undefined name is an error. Filters: see `_FILTERS`.
    """
    folders = [*([overrides] if overrides else []), feedd.packaged("templates")]
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=_escapes,  # noqa: S701 - it covers every kind of template that is HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(_FILTERS)
    return made


def render(templates: jinja2.Environment, name: str, what: str, /, **values: object) -> str:
    """The text of template *name* with *values*. *what* names the page or letter, for the error.

    Raises `RenderError` when the template is missing, wrong, or asks for a value that nobody gave.
    """
    try:
        return templates.get_template(name).render(**values)
    except jinja2.TemplateError as error:
        raise RenderError(what, name, str(error)) from error


def linked(text: str) -> Markup:
    """*text* escaped for HTML, its web and mail addresses as links and nothing else added."""
    small = text.lower()
    if not any(sign in small for sign in _MAY_LINK):
        return escape(text)
    words_between = enumerate(_TOO_LONG.split(text))  # every second part is one such word
    return Markup("".join(escape(part) if at % 2 else urlize(part) for at, part in words_between))  # noqa: S704 - both escape


def site_link(address: str) -> Markup:
    """A link to a web address, shown without ``http://``; plain text when it is no web address."""
    scheme, _, shown = address.partition("://")
    if scheme.lower() not in ("http", "https"):
        return escape(address)
    return Markup('<a href="{}">{}</a>').format(address, shown.rstrip("/"))


def breakable(address: str) -> Markup:
    """A long address that may be broken after its slashes; copied, it is whole."""
    return escape(address).replace("/", Markup("/<wbr>")).replace("/<wbr>/<wbr>", Markup("//"))


# ── Filters ───────────────────────────────────────────────────────────────────────────────────────────────


def local(when: dt.datetime, zone: str) -> dt.datetime:
    """The instant *when* as the clocks of *zone* (IANA) show it."""
    return when.astimezone(ZoneInfo(zone))


def day(when: dt.date) -> str:
    """``15 May 2014``: of a date, or of a time as it stands (use `local` before)."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def weekday(when: dt.date) -> str:
    """``Thursday``."""
    return _WEEKDAYS[when.weekday()]


def clock(when: dt.datetime) -> str:
    """``16:05``, as it stands."""
    return f"{when:%H:%M}"


def zone_name(when: dt.datetime) -> str:
    """What people call the zone at that time: ``EDT``; where it has no letters, ``UTC+04:00``."""
    name = when.tzname() or ""
    offset = f"{when:%z}".replace("-", "\N{MINUS SIGN}")
    return name if name.isalpha() else f"UTC{offset[:3]}:{offset[3:5]}"


def minute(when: dt.datetime) -> str:
    """``15 May 2014, 16:05 EDT``, as it stands."""
    return f"{day(when)}, {clock(when)} {zone_name(when)}"


def iso(when: dt.date) -> str:
    """For machines: ``2014-05-15`` of a date; of a time, RFC 3339 in UTC with whole seconds."""
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return when.isoformat()


def absolute(path: str, site: Site) -> str:
    """The address on the net of a path below ``out/``."""
    return site.url(path)


def relative(path: str, here: str) -> str:
    """The link to *path* from the page whose folder is *here* (``releases/2014/05/x/``; ``""`` is the top).

    Both lie below ``out/``. A folder is linked by its ``index.html``, so that the pages also work when they
    are opened from a disk, where nobody turns a folder into its page.
    """
    page = path + "index.html" if path.endswith("/") or not path else path
    to, start = page.split("/"), here.split("/")[:-1]
    shared = len(posixpath.commonprefix([to[:-1], start]))
    return "/".join([*([".."] * (len(start) - shared)), *to[shared:]])


_FILTERS: Mapping[str, Callable[..., str | dt.datetime]] = {
    "linked": linked,
    "site_link": site_link,
    "breakable": breakable,
    "local": local,
    "day": day,
    "weekday": weekday,
    "clock": clock,
    "zone_name": zone_name,
    "minute": minute,
    "iso": iso,
    "absolute": absolute,
    "relative": relative,
}


def _escapes(template: str | None) -> bool:
    return template is None or template.endswith(_ESCAPED)
