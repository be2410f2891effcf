"""The reader of Word files: what a person sees of the text once every change is accepted."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from feedd.errors import UnreadableDocument
from feedd.model import Document
from feedd.readers import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def packed(**members: str | bytes) -> bytes:
    """A package; ``word__document`` is its part ``word/document.xml``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(f"{name.replace('__', '/')}.xml", content)
    return buffer.getvalue()


def body(inner: str, space: str = W) -> str:
    return f'<w:document xmlns:w="{space}" xmlns:mc="urn:mc" xmlns:v="urn:v"><w:body>{inner}</w:body></w:document>'


def read(inner: str, **members: str) -> Document:
    return docx.read(packed(word__document=body(inner), **members))


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def told(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def words(inner: str) -> list[str]:
    return [text for _, text in told(read(inner))]


def refusal(data: bytes) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        docx.read(data)
    return caught.value


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Kopf"><w:name w:val="Our head"/><w:basedOn w:val="Titre1"/></w:style>
<w:style w:styleId="Liste"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Outline"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>
<w:style w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style>
</w:styles>"""


@pytest.mark.parametrize(
    ("properties", "kind", "level"),
    [
        ('<w:pStyle w:val="Titre1"/>', "heading", 1),
        ('<w:pStyle w:val="Kopf"/>', "heading", 1),
        ('<w:pStyle w:val="Outline"/>', "heading", 3),
        ('<w:outlineLvl w:val="1"/>', "heading", 2),
        ('<w:pStyle w:val="Titre1"/><w:outlineLvl w:val="9"/>', "line", 0),
        ('<w:pStyle w:val="Liste"/>', "item", 0),
        ('<w:numPr><w:numId w:val="1"/></w:numPr>', "item", 0),
        ('<w:pStyle w:val="Liste"/><w:numPr><w:numId w:val="0"/></w:numPr>', "line", 0),
        ('<w:pStyle w:val="A"/>', "line", 0),
        ("", "line", 0),
    ],
)
def test_styles_tell_headings_and_items(properties: str, kind: str, level: int) -> None:
    (block,) = read(p(r("North Shaft"), properties), word__styles=STYLES).blocks

    assert (block.kind.value, block.level) == (kind, level)


def test_a_title_counts_as_the_first_heading_without_any_styles() -> None:
    assert read(p(r("Tern"), '<w:pStyle w:val="Title"/>')).blocks[0].level == 1


def test_a_table_keeps_rows_and_cells() -> None:
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:tcPr/>{p(r(cell))}</w:tc>' for cell in row)}</w:tr>"
        for row in (("Level", "Metres"), ("One", "120"))
    )

    assert told(read(f"{p(r('Depth'))}<w:tbl>{rows}</w:tbl>"))[1] == ("table", "Level\tMetres\nOne\t120")


def test_a_table_of_one_column_is_text() -> None:
    assert told(read(f"<w:tbl><w:tr><w:tc>{p(r('Tern'))}{p(r('Gull'))}</w:tc></w:tr></w:tbl>")) == [
        ("line", "Tern"),
        ("line", "Gull"),
    ]


@pytest.mark.parametrize(
    "inner",
    [
        f"<w:hyperlink>{r('one ')}</w:hyperlink>{r('two')}",
        f"<w:smartTag>{r('one ')}<w:smartTag>{r('two')}</w:smartTag></w:smartTag>",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{r('one ')}{r('two')}</w:sdtContent></w:sdt>",
        "<w:fldSimple w:instr='DATE'><w:r><w:t>one </w:t></w:r></w:fldSimple><w:r><w:t>two</w:t></w:r>",
        "<w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r>",
        f"{r('one ')}{r('hidden', '<w:vanish/>')}{r('two', '<w:vanish w:val=' + repr('0') + '/>')}",
        "<w:r><w:t>one </w:t><w:footnoteReference w:id='1'/><w:commentReference w:id='1'/><w:t>two</w:t></w:r>",
    ],
)
def test_runs_are_read_through_whatever_wraps_them(inner: str) -> None:
    assert " ".join(words(p(inner))[0].split()) == "one two"


def test_breaks_make_lines() -> None:
    assert words(p("<w:r><w:t>Ann Ray</w:t><w:br/><w:t>Phone: 604 555 0100</w:t></w:r>")) == [
        "Ann Ray",
        "Phone: 604 555 0100",
    ]


def test_signs_that_are_elements_are_read() -> None:
    assert words(p("<w:r><w:t>by</w:t><w:noBreakHyphen/><w:t>prod</w:t><w:softHyphen/><w:t>ucts</w:t></w:r>")) == [
        "by-products"
    ]


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{p(r('In a box'))}</w:txbxContent>"
    twice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"

    assert words(p(f"<w:r>{twice}</w:r>{r('Tern Restarts')}")) == ["Tern Restarts", "In a box"]


def test_the_strict_edition_of_the_format_is_read() -> None:
    assert docx.read(packed(word__document=body(p(r("Tern")), STRICT))).text == "Tern\n"


def test_the_main_part_may_have_another_name() -> None:
    relations = '<r><x Type="http://x/officeDocument" Target="/word/document2.xml"/></r>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("_rels/.rels", relations)
        package.writestr("word/document2.xml", body(p(r("Tern"))))

    assert docx.sniff(buffer.getvalue(), "drop")
    assert docx.read(buffer.getvalue()).text == "Tern\n"


def test_the_language_of_the_file_is_told() -> None:
    core = '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>fr-CA</dc:language></c>'

    assert read(p(r("Tern")), docProps__core=core).language == "fr-CA"


# ── Changes and comments ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "inner",
    [
        p(f"{r('Costs fell ')}<w:del>{r('6')}<w:r><w:delText>6</w:delText></w:r></w:del><w:ins>{r('7')}</w:ins>"),
        p(f"<w:moveFrom>{r('Old ')}</w:moveFrom>{r('Costs fell ')}<w:moveTo>{r('7')}</w:moveTo>"),
        f"{p(r('Costs fell '), '<w:rPr><w:del/></w:rPr>')}{p(r('7'))}",
        f"<w:del>{p(r('Old'))}</w:del><w:ins>{p(r('Costs fell 7'))}</w:ins>",
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('Old'))}</w:tc></w:tr></w:tbl>{p(r('Costs fell 7'))}",
    ],
)
def test_changes_are_read_as_accepted_and_hold_the_release(inner: str) -> None:
    document = read(inner)

    assert told(document) == [("line", "Costs fell 7")]
    assert document.doubts == (docx.REVISIONS_DOUBT,)


def test_changes_of_the_look_do_not_hold_a_release() -> None:
    assert read(p(r("Tern", "<w:b/><w:rPrChange><w:rPr/></w:rPrChange>"))).doubts == ()


def test_comments_notes_and_page_headers_stay_out() -> None:
    other = f'<w:x xmlns:w="{W}">{p(r("Not for print"))}</w:x>'

    assert read(p(r("Tern")), word__comments=other, word__footnotes=other, word__header1=other).text == "Tern\n"


# ── Hostile and broken files ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", ["word__header2", "word__footer1", "word__comments"])
def test_an_embargo_where_nobody_reads_is_a_doubt(part: str) -> None:
    aside = f'<w:x xmlns:w="{W}">{p(r("Embarg") + r("oed until six"))}</w:x>'

    assert "embargo" in read(p(r("Zinc rose.")), **{part: aside}).doubts[0]


def test_a_file_of_endless_members_is_refused() -> None:
    assert refusal(packed(word__document=body(""), **{f"a{n}": "" for n in range(docx.MAX_MEMBERS)})).code == "zip-bomb"


def stating(data: bytes, size: int) -> bytes:
    """*data* whose table of contents gives its last member that *size*, in bytes."""
    entry = data.rfind(b"PK\x01\x02")
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


def test_a_file_that_unpacks_without_end_is_refused_unread() -> None:
    error = refusal(stating(packed(word__document=body(""), word__media=""), docx.MAX_UNPACKED_BYTES))

    assert error.code == "zip-bomb"
    assert "bytes when it is unpacked" in error.reason


def test_a_text_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MAX_PART_BYTES", 10_000)

    assert refusal(packed(word__document=body(" " * 10_000))).code == "zip-bomb"


def test_a_stated_size_is_not_believed() -> None:
    data = packed(word__document=body(" " * 100_000))

    assert refusal(stating(data, 1_000)).code == "corrupt"


@pytest.mark.parametrize("kept", [100, -10])
def test_a_file_that_was_cut_off_is_corrupt(kept: int) -> None:
    data = packed(word__document=body(p(r("Tern"))))[:kept]

    assert docx.sniff(data, "drop")
    assert refusal(data).code == "corrupt"


def test_every_file_that_was_changed_somewhere_is_read_or_refused() -> None:
    data = packed(word__document=body(p(r("Tern restarts"))), word__styles=STYLES)
    for place in range(0, len(data), 3):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        try:
            docx.read(bytes(broken))
        except UnreadableDocument as error:
            assert error.wish


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><a>&b;</a>', "xml-entity"),
        ('<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><a>&a;</a>', "xml-entity"),
        (body("<w:p>" * 100_000), "xml-too-deep"),
        (body("<w:p>"), "xml-malformed"),
        (body("<w:p/>" * 30_001), "too-large"),
    ],
)
def test_hostile_xml_inside_is_refused(text: str, code: str) -> None:
    assert refusal(packed(word__document=text)).code == code


def test_tables_inside_each_other_are_read() -> None:
    inner = p(r("Tern"))
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"

    assert words(inner) == ["Tern"]


def test_an_archive_that_only_looks_like_word_is_none() -> None:
    assert refusal(packed(word__documents="x")).code == "unsupported-type"
