"""Writes the release as PDF and RTF with LibreOffice, with a running header and footer.

Needs Debian's ``libreoffice-writer-nogui``. Each run writes other dates and numbers into the files, and the same text.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from story import HERE, Part, parts

from feedd.model import BlockKind

NAMES = ("office", "style", "text", "table", "fo")
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{"xsl-fo-compatible" if name == "fo" else name}:1.0"'
    for name in NAMES
)

STYLES = """
<office:styles>
 <style:style style:name="Standard" style:family="paragraph">
  <style:paragraph-properties fo:margin-bottom="0.2cm" fo:text-align="justify"/>
  <style:text-properties fo:font-size="11pt" style:font-name="DejaVu Serif"/></style:style>
 <style:style style:name="Lines" style:family="paragraph" style:parent-style-name="Standard">
  <style:paragraph-properties fo:text-align="start"/></style:style>
 <style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard">
  <style:paragraph-properties fo:margin-top="0.3cm" fo:keep-with-next="always" fo:text-align="start"/>
  <style:text-properties fo:font-weight="bold"/></style:style>
 <style:style style:name="Heading_1" style:family="paragraph" style:parent-style-name="Heading"
  style:default-outline-level="1"><style:text-properties fo:font-size="17pt"/></style:style>
 <style:style style:name="Heading_2" style:family="paragraph" style:parent-style-name="Heading"
  style:default-outline-level="2"><style:text-properties fo:font-size="13pt"/></style:style>
 <text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•">
  <style:list-level-properties text:list-level-position-and-space-mode="label-alignment">
   <style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.5cm" fo:margin-left="1cm"/>
  </style:list-level-properties></text:list-level-style-bullet></text:list-style>
</office:styles>
<office:automatic-styles>
 <style:page-layout style:name="A5"><style:page-layout-properties fo:page-width="14.8cm" fo:page-height="21cm"
  fo:margin="1.5cm"/><style:header-style/><style:footer-style/></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A5">
 <style:header><text:p>Fernhollow Zinc Corp. | Mining in the north</text:p></style:header>
 <style:footer><text:p>Page <text:page-number/> of <text:page-count/></text:p></style:footer>
</style:master-page></office:master-styles>
"""


def element(part: Part) -> str:
    texts = [escape(text) for text in part.texts]
    match part.kind:
        case BlockKind.HEADING:
            return (
                f'<text:h text:style-name="Heading_{part.level}" text:outline-level="{part.level}">{texts[0]}</text:h>'
            )
        case BlockKind.ITEM:
            items = "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)
            return f'<text:list text:style-name="Bullets">{items}</text:list>'
        case BlockKind.TABLE:
            column = f'<table:table-column table:number-columns-repeated="{len(part.rows[0])}"/>'
            return f"<table:table>{column}{''.join(map(row, part.rows))}</table:table>"
    style = "Standard" if len(texts) == 1 else "Lines"
    return f'<text:p text:style-name="{style}">{"<text:line-break/>".join(texts)}</text:p>'


def row(cells: list[str]) -> str:
    inner = "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row>{inner}</table:table-row>"


def write(source: Path, kind: str, target: Path) -> None:
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True)
    shutil.copyfile(source.with_suffix(f".{kind}"), target)


with tempfile.TemporaryDirectory() as folder:
    page = Path(folder) / "release.fodt"
    text = f"<office:body><office:text>{''.join(map(element, parts()))}</office:text></office:body>"
    mimetype = 'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"'
    opening = f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} {mimetype}>'
    page.write_text(f"{opening}{STYLES}{text}</office:document>")
    write(page, "pdf", HERE / "release.office.pdf")
    write(page, "rtf", HERE / "release.rtf")
