"""XML from outside: nothing is fetched, nothing grows, every refusal has its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedd.errors import UnreadableDocument
from feedd.readers import xml

LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(20))
BILLION_LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">' + LAUGHS + b"]><a>&u;</a>"
QUADRATIC = b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 100_000 + b'">]><a>' + b"&a;" * 100_000 + b"</a>"


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as refusal:
        xml.tree(data)
    assert refusal.value.reason.endswith(".") and refusal.value.wish.endswith(".")
    return refusal.value.code


@pytest.mark.parametrize(
    "data",
    [
        BILLION_LAUGHS,
        BILLION_LAUGHS.replace(b"<a>&u;", b"<a b='&u;'>"),
        QUADRATIC,
        b'<!DOCTYPE a [<!ENTITY x "&y;"><!ENTITY y "&x;">]><a>&x;</a>',
        b"<!DOCTYPE a [<!ENTITY % p \"<!ENTITY q 'x'>\"> %p;]><a/>",
        '<!DOCTYPE a [<!ENTITY x "hidden">]><a/>'.encode("utf-16"),
    ],
)
def test_entities_of_its_own_are_refused(data: bytes) -> None:
    assert code_of(data) == "xml-entity"


def test_a_file_of_this_machine_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")

    assert code_of(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode()) == "xml-entity"


def test_a_named_dtd_is_not_read(tmp_path: Path) -> None:
    dtd = tmp_path / "release.dtd"
    dtd.write_text('<!ENTITY company "hidden">')

    assert xml.tree(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>zinc</a>'.encode()).text == "zinc"
    assert code_of(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a>&company;</a>'.encode()) == "xml-entity"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a>" * 200_000, "xml-too-deep"),
        (b"<a>" + b"x" * 10_100_000 + b"</a>", "too-large"),
        (b"<a><b></a>", "xml-malformed"),
        (b"<a>\x01</a>", "xml-malformed"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "xml-malformed"),
        (b"", "xml-malformed"),
        (b"<a>" + b"<![CDATA[" * 500_000, "xml-malformed"),
    ],
)
def test_what_cannot_be_a_release_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_names_of_html_are_known_without_a_dtd() -> None:
    assert xml.tree(b"<a>Qu&eacute;bec&nbsp;&amp;&mdash;&lt;<![CDATA[&eacute;]]></a>").text == "Québec\u00a0&—<&eacute;"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_declared_character_set_is_heeded(encoding: str) -> None:
    data = f'\n<?xml version="1.0" encoding="{encoding}"?><a>é</a>'.lstrip().encode(encoding)

    assert xml.tree(data).text == "é"


def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    assert xml.tree(b'\r\n <?xml version="1.0"?><a>ore</a>').text == "ore"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<?xml version='1.0'?><!-- <b> --><nitf><body/></nitf>", "nitf"),
        (b"<newsItem xmlns='urn:x'><broken", "{urn:x}newsItem"),
        (b"Zinc < 5 % & falling", ""),
        (b"", ""),
        (BILLION_LAUGHS, "a"),
    ],
)
def test_the_root_is_known_from_the_start_of_the_bytes(data: bytes, name: str) -> None:
    assert xml.root_name(data) == name
