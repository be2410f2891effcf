"""The reader of web pages: the article out of the page, and only what a person reads of it.

    page ─► tags counted ─► article found ─► furniture cut ─► sanitised ─► pieces

No markup and no address leaves this file: what comes out is text.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document, Stated
from feedd.readers import markup, tables, unread
from feedd.readers.decode import characters, clean
from feedd.readers.page import Page, Piece, refuse_lines

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

SNIFFED = 4096
"""Bytes in which a page shows what it is."""

MOST_OF_TEXT = 0.5
"""Share of a page's text. Nothing with more than this is furniture, and the article has at least as much."""

MOST_ARTICLES = 100
"""Elements of one kind that are weighed."""

MOST_AROUND = 20
"""How many large elements may lie around a small one that is furniture; each costs a reading of the page."""

ARTICLES = ("article", "main", "[role=main]", "[itemprop=articleBody]", "body")
"""Elements that hold the text of a page."""

_FURNITURE = (
    "nav, aside, footer, form, button, dialog, figcaption, del, s, strike, rt, rp, [hidden], [aria-hidden=true], "
    "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog], "
    "[role=alertdialog], [role=alert], [role=menu], [role=toolbar], [aria-modal=true], "
    '[style*="display:none" i], [style*="display: none" i], [style*="visibility:hidden" i]'
)
_NAMES = (  # of classes and ids, as most publishing systems give them
    "share sharing social related recommended cookie cookies consent gdpr breadcrumb breadcrumbs newsletter subscribe "
    "comments advert advertisement ads promo sidebar pagination pager popup modal skip toolbar banner menu nav navbar "
    "navigation byline noprint no-print sr-only visually-hidden screen-reader-text"
).split()
_NAMED = ", ".join(f'[{where}*="{name}" i]' for name in _NAMES for where in ("class", "id"))
_NAME = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_NAMES)})(?:$|[\s_-])", re.IGNORECASE)

_MENUS = (  # what holds no block of its own
    "p, ul:not(:has(ul, p, div)), ol:not(:has(ol, p, div)), td:not(:has(p, div, table, ul, h1, h2, h3)), "
    "div:not(:has(p, div, table, ul, h1, h2, h3))"
)
_ADDRESS = re.compile(r"@|www\.|https?:|\d")

_START = re.compile(
    r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*+"
    r"(?:<!doctype\s+html\b|<(?P<page>html|head|body|meta|title)\b"
    r"|<(?P<part>article|main|section|header|div|p|h[1-6]|table|center|font|span|link|style|script)\b[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)
_WRITTEN_NAME = re.compile(r"\.(?:md|markdown|mdown|mkd)$", re.IGNORECASE)
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)

_PUBLISHED = (
    'meta[property="article:published_time"], meta[itemprop=datePublished], meta[name="article:published_time"], '
    "[itemprop=datePublished]"
)
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"\\]{8,40})"')
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SITE_NAME = re.compile(r"\s+(?:[|»·]|::)\s+")
FEWEST_WORDS = 4
"""Words of a first-level heading outside of the article that is a headline; a shorter one names site or section."""


# ── From page to document ───────────────────────────────────────────────────────────────────────────────────────


def sniff(data: bytes, name: str) -> bool:
    """A page begins like one; a bare part of a page is one unless *name* says Markdown."""
    found = _START.match(_head(data))
    return found is not None and not (found["part"] and _WRITTEN_NAME.search(name))


def read(data: bytes, charset: str | None = None) -> Document:
    """The document in *data*; `charset` is what its envelope says.

    Raises `UnreadableDocument` with code ``binary``, ``resource-limit`` or ``too-large``.
    """
    declared = _DECLARED.search(data[:SNIFFED])
    return document(characters(data, charset or (declared[1].decode("ascii") if declared else None)))


def document(text: str) -> Document:
    """The document in the HTML *text*. Raises as `read`."""
    tree = _tree(text)
    article = _article(tree)
    headline = _headline(tree, article)
    language, title = _language(tree, article), headline or _words(article.css_first("h1")) or _title(tree)
    published = _published(tree, text)
    told, left_out = _told(tree, article)
    page = Page()
    if headline:
        page.add(BlockKind.HEADING, headline, level=1)
    for piece in told:
        page.add(piece.kind, piece.content, level=piece.level)
    return page.document(
        "html",
        title=title,
        language=language,
        stated=Stated(date=published),
        doubts=unread.doubts(left_out),
    )


def text_pieces(text: str) -> list[Piece]:
    """The pieces of the HTML *text* without the facts beside it. Raises as `read`."""
    tree = _tree(text)
    return _told(tree, _article(tree))[0]


def _told(tree: LexborHTMLParser, article: LexborNode) -> tuple[list[Piece], str]:
    """The pieces of *article*, and all words of the page that are none of them. Takes the page apart."""
    left_out = _cut(article)
    told = pieces(article.html or "")
    if article.tag != "body" and tree.body is not None:
        article.decompose()
        left_out += tree.body.text(separator="\n")
    return told, left_out


def _head(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data[:SNIFFED].decode("utf-16", "replace")
    return data[:SNIFFED].removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _tree(text: str) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser  # costs time at the start, and plain text needs none of it

    bare = markup.without_unread(text)
    markup.refuse_costly(bare)
    return LexborHTMLParser(bare)


# ── The article ─────────────────────────────────────────────────────────────────────────────────────────────────


def _article(tree: LexborHTMLParser) -> LexborNode:
    """The smallest element that holds most of the page's text, furniture and links not counted.

    So the one long article is found among the short ones that only point to others.
    """
    found = [(node, _weight(node)) for selector in ARTICLES for node in tree.css(selector)[:MOST_ARTICLES]]
    most = max((weight for _, weight in found), default=0)
    fitting = {node.mem_id: (node, weight) for node, weight in found if weight >= most * MOST_OF_TEXT}
    around = {above for node, _ in fitting.values() for above in _above(node)}
    inner = [(node, weight) for node, weight in fitting.values() if node.mem_id not in around]
    return max(inner, key=lambda pair: pair[1])[0]


def _weight(node: LexborNode) -> int:
    """Characters of text in *node* that are neither link nor furniture."""
    aside = [*node.css("a"), *node.css(_FURNITURE)]
    return _length(node) - sum(_length(one) for one in _outermost(aside))


def _cut(article: LexborNode) -> str:
    """Takes the furniture out of *article* and gives its words."""
    headers = article.css("header") if article.tag == "body" else []
    named = (node for node in article.css(_NAMED) if _is_named(node))
    menus = (node for node in article.css(_MENUS) if node.css_first("a") and _is_menu(node))
    found = [node for node in (*article.css(_FURNITURE), *headers, *named, *menus) if node.mem_id != article.mem_id]
    furniture = _small(found, _length(article) * MOST_OF_TEXT)
    words = "\n".join(node.text(separator="\n") for node in furniture)
    for node in furniture:
        node.decompose()
    return words + "\n"


def _small(nodes: Iterable[LexborNode], limit: float) -> list[LexborNode]:
    """The outermost of *nodes* that have no more than *limit* characters; those around them are furniture for show."""
    small: list[LexborNode] = []
    left = list(nodes)
    for _ in range(MOST_AROUND):
        tops = _outermost(left)
        small += [node for node in tops if _length(node) <= limit]
        done = {node.mem_id for node in tops}
        left = [node for node in left if node.mem_id not in done]
    return _outermost(small)


def _is_named(node: LexborNode) -> bool:
    """Whether class or id call *node* furniture; what holds the headline is none."""
    names = (node.attributes.get(key) or "" for key in ("class", "id"))
    return node.tag not in ("html", "body", "main", "article") and (
        any(map(_NAME.search, names)) and node.css_first("h1") is None
    )


def _is_menu(node: LexborNode) -> bool:
    """Whether *node* is nothing but links elsewhere, several of them; addresses of people are none."""
    links = [link.text() for link in node.css("a")]
    if len(links) < 2 or any(map(_ADDRESS.search, links)):
        return False
    return sum(map(_letters, links)) >= _letters(node.text())


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """*nodes* less those that lie inside another one, each once: what was taken out must not be touched again."""
    own = {node.mem_id: node for node in nodes}
    known = dict.fromkeys(own, True)  # elements that are one of them or lie in one, and those that do not
    return [node for node in own.values() if not _lies_within(node.parent, known)]


def _lies_within(node: LexborNode | None, known: dict[int, bool]) -> bool:
    """Whether *node* or one above it is among the *known*; remembers it for all on the way."""
    way = []
    while node is not None and node.mem_id not in known:
        way.append(node.mem_id)
        node = node.parent
    found = node is not None and known[node.mem_id]
    known.update(dict.fromkeys(way, found))
    return found


def _above(node: LexborNode) -> Iterator[int]:
    parent = node.parent
    while parent is not None:
        yield parent.mem_id
        parent = parent.parent


def _length(node: LexborNode) -> int:
    return len("".join(node.text().split()))


# ── Facts beside the text ───────────────────────────────────────────────────────────────────────────────────────


def _headline(tree: LexborHTMLParser, article: LexborNode) -> str | None:
    """The headline that stands outside of *article*; None where it has one of its own."""
    if _words(article.css_first("h1")):
        return None
    opening = " ".join(article.text().split())[:500]
    outside = [_words(node) for node in tree.css("h1, [itemprop=headline]")[:MOST_ARTICLES] if not _is_in_menu(node)]
    long = [words for words in outside if len(words.split()) >= FEWEST_WORDS]
    title = _title(tree) or ""
    told = next((words for words in long if words in title), None)
    if told is None and title and title in opening:
        return None
    found = told or next(iter(long), None)
    return found if found and found not in opening else None


def _is_in_menu(node: LexborNode) -> bool:
    parent: LexborNode | None = node
    while parent is not None:
        if parent.tag in ("nav", "aside", "footer"):
            return True
        parent = parent.parent
    return False


def _title(tree: LexborHTMLParser) -> str | None:
    """What the page calls itself, without the name of the site."""
    title = _meta(tree, "og:title") or _words(tree.css_first("title"))
    return _SITE_NAME.split(title)[0] or None


def _language(tree: LexborHTMLParser, article: LexborNode) -> str | None:
    nodes = (article, tree.css_first("html"))
    stated = (node.attributes.get("lang") or "" for node in nodes if node is not None)
    return next((language for language in stated if _LANGUAGE.fullmatch(language)), None)


def _published(tree: LexborHTMLParser, text: str) -> str | None:
    """When the page says it was published, as ISO."""
    stated = [
        node.attributes.get(key) or ""
        for node in tree.css(_PUBLISHED)
        for key in ("content", "datetime")
        if key in node.attributes
    ]
    return next(filter(None, map(_iso, [*stated, *_LINKED_DATA.findall(text)[:1]])), None)


def _iso(stated: str) -> str | None:
    """*stated* as an ISO day or time; None where it is neither."""
    stated = stated.strip()
    try:
        return dt.date.fromisoformat(stated).isoformat()
    except ValueError:
        pass
    try:
        return dt.datetime.fromisoformat(stated).isoformat()
    except ValueError:
        return None


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return " ".join(clean((node.attributes.get("content") if node is not None else "") or "").split())


def _words(node: LexborNode | None) -> str:
    return "" if node is None else " ".join(clean(node.text()).split())


# ── From markup to pieces ───────────────────────────────────────────────────────────────────────────────────────

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "p div section article main header address blockquote center details summary dl dt dd fieldset figure hgroup "
    "ul ol pre table caption thead tbody tfoot hr".split()
)
ALLOWED = _BLOCKS | set(_HEADINGS) | {"li", "tr", "td", "th", "br", "q"}
"""Tags that shape the text; all others are taken away around it, and no attribute stays."""

_REMOVED_WHOLE = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea"}
MAX_REFERENCES = 20_000
"""Signs written as names (``&amp;``); the sanitiser takes 15 µs for each, thirty times what a letter costs."""

_TOKEN = re.compile(r"<(/?)([a-z0-9]+)>|([^<]+)")
_SPACE = re.compile(r"[ \t\n\f\r]+")
_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_SPACES = re.compile(" {2,}")
_EMPTY_LINE = re.compile(r"\n\s*\n")


def pieces(fragment: str) -> list[Piece]:
    """Paragraphs, headings, items and tables of the HTML *fragment*, sanitised before anything else.

    Raises `UnreadableDocument` with code ``too-large``.
    """
    import nh3

    fragment = fragment.replace("&nbsp;", "\u00a0")
    if fragment.count("&") > MAX_REFERENCES:
        raise UnreadableDocument(
            "too-large",
            f"The page has {fragment.count('&'):,} signs written as names; a release may have {MAX_REFERENCES:,}.",
            "Save the release as text, Word (.docx) or PDF and drop that.",
        )
    bare = nh3.clean(fragment, tags=set(ALLOWED), attributes={}, clean_content_tags=_REMOVED_WHOLE, link_rel=None)
    walk = _Walk()
    for match in _TOKEN.finditer(bare):
        if match[3]:
            walk.words(unescape(match[3]))
        elif match[1]:
            walk.end(match[2])
        else:
            walk.start(match[2])
    return walk.finished()


@dataclass(slots=True)
class _Table:
    """An open table: its rows of cells of pieces, and the pieces among which it stands."""

    around: list[Piece]
    rows: list[list[list[Piece]]] = field(default_factory=list)


class _Walk:
    """Takes tags and words in order, and cuts pieces where a block begins or ends."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []  # where pieces go: the page's, or those of the open cell
        self._words: list[str] = []
        self._tables: list[_Table] = []
        self._level = self._items = self._kept = 0

    def finished(self) -> list[Piece]:
        self._cut()
        return self._pieces

    def words(self, text: str) -> None:
        self._words.append(text if self._kept else _SPACE.sub(" ", text))

    def start(self, tag: str) -> None:
        if tag in ("br", "q"):
            self._words.append("\n" if tag == "br" else "“")
            return
        self._cut()
        self._level = _HEADINGS.get(tag, self._level)
        self._items += tag == "li"
        self._kept += tag == "pre"
        if tag == "table":
            self._tables.append(_Table(self._pieces))
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in ("td", "th") and self._tables and self._tables[-1].rows:
            self._pieces = []
            self._tables[-1].rows[-1].append(self._pieces)

    def end(self, tag: str) -> None:
        if tag == "q":
            self._words.append("”")
            return
        self._cut()
        self._level = 0 if tag in _HEADINGS else self._level
        self._items -= tag == "li"
        self._kept -= tag == "pre"
        if tag in ("td", "th") and self._tables:
            self._pieces = self._tables[-1].around
        elif tag == "table" and self._tables:
            table = self._tables.pop()
            self._pieces = table.around
            self._pieces += tables.told(table.rows)

    def _cut(self) -> None:
        text = _AROUND_BREAK.sub("\n", "".join(self._words)) if not self._kept else "".join(self._words)
        self._words = []
        if not text.strip():
            return
        if self._level:
            self._pieces.append(Piece(BlockKind.HEADING, " ".join(text.split()), self._level))
            return
        kind = BlockKind.ITEM if self._items else BlockKind.PARAGRAPH
        refuse_lines(len(self._pieces))
        for part in _EMPTY_LINE.split(text):
            if part.strip():
                self._pieces.append(Piece(kind, part if self._kept else _SPACES.sub(" ", part).strip()))
