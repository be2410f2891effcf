"""Files that no reader takes are called by their names, with a way out."""

from __future__ import annotations

import io
import zipfile

import pytest

from feedd.errors import UnreadableDocument
from feedd.readers import read

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def archive(name: str, content: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, content)
    return buffer.getvalue()


STRANGERS = [
    (OLD + wide("WordDocument"), "drop.doc", "binary-doc", "an old Word file"),
    (OLD + wide("EncryptedPackage"), "drop.docx", "encrypted", "with a password"),
    (OLD + wide("Workbook"), "drop.xls", "unsupported-type", "an old Excel file"),
    (OLD + wide("__substg1.0_"), "drop.msg", "unsupported-type", "an Outlook message"),
    (OLD, "drop", "binary-doc", "an old Office file"),
    (archive("xl/workbook.xml"), "drop.xlsx", "unsupported-type", "an Excel file"),
    (archive("ppt/presentation.xml"), "drop.pptx", "unsupported-type", "a PowerPoint file"),
    (
        archive("mimetype", "application/vnd.oasis.opendocument.text"),
        "drop.odt",
        "unsupported-type",
        "an OpenDocument file",
    ),
    (archive("releases/tern.txt"), "drop.zip", "unsupported-type", "a ZIP archive"),
    (b"\x1f\x8b\x08" + bytes(50), "drop.gz", "unsupported-type", "a compressed file"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "drop.png", "unsupported-type", "a picture"),
    (b"\xff\xd8\xff\xe0" + bytes(50), "drop", "unsupported-type", "a picture"),
    (b"%!PS-Adobe-3.0\n", "drop.ps", "unsupported-type", "a PostScript file"),
    (b"<?xml version='1.0'?><rss><channel/></rss>", "drop.xml", "unsupported-type", "root element 'rss'"),
    (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "drop.xml", "xml-entity", "entities"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "drop.pdf", "type-mismatch", "but it is a picture"),
    (archive("xl/workbook.xml"), "drop.docx", "type-mismatch", "but it is an Excel file"),
    (bytes(range(256)) * 9, "drop.pdf", "type-mismatch", "called .pdf"),
    (bytes(range(256)) * 9, "drop.txt", "binary", "not text"),
]


@pytest.mark.parametrize(("data", "name", "code", "words"), STRANGERS)
def test_a_stranger_is_called_by_its_name(data: bytes, name: str, code: str, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words) as refusal:
        read(data, name=name)

    assert refusal.value.code == code
    assert refusal.value.wish.endswith(".")


def test_a_wrong_name_on_a_readable_file_does_no_harm() -> None:
    assert read(b"Tern Copper restarts its north shaft", name="tern.pdf").format == "text"
