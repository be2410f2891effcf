"""XML from outside becomes a tree, with nothing fetched and nothing expanded.

Shared by the readers whose formats are XML. A file may name a DTD, as NITF does; it is never read, and the names of
HTML's entities, which writers take from such a DTD, are known by table.
"""

from __future__ import annotations

import contextlib
import re
from html.entities import html5

from lxml import etree

from feedd.errors import UnreadableDocument

SNIFFED = 64 * 1024
"""Bytes in which the root element must begin."""

_ENTITY = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&([A-Za-z][A-Za-z0-9]{1,31});", re.DOTALL)
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))

_BOMBS = (etree.ErrorTypes.ERR_ENTITY_LOOP, etree.ErrorTypes.ERR_ENTITY_BOUNDARY)
_LIMIT = etree.ErrorTypes.ERR_RESOURCE_LIMIT


def tree(data: bytes) -> etree._Element:
    """The root element of the XML in *data*, in the character set that it declares.

    Raises `UnreadableDocument` with code ``xml-entity`` when it declares entities of its own or uses unknown ones,
    ``xml-too-deep`` beyond 256 levels, ``too-large`` beyond 10 MB in one text, ``xml-malformed`` for all else.
    """
    try:
        root = etree.fromstring(_with_numbers(data.lstrip()), _parser())
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error
    _refuse_entities(root)
    return root


def root_name(data: bytes) -> str:
    """The name of the root element as lxml writes it, ``{namespace}name``; "" where *data* begins no XML."""
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True, load_dtd=False)
    with contextlib.suppress(etree.XMLSyntaxError):  # what was read before the fault still counts
        parser.feed(data[:SNIFFED].lstrip())
    return next((str(element.tag) for _, element in parser.read_events()), "")  # type: ignore[union-attr]


def local_name(element: etree._Element) -> str:
    """The name of *element* without namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def whole_text(element: etree._Element) -> str:
    """All text of *element* as it stands, comments left out."""
    return "".join(map(str, element.itertext("*")))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _with_numbers(data: bytes) -> bytes:
    """*data* with HTML's entity names as numbers; they mean the same in every ASCII-like character set."""
    return _ENTITY.sub(_number, data) if b"&" in data else data


def _number(match: re.Match[bytes]) -> bytes:
    name = (match[1] or b"").decode("ascii")
    characters = "" if name in _OF_XML else html5.get(f"{name};", "")
    return "".join(f"&#{ord(character)};" for character in characters).encode("ascii") or match[0]


def _refuse_entities(root: etree._Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None):  # type: ignore[attr-defined]
        raise _declares_entities()
    unknown = next(root.iter(etree.Entity), None)
    if unknown is not None:
        raise UnreadableDocument(
            "xml-entity",
            f"The XML uses the entity {unknown.text}, which is no name of HTML's.",
            "Write the character itself and drop the file again.",
        )


def _refusal(error: etree.XMLSyntaxError) -> UnreadableDocument:
    message, code = str(error.msg), error.code  # type: ignore[attr-defined]  # the stubs do not know it
    if code in _BOMBS or (code == _LIMIT and "entity" in message):
        return _declares_entities()
    if code == _LIMIT and "depth" in message:
        return UnreadableDocument(
            "xml-too-deep",
            "The XML has more than 256 elements inside each other.",
            "Export the release again; no news format nests so deep.",
        )
    if code == _LIMIT:
        return UnreadableDocument(
            "too-large", "The XML holds a text of more than 10 MB.", "Drop the release alone, without attachments."
        )
    return UnreadableDocument("xml-malformed", f"The XML is not well-formed: {message}.", "Export the release again.")


def _declares_entities() -> UnreadableDocument:
    return UnreadableDocument(
        "xml-entity",
        "The XML declares entities of its own, which can hide files of this machine or grow without end.",
        "Export the release without entity declarations.",
    )
