"""Writes the release as a web page, as a Word file and as a mail, each with what such files have around the text.

``python tests/golden/formats/make_written.py`` always writes the same bytes; with ``office`` behind it, LibreOffice
makes a second Word file of the first, whose bytes differ each time.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from story import HERE, Part, parts, xhtml

from feedd.model import BlockKind

label, headline, subhead, lead, *body, end = parts()

# ── A web page ──────────────────────────────────────────────────────────────────────────────────────────────────

PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="windows-1252">
<title>{headline.texts[0]} | Fernhollow Newsroom</title>
<meta property="og:site_name" content="Fernhollow Newsroom">
<meta property="article:published_time" content="2026-07-14T07:00:00-04:00">
<style>article {{ max-width: 40em }}</style>
<script>if (1 < 2 && document.title) {{ document.write("<p>Written by a script.</p>") }}</script>
</head>
<body class="page has-sidebar">
<a class="skip-link" href="#news">Skip to the news</a>
<header role="banner"><a href="/"><img src="logo.png" alt="Fernhollow"></a>
<nav><ul><li><a href="/mine">Our mine</a></li><li><a href="/news">News</a></li></ul></nav>
<h1>{headline.texts[0]}</h1></header>
<div id="cookie-banner"><p>This site uses cookies to count its visitors. <button>Accept</button></p></div>
<main id="news">
<article>
<p>{label.texts[0]}</p>
<div class="share-buttons"><a href="https://social.example/">Share</a> <a href="mailto:?">Mail</a></div>
{xhtml(subhead)}
{chr(10).join(map(xhtml, [lead, *body]))}
<p>{end.texts[0]}</p>
<p style="display:none">Words that nobody sees.</p>
</article>
<section class="related-news"><h3>Related headlines</h3>
<article><h4><a href="/1">Fernhollow Zinc names a new director</a></h4></article>
<article><h4><a href="/2">Fernhollow Zinc sets the date of its meeting</a></h4></article>
</section>
</main>
<aside><h2>Share price</h2><p>Delayed by fifteen minutes.</p></aside>
<footer><p>Fernhollow Zinc Corp. Imprint. Privacy.</p></footer>
</body>
</html>
"""

# ── A Word file ─────────────────────────────────────────────────────────────────────────────────────────────────

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str) -> str:
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in text.split("\n"))


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph in several runs, as Word writes it after its spelling was checked."""
    half = len(text) // 2
    runs = "".join(f"<w:r>{run(part)}</w:r>" for part in (text[:half], text[half:]))
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def word(part: Part) -> str:
    match part.kind:
        case BlockKind.HEADING:
            return paragraph(part.texts[0], f'<w:pStyle w:val="berschrift{part.level}"/>')
        case BlockKind.ITEM:
            listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
            return "".join(paragraph(text, listed) for text in part.texts)
        case BlockKind.TABLE:
            cells = [[f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row] for row in part.rows]
            rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
            grid = "<w:gridCol/>" * len(part.rows[0])
            return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    return paragraph("\n".join(part.texts))


def heading_style(level: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="berschrift{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    )


COMMENT = (
    f'<w:comments xmlns:w="{W}"><w:comment w:id="1"><w:p><w:r>{run("Is that date right?")}</w:r></w:p></w:comment>'
)
MEMBERS = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="{WORD_TYPE}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{WORD_TYPE}.styles+xml"/>
<Override PartName="/word/numbering.xml" ContentType="{WORD_TYPE}.numbering+xml"/>
<Override PartName="/word/comments.xml" ContentType="{WORD_TYPE}.comments+xml"/>
<Override PartName="/word/header1.xml" ContentType="{WORD_TYPE}.header+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>
<Relationship Id="r2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>""",
    "word/_rels/document.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="r1" Type="{RELATIONS}/styles" Target="styles.xml"/>
<Relationship Id="r2" Type="{RELATIONS}/numbering" Target="numbering.xml"/>
<Relationship Id="r3" Type="{RELATIONS}/comments" Target="comments.xml"/>
<Relationship Id="r4" Type="{RELATIONS}/header" Target="header1.xml"/>
</Relationships>""",
    "docProps/core.xml": f"""<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Template of the newsroom</dc:title>
<dc:language>en</dc:language></cp:coreProperties>""",
    "word/styles.xml": f'<w:styles xmlns:w="{W}">{heading_style(1)}{heading_style(2)}</w:styles>',
    "word/numbering.xml": f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">
<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>""",
    "word/comments.xml": f"{COMMENT}</w:comments>",
    "word/header1.xml": f'<w:hdr xmlns:w="{W}">{paragraph("Fernhollow Zinc Corp., Sudbury")}</w:hdr>',
    "word/document.xml": f"""<w:document xmlns:w="{W}" xmlns:r="{RELATIONS}"><w:body>
{chr(10).join(map(word, [label, headline, subhead, lead, *body, end]))}
<w:p><w:commentRangeStart w:id="1"/><w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>
<w:sectPr><w:headerReference w:type="default" r:id="r4"/></w:sectPr></w:body></w:document>""",
}


def write_word() -> None:
    with zipfile.ZipFile(HERE / "release.docx", "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in MEMBERS.items():
            member = zipfile.ZipInfo(name, (2026, 7, 14, 6, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(member, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')


def write_word_with_office() -> None:
    target = HERE / "office"
    command = ["soffice", "--headless", "--convert-to", "docx", "--outdir", target, HERE / "release.docx"]
    subprocess.run(command, check=True)
    (target / "release.docx").rename(HERE / "release.office.docx")
    target.rmdir()


# ── A mail ──────────────────────────────────────────────────────────────────────────────────────────────────────


def mail() -> EmailMessage:
    message = EmailMessage(SMTP.clone(max_line_length=78))
    message["Received"] = "from mail.fernhollow.example by mx.newsroom.example; Tue, 14 Jul 2026 07:00:02 -0400"
    message["From"] = "Maribel Osei <ir@fernhollow.example>"
    message["To"] = "newsroom@wire.example, desk@newspaper.example"
    message["Bcc"] = "board@fernhollow.example"
    message["Subject"] = f"FW: {headline.texts[0]}"
    message["Date"] = "Tue, 14 Jul 2026 07:00:00 -0400"
    message["Message-ID"] = "<1@fernhollow.example>"
    text = (HERE / "release.txt").read_text("utf-8")
    message.set_content(f"{text}\n-- \nMaribel Osei\nSent from a telephone\n", cte="quoted-printable")
    message.add_alternative("<p>The same, with more colour.</p>", subtype="html")
    message.make_mixed(boundary="outer")
    next(iter(message.iter_parts())).set_boundary("inner")
    return message


if __name__ == "__main__":
    (HERE / "release.html").write_bytes(PAGE.encode("windows-1252"))
    write_word()
    (HERE / "release.eml").write_bytes(mail().as_bytes())
    if "office" in sys.argv[1:]:
        write_word_with_office()
