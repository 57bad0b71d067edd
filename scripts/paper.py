"""How our papers look in Word: styles, numbering, headers and footers. For the build scripts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt, RGBColor

INK, TEAL, MUTED, LINE = "1A2429", "0B5B66", "52626B", "C9D3D7"
TEXT_WIDTH = Inches(6.5)
NUMBERS, DASHES = 71, 72
"""Ids of our two lists: numbered articles with their clauses, and unnumbered items."""

NUMBERING = f"""
<w:numbering {nsdecls("w")}>
 <w:abstractNum w:abstractNumId="{NUMBERS}"><w:multiLevelType w:val="multilevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/>
   <w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>
   <w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Clause"/>
   <w:lvlText w:val="%1.%2"/><w:lvlJc w:val="left"/>
   <w:pPr><w:ind w:left="567" w:hanging="567"/></w:pPr></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:pStyle w:val="Item"/>
   <w:lvlText w:val="(%3)"/><w:lvlJc w:val="left"/>
   <w:pPr><w:ind w:left="964" w:hanging="397"/></w:pPr></w:lvl>
 </w:abstractNum>
 <w:abstractNum w:abstractNumId="{DASHES}"><w:multiLevelType w:val="singleLevel"/>
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Tick"/>
   <w:lvlText w:val="–"/><w:lvlJc w:val="left"/>
   <w:pPr><w:ind w:left="397" w:hanging="397"/></w:pPr></w:lvl>
 </w:abstractNum>
 <w:num w:numId="{NUMBERS}"><w:abstractNumId w:val="{NUMBERS}"/></w:num>
 <w:num w:numId="{DASHES}"><w:abstractNumId w:val="{DASHES}"/></w:num>
</w:numbering>
"""


PAGE = ("Page ", " of ", "")
"""What stands before, between and after the two numbers of a footer."""


class Paper:
    """A Word document in our style, with a text in its header and one in its footer."""

    def __init__(self, above: str, below: str, page: tuple[str, str, str] = PAGE) -> None:
        self.docx = Document()
        self.marks = itertools.count(1)
        self._page()
        self._numbering()
        self._styles()
        self._header(above)
        self._footer(below, page)

    def save(self, out: Path) -> None:
        """Write the file."""
        properties = self.docx.core_properties
        properties.author = properties.comments = properties.title = ""
        properties.language = "en-US"
        self.docx.save(str(out))

    # Paragraphs

    def title(self, clause: str, text: str) -> None:
        """The name of the paper, large."""
        self._marked(self.docx.add_paragraph(text, style="Title"), clause)

    def subtitle(self, text: str) -> None:
        """The line below the title."""
        self.docx.add_paragraph(text, style="Subtitle")

    def article(self, clause: str | None, heading: str) -> None:
        """A numbered heading, with its bookmark where it must survive."""
        paragraph = self.docx.add_paragraph(heading, style="Heading 1")
        if clause:
            self._marked(paragraph, clause)

    def section(self, clause: str, heading: str) -> None:
        """A heading without a number, with its bookmark."""
        self._marked(self.docx.add_paragraph(heading, style="Heading 2"), clause)

    def clause(self, text: str) -> None:
        """A numbered paragraph of an article."""
        self.docx.add_paragraph(text, style="Clause")

    def item(self, text: str, clause: str | None = None) -> None:
        """A lettered item of a clause; with a bookmark when it must survive."""
        paragraph = self.docx.add_paragraph(text, style="Item")
        if clause:
            self._marked(paragraph, clause)

    def say(self, text: str, *, keep: bool = False) -> None:
        """A plain paragraph. keep: on the page of what follows."""
        paragraph = self.docx.add_paragraph(text, style="Body Text")
        if keep:
            paragraph.paragraph_format.keep_with_next = True

    def strong(self, text: str) -> None:
        """A heading below the headings."""
        self._style("Heading 3", "Calibri", 11, INK, bold=True, before=8, after=2)
        self.docx.styles["Heading 3"].paragraph_format.keep_with_next = True
        self.docx.add_paragraph(text, style="Heading 3")

    def small(self, text: str) -> None:
        """A line of lesser weight."""
        self._style("Small", "Calibri", 9, MUTED, after=6)
        self.docx.add_paragraph(text, style="Small")

    def tick(self, text: str) -> None:
        """An item of a list without numbers."""
        self.docx.add_paragraph(text, style="Tick")

    def tag(self, text: str) -> None:
        """A {%p tag; its paragraph is gone from the filled paper."""
        self.docx.add_paragraph(text, style="Body Text")

    def _marked(self, paragraph: Any, clause: str) -> None:
        """Surround the paragraph's text with the bookmark that tells a clause is there."""
        number = str(next(self.marks))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), number)
        start.set(qn("w:name"), f"clause_{clause}")
        end.set(qn("w:id"), number)
        paragraph._p.insert(1, start)
        paragraph._p.append(end)

    # Tables

    def facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """Labels and values, one a line."""
        table = self.table([Inches(1.5), Inches(5)])
        for label, value in lines:
            cells = table.add_row().cells
            self.cell(cells[0], label, bold=True)
            self.cell(cells[1], value)
            for cell in cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self.after_table()

    def known_facts(self, lines: Sequence[tuple[str, str]]) -> None:
        """The same for fields, by their paths; one that is empty leaves its line out."""
        table = self.table([Inches(2.3), Inches(4.2)])
        for label, field in lines:
            self.cell(table.add_row().cells[0], f"{{%tr if {field} %}}")
            row = table.add_row()
            keep_whole(row)
            self.cell(row.cells[0], f"{{{{ {label} }}}}", bold=True)
            self.cell(row.cells[1], f"{{{{ {field} }}}}")
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
            self.cell(table.add_row().cells[0], "{%tr endif %}")
        self.after_table()

    def listed(
        self, items: str, columns: Sequence[tuple[Any, str, str]], each: str = "item"
    ) -> None:
        """A table with a row for each of a list. columns: width, field of the head, of the cell."""
        table = self.table([width for width, _head, _field in columns])
        self.header_row(table, [f"{{{{ {head} }}}}" for _width, head, _field in columns])
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        self.cell(table.add_row().cells[0], f"{{%tr for {each} in {items} %}}")
        row = table.add_row()
        keep_whole(row)
        for cell, (_width, _head, field) in zip(row.cells, columns, strict=True):
            self.cell(cell, f"{{{{ {field} }}}}")
        self.cell(table.add_row().cells[0], "{%tr endfor %}")
        self.after_table()

    def table(self, widths: Sequence[Any]) -> Any:
        """An empty table with fixed columns and hairlines between its rows."""
        table = self.docx.add_table(rows=0, cols=len(widths))
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        borders = parse_xml(
            f"<w:tblBorders {nsdecls('w')}>"
            + "".join(
                f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
                for side in ("top", "bottom", "insideH")
            )
            + "</w:tblBorders>"
        )
        table._tbl.tblPr.append(borders)
        return table

    def cell(self, cell: Any, text: str, *, bold: bool = False) -> None:
        """Text in a cell."""
        paragraph = cell.paragraphs[0]
        paragraph.style = self.docx.styles["Table Text"]
        paragraph.add_run(text).bold = bold

    def header_row(self, table: Any, headings: Sequence[str]) -> None:
        """A shaded row that Word repeats on each page."""
        row = table.add_row()
        for cell, heading in zip(row.cells, headings, strict=True):
            self.cell(cell, heading, bold=True)
            shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E8EFF0"/>')
            cell._tc.get_or_add_tcPr().append(shade)
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        keep_whole(row)

    def after_table(self) -> None:
        """A little air, so that the next paragraph does not stick to the table."""
        self.docx.add_paragraph(style="After Table")

    # The page

    def _page(self) -> None:
        section = self.docx.sections[0]
        section.page_width, section.page_height = Inches(8.5), Inches(11)
        section.left_margin = section.right_margin = Inches(1)
        section.top_margin, section.bottom_margin = Inches(1), Inches(0.9)

    def _numbering(self) -> None:
        numbering = self.docx.part.numbering_part.element
        ours = parse_xml(NUMBERING)
        # Word wants every abstractNum before the first num.
        for old in list(numbering):
            numbering.remove(old)
        for new in list(ours):
            numbering.append(new)

    def _styles(self) -> None:
        self._style("Normal", "Cambria", 11, INK, after=6)
        self._style("Title", "Calibri", 26, TEAL, bold=True, after=2)
        self._style("Subtitle", "Calibri", 14, MUTED, after=14)
        self._style("Heading 1", "Calibri", 13, TEAL, bold=True, before=14, after=4, level=0)
        self._style("Heading 2", "Calibri", 13, TEAL, bold=True, before=12, after=4)
        self._style("Body Text", "Cambria", 11, INK, after=6)
        self._style("Clause", "Cambria", 11, INK, after=6, level=1)
        self._style("Item", "Cambria", 11, INK, after=3, level=2)
        self._style("Tick", "Cambria", 11, INK, after=3, list_id=DASHES, level=0)
        self._style("Table Text", "Calibri", 10, INK, before=2, after=2)
        self._style("After Table", "Calibri", 4, INK, after=4)
        self._style("Header", "Calibri", 9, MUTED)
        self._style("Footer", "Calibri", 9, MUTED)
        for name in ("Heading 1", "Heading 2"):
            self.docx.styles[name].paragraph_format.keep_with_next = True

    def _style(
        self,
        name: str,
        font: str,
        size: float,
        color: str,
        *,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        level: int | None = None,
        list_id: int = NUMBERS,
    ) -> None:
        styles = self.docx.styles
        known = name in [style.name for style in styles]
        style = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _clear(style.element)
        style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
        style.font.color.rgb = RGBColor.from_string(color)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.line_spacing = 1.1
        style.paragraph_format.widow_control = True
        if level is not None:
            style.element.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
                    f'<w:numId w:val="{list_id}"/></w:numPr>'
                )
            )

    def _header(self, text: str) -> None:
        paragraph = self.docx.sections[0].header.paragraphs[0]
        paragraph.text = text

    def _footer(self, text: str, page: tuple[str, str, str]) -> None:
        before, between, after = page
        paragraph = self.docx.sections[0].footer.paragraphs[0]
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{text}\t{before}")
        _field(paragraph, "PAGE")
        paragraph.add_run(between)
        _field(paragraph, "NUMPAGES")
        if after:
            paragraph.add_run(after)


def _clear(style: Any) -> None:
    """Take away what python-docx's own template says about fonts, colors and borders."""
    for name in ("w:rPr", "w:pPr"):
        found = style.find(qn(name))
        if found is not None:
            style.remove(found)


def _field(paragraph: Any, code: str) -> None:
    """A field that Word keeps up to date, such as the page number."""
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )


def keep_whole(row: Any) -> None:
    """Never break this row over two pages."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def schedule(paper: Paper, name: str) -> None:
    """The table of one direction's records: a row for each line of the list `name`."""
    table = paper.table([Inches(2.1), Inches(1.3), Inches(1.4), Inches(1.7)])
    paper.header_row(table, ["Records", "How often", "How", "Kept until"])
    paper.cell(table.add_row().cells[0], f"{{%tr for line in {name} %}}")
    row = table.add_row()
    keep_whole(row)
    for cell, field in zip(
        row.cells, ("category", "frequency", "method", "retention"), strict=True
    ):
        paper.cell(cell, f"{{{{ line.{field} }}}}")
    paper.cell(table.add_row().cells[0], "{%tr endfor %}")
    paper.after_table()


def signature_block(paper: Paper, sides: Sequence[str]) -> None:
    """Two blocks side by side: for whom, by whom, signature, date."""
    paper.docx.paragraphs[-1].paragraph_format.keep_with_next = True
    table = paper.table([Inches(3.25)] * len(sides))
    lines = ["For {{{{ {0}.name }}}}", "{{{{ {0}.signer.name }}}}, {{{{ {0}.signer.title }}}}"]
    for position, line in enumerate([*lines, "Signature:", "Date:"]):
        row = table.add_row()
        keep_whole(row)
        if position >= len(lines):
            row.height = Inches(0.5)
        for cell, side in zip(row.cells, sides, strict=True):
            paper.cell(cell, line.format(side), bold=position == 0)
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    paper.after_table()
