"""The reader of NewsML-G2, the IPTC's envelope for news: facts around a text that is NITF, (X)HTML or plain.

Of a message with many items the first one that is a text is taken. Every field may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document, Stated
from feedd.readers import html, nitf, unread, xml
from feedd.readers.article import STATUSES, Article, embargo_doubt, moment, pieces, words
from feedd.readers.page import Piece

_ROOTS = ("newsItem", "newsMessage", "packageItem")
_SUBHEADS = ("subheadline", "subhead", "subtitle", "deck")
_DATES = ("{*}itemMeta/{*}versionCreated", "{*}itemMeta/{*}firstCreated", "{*}contentMeta/{*}contentCreated")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def sniff(data: bytes, name: str) -> bool:
    """Whether the root element of *data* is one of NewsML-G2's."""
    return xml.root_name(data).rpartition("}")[2] in _ROOTS


def read(data: bytes) -> Document:
    """The document in *data*. Raises what `xml.tree` raises, and ``no-text`` where no item holds a text."""
    item = _item(xml.tree(data))
    told = _article(item)
    stated = _stated(item)
    return told.page().document(
        "newsml-g2", title=told.headline or None, language=_language(item), stated=stated, doubts=_doubts(item, stated)
    )


def _item(root: etree._Element) -> etree._Element:
    texts = [item for item in root.iter("{*}newsItem") if _is_text(item)]
    found = next((item for item in texts if _contents(item)), None)
    if found is None:  # one that takes its release back needs no text
        found = next((item for item in texts if _status(item) == "canceled"), None)
    if found is None:
        raise UnreadableDocument(
            "no-text",
            "No item of the NewsML-G2 holds a text; it may only point to one elsewhere.",
            "Drop the item with its text inside, as inlineXML or inlineData.",
        )
    return found


def _is_text(item: etree._Element) -> bool:
    of_class = _qcode(item, "{*}itemMeta/{*}itemClass")
    return of_class in ("", "text", "composite")


def _contents(item: etree._Element) -> list[etree._Element]:
    """What an item holds of itself, marked-up text first."""
    return [*item.iterfind("{*}contentSet/{*}inlineXML"), *item.iterfind("{*}contentSet/{*}inlineData")]


# ── The text ────────────────────────────────────────────────────────────────────────────────────────────────────


def _article(item: etree._Element) -> Article:
    headline, subheads = _headlines(item)
    inside = next((_inside(content) for content in _contents(item)), Article())
    return replace(
        inside,
        headline=inside.headline or headline,
        subheads=inside.subheads or subheads,
        dateline=inside.dateline or words(item.find("{*}contentMeta/{*}dateline")),
    )


def _headlines(item: etree._Element) -> tuple[str, tuple[str, ...]]:
    found = list(item.iterfind("{*}contentMeta/{*}headline"))
    subheads = [element for element in found if element.get("role", "").lower().endswith(_SUBHEADS)]
    headlines = sorted((element for element in found if element not in subheads), key=_has_role)
    return words(headlines[0]) if headlines else "", tuple(map(words, subheads))


def _has_role(headline: etree._Element) -> bool:
    """Whether it is not the main headline: the short one, or one for the desk."""
    return not headline.get("role", "main").lower().endswith("main")


def _inside(content: etree._Element) -> Article:
    if xml.local_name(content) == "inlineData":
        is_html = content.get("contenttype", "").startswith(("text/html", "application/xhtml"))
        read_text = html.text_pieces if is_html else _paragraphs
        return Article(body=tuple(read_text(xml.whole_text(content))))
    root = next(content.iterchildren("*"), content)
    if xml.local_name(root) == "nitf":
        return nitf.article(root)
    return Article(body=pieces(root))


def _paragraphs(text: str) -> Iterator[Piece]:
    """The blank-line separated blocks of plain *text*."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        yield Piece(BlockKind.PARAGRAPH, block.strip())


# ── The facts ───────────────────────────────────────────────────────────────────────────────────────────────────


def _stated(item: etree._Element) -> Stated:
    return Stated(
        guid=item.get("guid"),
        version=item.get("version"),
        status=_status(item),
        date=next(filter(None, (moment(words(item.find(path))) for path in _DATES)), None),
        embargo=moment(words(item.find("{*}itemMeta/{*}embargoed"))),
    )


def _doubts(item: etree._Element, stated: Stated) -> tuple[str, ...]:
    if stated.embargo:
        return ()
    embargoed = item.find("{*}itemMeta/{*}embargoed")
    if embargoed is not None:
        return (embargo_doubt(words(embargoed)),)
    return unread.doubts(" ".join(map(words, item.iterfind("{*}itemMeta/{*}edNote"))))


def _status(item: etree._Element) -> str | None:
    return STATUSES.get(_qcode(item, "{*}itemMeta/{*}pubStatus"))


def _qcode(item: etree._Element, path: str) -> str:
    """The code at *path* without its list: ``text`` of ``ninat:text`` or of the list's address."""
    element = item.find(path)
    code = "" if element is None else element.get("qcode", element.get("uri", ""))
    return code.replace("/", ":").rpartition(":")[2].lower()


def _language(item: etree._Element) -> str | None:
    language = item.find("{*}contentMeta/{*}language")
    return (None if language is None else language.get("tag")) or item.get(_LANG)
