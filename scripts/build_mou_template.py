"""Build templates/mou/standard.docx: the standard agreement of a district and its partners.

    .venv/bin/python scripts/build_mou_template.py [where to write it]

The template is the frame: cover, headings, tables, places to sign. Its clauses come from the
library (portal/agreements/clauses), article by article; templates/README.md explains each
placeholder. A test compares the template in the repository with what this builds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt
from paper import INK, LINE, MUTED, TEXT_WIDTH, Paper, keep_whole

from portal.agreements.clauses.articles import ARTICLE_TITLES, NUMBERED, Article

OUT = Path(__file__).parent.parent / "templates" / "mou" / "standard.docx"
INDENT = Pt(36)
"""Of a paragraph that goes on below a numbered one: as far in as its text."""

SCHEDULE = (
    (1.1, "Records", "category"),
    (0.75, "How much", "detail"),
    (1.1, "Purposes", "purposes"),
    (1.25, "Basis", "basis"),
    (0.7, "How often", "frequency"),
    (0.75, "How", "method"),
    (0.85, "Kept until", "retention"),
)
"""Columns of a schedule: inches, heading, field of a line."""


class Agreement(Paper):
    """The paper with what only an agreement has: clauses that are looped, and its tables."""

    def __init__(self) -> None:
        super().__init__(
            "{{ document.title }}\t{{ district.name }} and {{ partner_names }}",
            "{{ template.name }}; version {{ document.version }} of this paper, written on "
            "{{ document.written_on }}",
        )
        self._style("Clause", "Cambria", 11, INK, before=3, after=6, level=1)
        self._style("Clause Text", "Cambria", 11, INK, after=6)
        self.docx.styles["Clause Text"].paragraph_format.left_indent = INDENT
        self._style("Mark", "Calibri", 9, MUTED, after=6)
        mark = self.docx.styles["Mark"]
        mark.font.italic, mark.paragraph_format.left_indent = True, INDENT
        self._style("Heading 3", "Calibri", 11, INK, bold=True, before=10, after=4)
        self.docx.styles["Heading 3"].paragraph_format.keep_with_next = True
        self._style("Small Table Text", "Calibri", 9, INK, before=2, after=2)
        self._wider()
        self._head()

    def _wider(self) -> None:
        """Room for numbers such as 16.10."""
        for level in self.docx.part.numbering_part.element.iter(qn("w:lvl")):
            indent = level.find(f"{qn('w:pPr')}/{qn('w:ind')}")
            indent.set(qn("w:left"), str(int(indent.get(qn("w:left"))) + 153))
            if level.get(qn("w:ilvl")) != "2":
                indent.set(qn("w:hanging"), indent.get(qn("w:left")))

    def _head(self) -> None:
        """The number to the left, the parties to the right, a hairline below."""
        paragraph = self.docx.sections[0].header.paragraphs[0]
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        border = f'<w:bottom w:val="single" w:sz="4" w:space="4" w:color="{LINE}"/>'
        self.docx.styles["Header"].paragraph_format.space_after = Pt(8)
        paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"))

    @contextmanager
    def within(self, tag: str, end: str) -> Iterator[None]:
        """What is built inside stands between two {%p tags."""
        self.tag(f"{{%p {tag} %}}")
        yield
        self.tag(f"{{%p {end} %}}")

    @contextmanager
    def bookmark(self, name: str) -> Iterator[None]:
        """Around whole paragraphs."""
        number, body = str(next(self.marks)), self.docx.element.body
        for kind in ("w:bookmarkStart", "w:bookmarkEnd"):
            edge = OxmlElement(kind)
            edge.set(qn("w:id"), number)
            if kind == "w:bookmarkStart":
                edge.set(qn("w:name"), name)
            body.insert(len(body) - 1, edge)  # before the section's own properties
            if kind == "w:bookmarkStart":
                yield

    def text(self, text: str, style: str, *, lead: str = "") -> Any:
        """A paragraph; lead: bold words before it."""
        paragraph = self.docx.add_paragraph(style=style)
        if lead:
            paragraph.add_run(f"{lead} ").bold = True
        paragraph.add_run(text)
        return paragraph

    def clauses(self, article: Article, first: str, others: str) -> None:
        """All clauses of an article, each within a bookmark. first, others: styles."""
        with self.within(f"for clause in articles.{article}", "endfor"):
            with (
                self.bookmark(f"each_clause_{article}"),
                self.within("for paragraph in clause.paragraphs", "endfor"),
            ):
                self.tag("{%p if paragraph.is_first %}")
                self.text("{{ paragraph.text }}", first, lead="{{ paragraph.lead }}")
                self.tag("{%p else %}")
                with self.within("if paragraph.is_item", "endif"):
                    self.text("{{ paragraph.text }}", "Item")
                    self.tag("{%p else %}")
                    self.text("{{ paragraph.text }}", others)
                self.tag("{%p endif %}")
            with self.within("if clause.changed", "endif"):
                self.text("Wording changed from the standard clause.", "Mark")
            with self.within("if clause.own", "endif"):
                self.text("A clause of the District's own.", "Mark")

    def strong_heading(self, text: str) -> None:
        """A heading below those of the articles, on the page of what follows."""
        self.docx.add_paragraph(text, style="Heading 3")

    def annex(self, heading: str) -> None:
        """A heading without a number."""
        self.docx.add_paragraph(heading, style="Heading 2")

    def titled(self, caption: str, columns: Sequence[tuple[float, str]]) -> Any:
        """A table with a heading row that is repeated. caption: for a reading voice."""
        table = self.table([Inches(width) for width, _heading in columns])
        self.header_row(table, [heading for _width, heading in columns])
        _told(table, caption)
        for cell in table.rows[0].cells:
            cell.paragraphs[0].style = self.docx.styles["Small Table Text"]
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        return table

    def rows(self, table: Any, loop: str, texts: Sequence[str]) -> None:
        """A row for each of a list; none is broken over two pages."""
        self.cell(table.add_row().cells[0], f"{{%tr for {loop} %}}")
        row = table.add_row()
        keep_whole(row)
        for cell, text in zip(row.cells, texts, strict=True):
            self.cell(cell, text)
            cell.paragraphs[0].style = self.docx.styles["Small Table Text"]
        self.cell(table.add_row().cells[0], "{%tr endfor %}")
        self.after_table()

    def save(self, out: Path) -> None:
        """Write the file, its elements in the order that Word's schema asks for."""
        parts = [self.docx.element, self.docx.styles.element]
        parts += [self.docx.sections[0].header._element, self.docx.sections[0].footer._element]
        for part in parts:
            for kind, order in ORDER.items():
                for element in part.iter(qn(kind)):
                    element[:] = sorted(element, key=lambda child: order.index(_name(child)))
        super().save(out)


PARAGRAPH = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd
tabs suppressAutoHyphens spacing ind contextualSpacing jc outlineLvl rPr sectPr
"""
TABLE = """
tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc
tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription
"""
ORDER = {"w:pPr": PARAGRAPH.split(), "w:tblPr": TABLE.split()}
"""What python-docx appends at the end, and the order that Word's schema has it in."""


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _told(table: Any, caption: str) -> None:
    """What the table holds, for a reading voice."""
    table._tbl.tblPr.append(parse_xml(f'<w:tblCaption {nsdecls("w")} w:val="{caption}"/>'))


def build(out: Path) -> None:
    """Write the template to `out`."""
    paper = Agreement()
    _cover(paper)
    for article in NUMBERED:
        with paper.within(f"if articles.{article}", "endif"):
            paper.article(None, ARTICLE_TITLES[article])
            paper.clauses(article, "Clause", "Clause Text")
            BELOW.get(article, lambda _paper: None)(paper)
    _changed(paper)
    _laws(paper)
    out.parent.mkdir(parents=True, exist_ok=True)
    paper.save(out)


FACTS = (
    ("Agreement", "{{ document.number }}, version {{ document.version }}", ""),
    ("Under", "{{ document.parent }}", "document.parent"),
    ("In place of", "{{ document.follows }}", "document.follows"),
    ("In force from", "{{ starts_on }}, or the last signature if that is later", "starts_on"),
    ("Through", "{{ ends_on }}", "ends_on"),
    ("Review by", "{{ review_on }}", "review_on"),
    ("Vote of the board", "{{ board_vote_on }}", "board_vote_on"),
    ("Written", "{{ document.written_on }}", ""),
    ("Template", "{{ template.name }}, fingerprint {{ template.fingerprint }}", ""),
)
"""The cover's lines: label, text, and the field without which the line is left out."""


def _cover(paper: Agreement) -> None:
    paper.docx.add_paragraph("{{ document.kind }}", style="Title")
    paper.subtitle("between {{ district.name }} and {{ partner_names }}")
    table = paper.table([Inches(1.5), Inches(5)])
    _told(table, "Number, dates and template of this agreement")
    for label, text, field in FACTS:
        if field:
            paper.cell(table.add_row().cells[0], f"{{%tr if {field} %}}")
        row = table.add_row()
        keep_whole(row)
        paper.cell(row.cells[0], label, bold=True)
        paper.cell(row.cells[1], text)
        if field:
            paper.cell(table.add_row().cells[0], "{%tr endif %}")
    paper.after_table()
    with paper.within("if articles.cover", "endif"):
        paper.clauses(Article.COVER, "Body Text", "Body Text")
    paper.strong_heading("Schedules of this agreement")
    table = paper.titled(
        "The schedules of this agreement",
        [(0.8, "Schedule"), (2.05, "From"), (2.05, "To"), (0.7, "Lines"), (0.9, "Where")],
    )
    paper.rows(
        table,
        "schedule in schedules",
        [f"{{{{ schedule.{name} }}}}" for name in ("label", "giver", "receiver", "lines", "where")],
    )


def _services(paper: Agreement) -> None:
    with paper.within("for partner in partners", "endfor"):
        paper.strong_heading("Services of {{ partner.name }}")
        paper.tag("{%p if partner.services %}")
        table = paper.titled(
            "Services of a partner",
            [(2.5, "Service"), (1.2, "Tier"), (1.7, "Sites"), (1.1, "Days")],
        )
        paper.rows(
            table,
            "service in partner.services",
            [
                "{{ service.name }}{% if service.telehealth %} (also by telehealth){% endif %}",
                "{{ service.tier }}",
                "{% if service.sites %}{{ service.sites }}{% else %}All schools it covers"
                "{% endif %}",
                "{% if service.days %}{{ service.days }}{% else %}As agreed{% endif %}",
            ],
        )
        paper.tag("{%p else %}")
        paper.text("No service is listed for {{ partner.name }}.", "Clause Text")
        paper.tag("{%p endif %}")


def _schedules(letter: str, way: str, heading: str, nothing: str) -> Any:
    def build_it(paper: Agreement) -> None:
        with paper.within("for partner in partners", "endfor"):
            paper.strong_heading(f"Schedule {letter}-{{{{ loop.index }}}}: {heading}")
            paper.tag(f"{{%p if partner.{way} %}}")
            table = paper.titled(
                "Records of one direction", [(width, head) for width, head, _field in SCHEDULE]
            )
            paper.rows(
                table,
                f"line in partner.{way}",
                [f"{{{{ line.{field} }}}}" for _width, _head, field in SCHEDULE],
            )
            paper.tag("{%p else %}")
            paper.text(nothing, "Clause Text")
            paper.tag("{%p endif %}")

    return build_it


def _sign(paper: Agreement) -> None:
    """A block for each signer: whose, room to sign, who, by what right, when."""
    with paper.within("for signature in signatures", "endfor"):
        table = paper.table([Inches(1.5), Inches(5)])
        _told(table, "Place to sign")
        paper.cell(table.add_row().cells[0], "For {{ signature.organization }}", bold=True)
        table.rows[0].cells[0].merge(table.rows[0].cells[1])
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E8EFF0"/>')
        table.rows[0].cells[0]._tc.get_or_add_tcPr().append(shade)
        for label, text, height in (
            ("Signature", "", 0.55),
            ("Name, title", "{{ signature.name }}, {{ signature.title }}", 0),
            (
                "Capacity",
                "{{ signature.capacity }}{% if signature.vote %}{% if signature.capacity %}. "
                "{% endif %}{{ signature.vote }}{% endif %}",
                0,
            ),
            ("Date", "", 0.4),
        ):
            row = table.add_row()
            paper.cell(row.cells[0], label)
            paper.cell(row.cells[1], text)
            if height:
                row.height = Inches(height)
        for row in table.rows:
            keep_whole(row)
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        for cell in table.rows[-1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = None
        paper.after_table()


BELOW = {
    Article.SERVICES: _services,
    Article.SCHEDULE_DISTRICT: _schedules(
        "A",
        "from_district",
        "{{ district.name }} to {{ partner.name }}",
        "The District shares no records with {{ partner.name }} under this agreement.",
    ),
    Article.SCHEDULE_PARTNER: _schedules(
        "B",
        "from_partner",
        "{{ partner.name }} to {{ district.name }}",
        "{{ partner.name }} shares no records with the District under this agreement.",
    ),
    Article.SIGNATURES: _sign,
}
"""What stands below the clauses of an article."""


def _changed(paper: Agreement) -> None:
    paper.annex("Annex 1. Wording that differs from the standard clauses")
    paper.tag("{%p if changed %}")
    table = paper.titled(
        "Clauses that differ from the standard",
        [(0.7, "Where"), (2.1, "Clause"), (2.2, "What"), (1.5, "Read by counsel")],
    )
    paper.rows(
        table,
        "change in changed",
        [f"{{{{ change.{name} }}}}" for name in ("where", "title", "what", "reviewed_by")],
    )
    paper.tag("{%p else %}")
    paper.say("Every clause stands in its standard wording.")
    paper.tag("{%p endif %}")


def _laws(paper: Agreement) -> None:
    paper.annex("Annex 2. What the law asks, and where it stands")
    table = paper.titled(
        "Laws and the clauses that answer them",
        [(0.7, "Where"), (1.9, "Clause"), (2.0, "Law"), (1.9, "Citation")],
    )
    paper.rows(
        table,
        "law in laws",
        [f"{{{{ law.{name} }}}}" for name in ("where", "title", "required_by", "citation")],
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
