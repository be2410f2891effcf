"""The reader of NITF: every field where it belongs, and none that must be there."""

from __future__ import annotations

import pytest

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document, Stated
from feedd.readers import nitf

FULL = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.4/specification/dtd/nitf-3-4.dtd">
<nitf>
 <head>
  <title>TERN-RESTART</title>
  <docdata management-status="usable">
   <doc-id id-string="tern-2026-014" regsrc="tern.example"/>
   <date.issue norm="20260714T053000-0400"/>
   <date.release norm="20260714T060000-0400"/>
   <du-key version="3"/>
  </docdata>
 </head>
 <body xml:lang="en-CA">
  <body.head>
   <hedline><hl1>Tern Copper Restarts
     Its <em>Shaft</em></hl1><hl2>Two months early</hl2></hedline>
   <byline>By A. Writer</byline>
   <dateline><location><city>Sudbury</city>, Ontario</location>, <story.date>July 14, 2026</story.date> -</dateline>
  </body.head>
  <body.content>
   <p>Tern Copper Corp. (<org>TSX:&nbsp;TRN<alt-code idsrc="x" value="y"/></org>) restarted
      its shaft<!-- not for print -->.</p>
   <hl2>Works</hl2>
   <ul><li>Pumps</li><li><p>Hoist</p></li></ul>
   <media media-type="image"><media-caption>A shaft</media-caption></media>
   <table><tr><th>Level</th><th>Metres</th></tr><tr><td>One</td><td><p>1</p><p>20</p></td></tr></table>
   <bq><block><p>“Good.”</p></block><credit>Ann Dow</credit></bq>
   <p>Ann Dow<br/>705-555-0100</p>
  </body.content>
  <body.end><tagline>Wire</tagline></body.end>
 </body>
</nitf>"""


def told(body: str = "", head: str = "") -> Document:
    return nitf.read(f"<nitf>{head}<body><body.content>{body}</body.content></body></nitf>".encode())


def shown(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_every_part_stands_where_a_reader_looks_for_it() -> None:
    assert shown(nitf.read(FULL.encode())) == [
        (BlockKind.HEADING, "Tern Copper Restarts Its Shaft"),
        (BlockKind.HEADING, "Two months early"),
        (
            BlockKind.PARAGRAPH,
            "Sudbury, Ontario, July 14, 2026 - Tern Copper Corp. (TSX:\u00a0TRN) restarted its shaft.",
        ),
        (BlockKind.HEADING, "Works"),
        (BlockKind.ITEM, "Pumps"),
        (BlockKind.ITEM, "Hoist"),
        (BlockKind.TABLE, "Level\tMetres\nOne\t1 20"),
        (BlockKind.LINE, "“Good.”"),
        (BlockKind.LINE, "Ann Dow"),
        (BlockKind.LINE, "Ann Dow"),
        (BlockKind.LINE, "705-555-0100"),
    ]


def test_the_head_states_its_facts() -> None:
    document = nitf.read(FULL.encode())

    assert (document.format, document.title, document.language) == ("nitf", "Tern Copper Restarts Its Shaft", "en-CA")
    assert document.stated == Stated(
        guid="tern-2026-014",
        version="3",
        status="usable",
        date="2026-07-14T05:30:00-04:00",
        embargo="2026-07-14T06:00:00-04:00",
    )
    assert document.doubts == ()


def test_nothing_has_to_be_there() -> None:
    document = told("<p>One paragraph alone.</p>")

    assert shown(document) == [(BlockKind.LINE, "One paragraph alone.")]
    assert (document.title, document.language, document.stated) == (None, None, Stated())
    assert nitf.read(b"<nitf/>").blocks == ()


def test_the_title_of_the_head_stands_in_for_a_missing_headline() -> None:
    assert told(head="<head><title>Zinc Rises</title></head>").title == "Zinc Rises"


@pytest.mark.parametrize(
    ("dateline", "lead", "text"),
    [
        ("Oslo", "Ore fell.", "Oslo – Ore fell."),
        ("Oslo, May 2 --", "Ore fell.", "Oslo, May 2 -- Ore fell."),
        ("Oslo", "— Ore fell.", "Oslo — Ore fell."),
        ("Oslo, May 2", "OSLO (May 2) – Ore fell.", "OSLO (May 2) – Ore fell."),
        ("", "Ore fell.", "Ore fell."),
    ],
)
def test_the_dateline_opens_the_first_paragraph_once(dateline: str, lead: str, text: str) -> None:
    body = f"<body.head><dateline>{dateline}</dateline></body.head><body.content><p>{lead}</p></body.content>"

    assert nitf.read(f"<nitf><body>{body}</body></nitf>".encode()).text == f"{text}\n"


@pytest.mark.parametrize("word", ["withheld", "canceled", "usable"])
def test_the_status_is_told_in_the_words_of_the_iptc(word: str) -> None:
    assert told(head=f"<head><docdata management-status='{word}'/></head>").stated.status == word


def docdata(inner: str, status: str = "usable") -> Document:
    return told(head=f"<head><docdata management-status='{status}'>{inner}</docdata></head>")


def test_a_release_time_that_is_the_time_of_issue_is_no_embargo() -> None:
    same = "<date.issue norm='20260714T0600Z'/><date.release norm='2026-07-14T06:00:00Z'/>"

    assert docdata(same).stated.embargo is None
    assert docdata("<date.issue norm='20260714T0600Z'/><date.release norm='20260714'/>").stated.embargo is None


@pytest.mark.parametrize("inner", ["", "<date.release norm='Tuesday at six'/>"])
def test_an_embargo_without_a_time_that_can_be_read_is_a_doubt(inner: str) -> None:
    document = docdata(inner, "embargoed")

    assert document.stated.embargo is None
    assert len(document.doubts) == 1 and "embargoed" in document.doubts[0]


def test_an_embargo_in_a_note_to_editors_is_a_doubt() -> None:
    assert "embargo" in docdata("<ed-msg info='Embargoed until six'/>").doubts[0]
    assert docdata("<ed-msg info='With photo'/>").doubts == ()


def test_a_bomb_is_refused_like_in_any_xml() -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        nitf.read(b'<!DOCTYPE nitf [<!ENTITY a "b">]><nitf/>')

    assert refusal.value.code == "xml-entity"


@pytest.mark.parametrize("body", ["<p>a</p>", "a<br/>", "<table><tr><td>a</td><td>b</td></tr></table>"])
def test_more_lines_than_any_release_has_are_refused(body: str) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        told(body * 31_000)

    assert refusal.value.code == "too-large"


def test_only_nitf_is_taken_for_nitf() -> None:
    assert nitf.sniff(FULL.encode(), "x.txt")
    assert nitf.sniff(b"<nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'>", "")
    assert not nitf.sniff(b"<html><body>nitf</body></html>", "x.nitf.xml")
