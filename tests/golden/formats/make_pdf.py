"""Writes the release as PDF with Chromium, reportlab (two columns) and groff (hyphenated), each with page furniture.

Needs Debian's ``chromium`` and ``groff``. Chromium writes the time into its file; the others always write the same.
"""

from __future__ import annotations

import os
import subprocess
from html import escape

from playwright.sync_api import sync_playwright
from reportlab.lib.colors import grey
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table
from story import HERE, Part, parts, xhtml

from feedd.model import BlockKind

# ── Chromium: a page as it stands on a site, printed ────────────────────────────────────────────────────────────

CSS = """
@page { size: A5; margin: 2cm 1.8cm }
body { font: 10.5pt/1.4 'DejaVu Serif'; text-align: justify }
h1 { font-size: 17pt; text-align: left } h2 { font-size: 12.5pt; text-align: left }
td, th { padding: 1pt 14pt 1pt 0; text-align: right } td:first-child, th:first-child { text-align: left }
"""
FURNITURE = '<div style="font-size:7pt;width:100%;text-align:center">{}</div>'


def with_chromium() -> None:
    html = f"<!doctype html><html lang=en><style>{CSS}</style><body>{''.join(map(xhtml, parts()))}</body></html>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(html)
        page.pdf(
            path=HERE / "release.chromium.pdf",
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template=FURNITURE.format("July 14, 2026 &nbsp; Fernhollow restarts its mill"),
            footer_template=FURNITURE.format("<span class=pageNumber></span>/<span class=totalPages></span>"),
        )
        browser.close()


# ── reportlab: two columns, a letterhead, page numbers ──────────────────────────────────────────────────────────

STYLES = getSampleStyleSheet()
TEXT = ParagraphStyle("text", STYLES["Normal"], fontName="Times-Roman", fontSize=10, leading=12.5, alignment=4)
HEADINGS = {1: STYLES["Heading1"], 2: STYLES["Heading3"]}


def flowables(part: Part) -> list[Flowable]:
    texts = [escape(text, quote=False) for text in part.texts]
    match part.kind:
        case BlockKind.HEADING:
            return [Paragraph(texts[0], HEADINGS[part.level])]
        case BlockKind.ITEM:
            style = ParagraphStyle("item", TEXT, leftIndent=14, bulletIndent=4, spaceAfter=3)
            return [Paragraph(text, style, bulletText="•") for text in texts] + [Spacer(1, 6)]
        case BlockKind.TABLE:
            return [Table(part.rows, style=[("FONTSIZE", (0, 0), (-1, -1), 9)]), Spacer(1, 8)]
    return [Paragraph("<br/>".join(texts), TEXT), Spacer(1, 7)]


def furnish(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFillColor(grey)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(2 * cm, 28.4 * cm, "FERNHOLLOW ZINC CORP.")
    canvas.drawRightString(19 * cm, 28.4 * cm, "TSX: FHZ")
    canvas.drawCentredString(10.5 * cm, 1.2 * cm, f"- {document.page} -")


def with_reportlab() -> None:
    frames = [Frame(left * cm, 12 * cm, 8.2 * cm, 15.6 * cm) for left in (2, 10.8)]
    document = BaseDocTemplate(str(HERE / "release.columns.pdf"), pagesize=A4, invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furnish))
    document.build([flowable for part in parts() for flowable in flowables(part)])


# ── groff: hyphenated, with a table of its own ──────────────────────────────────────────────────────────────────

SETTINGS = r""".pl 16c
.nr LL 11c
.nr PO 2c
.ds CH Fernhollow Zinc Corp.
.ds CF Page \\n[PN]
.ds RF July 2026
"""


def request(part: Part) -> str:
    texts = [text.replace("\\", "\\e").replace("'", "\\[aq]").replace("-", "\\-") for text in part.texts]
    match part.kind:
        case BlockKind.HEADING:
            return f".SH {part.level}\n{texts[0]}"
        case BlockKind.ITEM:
            return "\n".join(f".IP \\[bu] 2\n{text}" for text in texts)
        case BlockKind.TABLE:
            layout = " ".join(["l"] + ["r"] * (len(part.rows[0]) - 1))
            rows = "\n".join("\t".join(cells) for cells in part.rows)
            return f".TS\n{layout} .\n{rows}\n.TE"
    return ".LP\n" + "\n.br\n".join(texts)


def with_groff() -> None:
    source = SETTINGS + "\n".join(map(request, parts())) + "\n"
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    command = ["groff", "-k", "-t", "-ms", "-Tpdf"]
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=True, env=surroundings)
    (HERE / "release.groff.pdf").write_bytes(done.stdout)


if __name__ == "__main__":
    with_reportlab()
    with_groff()
    with_chromium()
