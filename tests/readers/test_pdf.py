"""The reader of PDF: real files, made here by reportlab, and what is refused."""

from __future__ import annotations

import io
import zlib

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from feedd.errors import UnreadableDocument
from feedd.model import BlockKind, Document
from feedd.readers import pdf


def drawn(*lines: str, pages: int = 1, guard: StandardEncryption | None = None, size: int = 10) -> bytes:
    """A PDF with *lines* under each other on each of its pages."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, encrypt=guard)
    for _ in range(pages):
        canvas.setFont("Times-Roman", size)
        for number, line in enumerate(lines):
            canvas.drawString(72, 700 - 12 * number, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refusal:
        pdf.read(data)
    assert refusal.value.reason.endswith(".") and refusal.value.wish.endswith(".")
    return refusal.value.code


def shown(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_lines_become_a_paragraph() -> None:
    document = pdf.read(drawn("Zinc output rose in the second quarter of the year,", "because grades were better."))

    assert document.format == "pdf"
    assert shown(document) == [
        (BlockKind.PARAGRAPH, "Zinc output rose in the second quarter of the year, because grades were better.")
    ]


def test_characters_are_those_that_were_written() -> None:
    assert pdf.read(drawn("Zinc – “Erträge” über 5 €")).text == "Zinc – “Erträge” über 5 €\n"


def test_words_far_from_each_other_are_cells() -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    for number, row in enumerate((("Metal", "Q2", "Q1"), ("Zinc (Mlbs)", "18.4", "16.4"), ("Lead", "3.1", "3.0"))):
        for cell, left in zip(row, (72, 200, 260), strict=True):
            canvas.drawString(left, 700 - 14 * number, cell)
    canvas.save()

    table = pdf.read(target.getvalue())

    assert shown(table) == [(BlockKind.TABLE, "Metal\tQ2\tQ1\nZinc (Mlbs)\t18.4\t16.4\nLead\t3.1\t3.0")]


def test_letters_are_as_large_as_they_are_shown() -> None:
    """Some programs set all letters in size 1 and enlarge the page."""
    target = io.BytesIO()
    canvas = Canvas(target)
    for number, (line, size) in enumerate((("Zinc Rises At Last", 20), ("Zinc rose by 12 % in the quarter.", 10))):
        canvas.saveState()
        canvas.translate(72, 700 - 40 * number)
        canvas.scale(size, size)
        canvas.setFont("Times-Roman", 1)
        canvas.drawString(0, 0, line)
        canvas.restoreState()
    canvas.save()

    assert [(block.kind, block.level) for block in pdf.read(target.getvalue()).blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.LINE, 0),
    ]


def test_a_password_for_reading_is_refused_and_one_for_changes_is_not() -> None:
    assert refused(drawn("Zinc rose.", guard=StandardEncryption("secret", "owner"))) == "encrypted"
    assert pdf.read(drawn("Zinc rose.", guard=StandardEncryption("", "owner"))).text == "Zinc rose.\n"


@pytest.mark.parametrize(
    "data",
    [
        drawn("Zinc rose.")[:300],
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        b"%PDF-1.7\n%%EOF",
        b"%PDF-" + b"[" * 100_000,
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj",
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    assert refused(data) in ("corrupt", "no-text")


def test_too_many_pages_are_refused() -> None:
    assert refused(drawn("Zinc rose.", pages=501)) == "too-many-pages"


def test_more_text_than_any_release_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 100)

    assert refused(drawn("Zinc output rose in the quarter.", pages=4)) == "too-large"


def test_pictures_of_text_are_called_a_scan() -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawImage(ImageReader(io.BytesIO(_picture())), 72, 72)
    canvas.save()

    assert refused(target.getvalue()) == "scanned"


def _picture() -> bytes:
    """One white dot as PNG."""
    parts = {b"IHDR": bytes((0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)), b"IDAT": zlib.compress(b"\0\xff"), b"IEND": b""}
    sums = {name: zlib.crc32(name + content).to_bytes(4, "big") for name, content in parts.items()}
    chunks = (len(content).to_bytes(4, "big") + name + content + sums[name] for name, content in parts.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_page_with_nothing_on_it_has_no_text() -> None:
    assert refused(drawn()) == "no-text"


def test_a_pdf_is_known_by_its_mark_near_the_start() -> None:
    assert pdf.sniff(b"%PDF-1.4", "x.txt")
    assert pdf.sniff(b"\r\n" * 100 + b"%PDF-1.4", "")
    assert not pdf.sniff(b"a" * 2_000 + b"%PDF-1.4", "x.pdf")
