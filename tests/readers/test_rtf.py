"""The reader of RTF: the characters, what may be seen, and what nobody may make it do."""

from __future__ import annotations

import pytest

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document
from feedd.readers import rtf

FONTS = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset204 Times;}}"


def told(inner: str) -> Document:
    return rtf.read((r"{\rtf1\ansi\ansicpg1252\deff0" + FONTS + inner + "}").encode("latin-1"))


def shown(inner: str) -> list[tuple[BlockKind, str]]:
    document = told(inner)
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refusal:
        rtf.read(data)
    return refusal.value.code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Qu\'e9bec", "Québec"),
        (r"Qu\u233\'e9bec", "Québec"),
        (r"\uc0\u8220 zinc\u8221 ", "“zinc”"),
        (r"{\f1\'d6\'e8\'ed\'ea}", "Цинк"),
        ("\x93zinc\x94 caf\xe9", "“zinc” café"),
        (r"3\~oz \endash  5\emdash 6", "3\u00a0oz – 5—6"),
        (r"\{a\} c:\\d", "{a} c:\\d"),
        (r"ore\u-10180?\u-8447? rose", "ore🌁 rose"),
        ("zi\r\nnc", "zinc"),
        ("{\\b\nZinc}", "Zinc"),
        (r"co\-operate", "cooperate"),
        (r"\u8217\'92s", "’s"),
    ],
)
def test_characters_are_read_as_they_are_meant(written: str, meant: str) -> None:
    assert told(written).text == f"{meant}\n"


@pytest.mark.parametrize(
    "hidden",
    [
        r"{\v secret}",
        r"\v secret\v0 ",
        r"\v sec\'e9\u233?\emdash\plain ",
        r"{\deleted secret}",
        r"{\*\annotation secret}",
        r"{\header secret\par}",
        r"{\footnote secret}",
        r"{\*\unheard secret}",
        r"{\info{\author secret}{\title secret}}",
        r"{\field{\*\fldinst{HYPERLINK }{secret}}}",
        r"{\stylesheet{\s1 secret;}}",
        r"{\pict\pngblip 0102secret}",
        r"{\pict\bin6 }\par{}",
    ],
)
def test_what_a_page_does_not_show_is_not_read(hidden: str) -> None:
    assert told(rf"Zinc {hidden}rose.\par").text == "Zinc rose.\n"


def test_a_link_keeps_its_words_and_loses_its_address() -> None:
    link = r'{\field{\*\fldinst{HYPERLINK "https://tern.example/"}}{\fldrslt{\ul the site}}}'

    assert told(rf"See {link}.\par").text == "See the site.\n"


@pytest.mark.parametrize("change", [r"{\deleted old}", r"{\revised new}"])
def test_tracked_changes_are_a_doubt(change: str) -> None:
    assert "tracked changes" in told(rf"Zinc {change} rose.\par").doubts[0]
    assert told(r"{\deleted0 Zinc} rose.\par").doubts == ()


@pytest.mark.parametrize(
    "part", [r"{\header Embargoed until six\par}", r"{\*\annotation Hold for release}", r"{\v Embargo}"]
)
def test_an_embargo_where_nobody_reads_is_a_doubt(part: str) -> None:
    assert "embargo" in told(rf"Zinc rose.{part}\par").doubts[0]


def test_paragraphs_headings_and_items_stand_apart() -> None:
    inner = (
        r"{\pard\outlinelevel0 Zinc Rises\par}"
        r"\pard Zinc rose on Monday, and the mill was not even running at its design rate.\par"
        r"{\listtext\bullet\tab}Pumps\par {\pntext 2.\tab}{\b Hoist\par}\pard Ann Dow\line 705-555-0100\par"
    )

    assert shown(inner) == [
        (BlockKind.HEADING, "Zinc Rises"),
        (BlockKind.PARAGRAPH, "Zinc rose on Monday, and the mill was not even running at its design rate."),
        (BlockKind.ITEM, "Pumps"),
        (BlockKind.ITEM, "Hoist"),
        (BlockKind.LINE, "Ann Dow"),
        (BlockKind.LINE, "705-555-0100"),
    ]


def test_a_table_keeps_its_cells() -> None:
    rows = r"\trowd\pard\intbl Zinc\par (Mlbs)\cell 18.4\cell\row\trowd\pard\intbl Lead\cell 3.1\cell\row\pard"

    assert shown(rf"Output:\par {rows} So much.\par") == [
        (BlockKind.LINE, "Output:"),
        (BlockKind.TABLE, "Zinc (Mlbs)\t18.4\nLead\t3.1"),
        (BlockKind.LINE, "So much."),
    ]


def test_a_table_that_only_places_text_is_text() -> None:
    assert told(r"\trowd\pard\intbl Zinc rose.\par Lead fell.\cell\row\pard").text == "Zinc rose.\n\nLead fell.\n"


def test_what_follows_the_end_is_not_read() -> None:
    assert rtf.read(rb"{\rtf1 Zinc rose.\par}}{ secret").text == "Zinc rose.\n"


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("{" * 100_000, "resource-limit"),
        (r"{\fonttbl" + r"{\f0\fcharset0 A}" * 10_000 + "}", "resource-limit"),
        ("x" * 2_100_000, "too-large"),
        (r"a\par " * 31_000, "too-large"),
        (r"{\*\x " + "{}" * 600_000, "resource-limit"),
        (r"\u9999999999 ?", "corrupt"),
    ],
)
def test_what_no_program_writes_is_refused(inner: str, code: str) -> None:
    assert refused((r"{\rtf1 " + inner).encode()) == code


@pytest.mark.parametrize("inner", [r"\bin-5 x", r"\bin99999999 x", r"\u", "\\", r"\'zz", "}" * 1000])
def test_nonsense_does_no_harm(inner: str) -> None:
    assert rtf.read((r"{\rtf1 Zinc rose.\par " + inner).encode()).text.startswith("Zinc rose.")


def test_pictures_of_any_size_take_no_time() -> None:
    assert told(r"{\pict " + "0f" * 4_000_000 + r"}Zinc rose.\par").text == "Zinc rose.\n"


def test_only_rtf_is_taken_for_rtf() -> None:
    assert rtf.sniff(b"{\\rtf1\\ansi", "x.doc")
    assert rtf.sniff(b"\r\n{\\rtf1", "")
    assert not rtf.sniff(b"rtf", "x.rtf")
