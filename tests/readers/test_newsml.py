"""The reader of NewsML-G2: the facts of the envelope and whatever kind of text lies in it."""

from __future__ import annotations

import pytest

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document, Stated
from feedd.readers import newsml

XHTML = (
    "<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>"
    "<h1>Tern Copper Restarts</h1><p>Ore rose.</p><h3>Works</h3><script>no()</script></body></html></inlineXML>"
)
NITF = (
    "<inlineXML><nitf><body><body.head><hedline><hl1>Told by NITF</hl1></hedline></body.head></body></nitf></inlineXML>"
)
META = """
<itemMeta><itemClass qcode='ninat:text'/><versionCreated>2026-07-14T06:00:00-04:00</versionCreated>
<embargoed>2026-07-14T10:00:00Z</embargoed><pubStatus qcode='stat:usable'/></itemMeta>
<contentMeta><dateline>Sudbury, July 14</dateline><language tag='en'/>
<headline role='hld:short'>Tern</headline><headline>Tern Copper Restarts</headline>
<headline role='hld:subHeadline'>Early</headline></contentMeta>"""


def item(meta: str = "", content: str = "", attributes: str = "") -> str:
    return (
        f"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/' {attributes}>"
        f"{meta}<contentSet>{content}</contentSet></newsItem>"
    )


def told(meta: str = "", content: str = XHTML, attributes: str = "") -> Document:
    return newsml.read(item(meta, content, attributes).encode())


def shown(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def status(word: str) -> str:
    return f"<itemMeta><pubStatus qcode='stat:{word}'/></itemMeta>"


def test_the_text_is_told_in_the_order_of_reading() -> None:
    assert shown(told(META)) == [
        (BlockKind.HEADING, "Tern Copper Restarts"),
        (BlockKind.HEADING, "Early"),
        (BlockKind.LINE, "Sudbury, July 14 – Ore rose."),
        (BlockKind.HEADING, "Works"),
    ]


def test_the_envelope_states_its_facts() -> None:
    document = told(META, attributes="guid='urn:tern:14' version='2' xml:lang='fr'")

    assert (document.format, document.title, document.language) == ("newsml-g2", "Tern Copper Restarts", "en")
    assert document.stated == Stated(
        guid="urn:tern:14",
        version="2",
        status="usable",
        date="2026-07-14T06:00:00-04:00",
        embargo="2026-07-14T10:00:00+00:00",
    )


def test_nothing_but_the_text_has_to_be_there() -> None:
    document = told(content="<inlineXML><p>Ore rose.</p></inlineXML>")

    assert document.text == "Ore rose.\n"
    assert (document.title, document.language, document.stated, document.doubts) == (None, None, Stated(), ())


def test_nitf_inside_is_read_as_nitf() -> None:
    assert told(content=NITF).title == "Told by NITF"


def test_plain_text_inside_is_read_by_its_blank_lines() -> None:
    document = told(
        content="<inlineData contenttype='text/plain'>Zinc &amp; lead rose.\r\n\r\nSo did gold.</inlineData>"
    )

    assert document.text == "Zinc & lead rose.\n\nSo did gold.\n"


def test_a_web_page_inside_is_read_as_a_web_page() -> None:
    page = "&lt;p&gt;Zinc rose.&lt;script&gt;no()&lt;/script&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Lead fell.&lt;/ul&gt;"

    assert shown(told(content=f"<inlineData contenttype='text/html'>{page}</inlineData>")) == [
        (BlockKind.LINE, "Zinc rose."),
        (BlockKind.ITEM, "Lead fell."),
    ]


def test_of_a_message_the_first_item_with_text_is_taken() -> None:
    picture = item("<itemMeta><itemClass qcode='ninat:picture'/></itemMeta>", XHTML.replace("Ore rose", "A shaft"))
    pointer = item("", "<remoteContent href='https://tern.example/'/>")
    message = f"<newsMessage><itemSet>{picture}{pointer}{item(META, XHTML)}{item(META, NITF)}</itemSet></newsMessage>"

    assert "Ore rose." in newsml.read(message.encode()).text


@pytest.mark.parametrize("content", ["", "<remoteContent href='https://tern.example/'/>"])
def test_an_item_without_text_is_refused(content: str) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        told(content=content)

    assert refusal.value.code == "no-text"


def test_a_cancellation_needs_no_text() -> None:
    document = told(META.replace("usable", "canceled"), content="")

    assert document.stated.status == "canceled"
    assert document.title == "Tern Copper Restarts"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("usable", "usable"), ("withheld", "withheld"), ("cancelled", "canceled"), ("unheard", None)],
)
def test_the_status_is_told_in_the_words_of_the_iptc(written: str, meant: str | None) -> None:
    assert told(status(written)).stated.status == meant


@pytest.mark.parametrize("until", ["", "Tuesday at six"])
def test_an_embargo_without_a_time_that_can_be_read_is_a_doubt(until: str) -> None:
    document = told(f"<itemMeta><embargoed>{until}</embargoed></itemMeta>")

    assert document.stated.embargo is None
    assert len(document.doubts) == 1 and "embargoed" in document.doubts[0]


def test_an_embargo_in_a_note_to_editors_is_a_doubt() -> None:
    assert "embargo" in told("<itemMeta><edNote>Not for publication before six</edNote></itemMeta>").doubts[0]


def test_a_table_that_only_places_text_is_text() -> None:
    table = "<table><tr><td><p>Ore rose.</p></td></tr><tr><td>Gold fell.</td></tr></table>"

    assert told(content=f"<inlineXML>{table}</inlineXML>").text == "Ore rose.\n\nGold fell.\n"


def test_a_bomb_is_refused_like_in_any_xml() -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        newsml.read(b'<!DOCTYPE newsItem [<!ENTITY a "b">]><newsItem/>')

    assert refusal.value.code == "xml-entity"


def test_only_newsml_is_taken_for_newsml() -> None:
    assert newsml.sniff(item().encode(), "x")
    assert newsml.sniff(b"<newsMessage>", "x")
    assert not newsml.sniff(b"<NewsML><NewsItem/></NewsML>", "x.newsml")
