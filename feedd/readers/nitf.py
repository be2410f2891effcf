"""The reader of NITF, the news industry's text format: one article, its facts in the head; any field may be missing."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedd.model import Document, Stated
from feedd.readers import unread, xml
from feedd.readers.article import STATUSES, Article, embargo_doubt, moment, pieces, words


def sniff(data: bytes, name: str) -> bool:
    """Whether the root element of *data* is NITF's."""
    return xml.root_name(data).rpartition("}")[2] == "nitf"


def read(data: bytes) -> Document:
    """The document in *data*. Raises what `xml.tree` raises."""
    root = xml.tree(data)
    told = article(root)
    stated = _stated(root)
    return told.page().document(
        "nitf", title=told.headline or None, language=language(root), stated=stated, doubts=_doubts(root, stated)
    )


def article(root: etree._Element) -> Article:
    """The article below *root*, an ``nitf`` element of any namespace."""
    headline = words(root.find(".//{*}body.head/{*}hedline/{*}hl1")) or words(root.find("{*}head/{*}title"))
    content = root.find(".//{*}body.content")
    return Article(
        headline=headline,
        subheads=tuple(map(words, root.iterfind(".//{*}body.head/{*}hedline/{*}hl2"))),
        dateline=words(root.find(".//{*}body.head/{*}dateline")),
        body=() if content is None else pieces(content),
    )


def language(root: etree._Element) -> str | None:
    """The language that *root* or its body states."""
    of_xml = "{http://www.w3.org/XML/1998/namespace}lang"
    body = root.find("{*}body")
    return root.get(of_xml) or (None if body is None else body.get(of_xml))


def _stated(root: etree._Element) -> Stated:
    released = moment(_release(root))
    return Stated(
        guid=_attribute(root, "doc-id", "id-string"),
        version=_attribute(root, "du-key", "version"),
        status=STATUSES.get(_management(root)),
        date=moment(_issue(root)) or released,
        embargo=released if _is_embargoed(root) else None,
    )


def _doubts(root: etree._Element, stated: Stated) -> tuple[str, ...]:
    if stated.embargo:
        return ()
    if _is_embargoed(root):
        return (embargo_doubt(_release(root)),)
    return unread.doubts(" ".join(_notes(root)))


def _is_embargoed(root: etree._Element) -> bool:
    """Whether it says so, or may be shown only some time after it was issued."""
    return _management(root) == "embargoed" or bool(_release(root) and not _is_at_once(root))


def _is_at_once(root: etree._Element) -> bool:
    """Whether the time of release is that of issue, or its day."""
    issued, released = moment(_issue(root)), moment(_release(root))
    return bool(issued and released) and str(issued).startswith(str(released))


def _issue(root: etree._Element) -> str:
    return _attribute(root, "date.issue", "norm") or words(root.find(".//{*}docdata/{*}date.issue"))


def _notes(root: etree._Element) -> Iterator[str]:
    """What the desk says beside the text."""
    yield from (element.get("info", "") for element in root.iterfind(".//{*}docdata/{*}ed-msg"))
    yield from map(words, root.iterfind(".//{*}body.head/{*}note"))


def _release(root: etree._Element) -> str:
    return _attribute(root, "date.release", "norm") or words(root.find(".//{*}docdata/{*}date.release"))


def _management(root: etree._Element) -> str:
    docdata = root.find(".//{*}docdata")
    return "" if docdata is None else docdata.get("management-status", "").strip().lower()


def _attribute(root: etree._Element, name: str, attribute: str) -> str | None:
    element = root.find(f".//{{*}}docdata/{{*}}{name}")
    return None if element is None else (element.get(attribute) or "").strip() or None
