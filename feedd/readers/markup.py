"""What a web page would cost, told from its tags before any parser sees it; and what of it is never read.

Parsers of HTML take the square of the time for tags inside each other, for attributes of one tag, and for bold text
that is never closed: 3 MB of either cost more than a minute. Counting costs about a microsecond a tag.
"""

from __future__ import annotations

import re

from feedd.errors import UnreadableDocument

MAX_TAGS = 100_000
MAX_TAG_LENGTH = 65_536  # characters
MAX_ATTRIBUTES = 1_000  # of one tag
MAX_DEPTH = 2_000
"""Tags inside each other, counted too high rather than too low: real pages have 512 at most, careless ones miss a few
hundred ends. A parser takes 10 ms for these."""

MAX_REOPENED = 500_000
"""How often bold and its like, left open, are opened anew in a paragraph."""

# What is never ended goes on to the end of the page, as it does for browsers.
_UNREAD = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+(?:-->)?+"
    r"|<(?:svg|math)\b[^<>]*/>"
    r"|<(script|style|svg|math|noscript|template|iframe|object|select|textarea)\b[^>]*+>"
    r"(?:[^<]++|<(?!/\1[\s>]))*+(?:</\1[^>]*+>)?+",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=%]*")

_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+({_ATTRIBUTE})?+")

# Tags that a parser ends by itself, or that hold nothing.
_FLAT = frozenset(
    "p li dt dd tr td th thead tbody tfoot colgroup option optgroup html head body "
    "area base br col embed hr img input link meta param source track wbr".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Tags that an end of another kind does not end; all others are taken for words inside a line.
_BLOCKS = frozenset(
    "address applet article aside blockquote button caption center details dialog dir div dl fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup listing main marquee menu nav ol pre search section "
    "summary table ul".split()
)
_LONGEST_WAY = 32  # tags looked through for the one that ends


def without_unread(text: str) -> str:
    """The HTML *text* without comments, scripts, styles, drawings, forms' fields and pictures inside of tags."""
    return _PICTURE.sub("", _UNREAD.sub(" ", text))


def refuse_costly(text: str) -> None:
    """Nothing for HTML that parsers take in their stride.

    Else raises `UnreadableDocument` with code ``resource-limit`` or ``too-large``.
    """
    if text.count("<") > MAX_TAGS:
        raise UnreadableDocument(
            "too-large",
            f"The page has {text.count('<'):,} tags; a release may have {MAX_TAGS:,}.",
            "Drop the page of one release alone.",
        )
    _Count().run(text)


class _Count:
    """Runs through the tags and keeps what is open, as parsers would, but erring towards too much."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._bold = 0
        self._reopened = 0

    def run(self, text: str) -> None:
        for tag in _TAG.finditer(text):
            if tag[3] is not None or tag.end() - tag.start() > MAX_TAG_LENGTH:
                raise _costly(f"a tag with more than {MAX_ATTRIBUTES:,} attributes or {MAX_TAG_LENGTH:,} characters")
            self._take(tag[2].lower(), is_end=bool(tag[1]))
            if len(self._open) + self._bold > MAX_DEPTH:
                raise _costly(f"more than {MAX_DEPTH:,} tags inside each other")
            if self._reopened > MAX_REOPENED:
                raise _costly("bold or italic text that is never closed")

    def _take(self, name: str, *, is_end: bool) -> None:
        if name in _FORMATTING:
            self._bold = max(0, self._bold - 1) if is_end else self._bold + 1
            return
        self._reopened += self._bold
        if name in _FLAT:
            return
        if is_end:
            self._end(name)
        else:
            self._open.append(name)

    def _end(self, name: str) -> None:
        for back in range(1, min(len(self._open), _LONGEST_WAY) + 1):
            if self._open[-back] == name:
                del self._open[-back:]
                return
            if self._open[-back] in _BLOCKS:
                return


def _costly(what: str) -> UnreadableDocument:
    return UnreadableDocument(
        "resource-limit",
        f"The page has {what}, which no release needs and which would take minutes to read.",
        "Save the release as text, Word (.docx) or PDF and drop that.",
    )
