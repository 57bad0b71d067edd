"""What a district's own Word file lacks, added at its end: parties, schedules, clauses, signatures.

So a district keeps its own words, and the portal's schedules and the clauses of the law stand
in the same paper. The file has passed the screen before.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from portal.agreements.clauses.fields import ONE_PARTNER
from portal.agreements.templates import EACH, FURTHER, REQUIRED_FIELDS, Asked, has_articles

SCHEDULE = (
    ("Records", "category"),
    ("How much", "detail"),
    ("Purposes", "purposes"),
    ("Basis", "basis"),
    ("How often", "frequency"),
    ("How", "method"),
    ("Kept until", "retention"),
)
MARK = "5001"
"""The number of the annex's bookmark, above those that a file usually has."""


def appended(content: bytes, asked: Asked) -> bytes:
    """The file with an annex for what `asked` says that it lacks; itself when it lacks nothing."""
    document = docx.Document(io.BytesIO(content))
    made = [
        _facts(document, asked),
        *(_schedule(document, asked, way, title) for way, title in WAYS),
        _further(document, asked),
        _signatures(document, asked),
    ]
    if not any(made):
        return content
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


WAYS = (
    ("from_district", "Records that {{ district.name }} may share with {{ partner.name }}"),
    ("from_partner", "Records that {{ partner.name }} may share with {{ district.name }}"),
)


def _prints(asked: Asked, path: str) -> bool:
    one = path.replace("partners[].", ONE_PARTNER)
    return path in asked.fields or one in asked.fields


FACTS = {
    "document.number": "Agreement {{ document.number }}",
    "district.name": "District: {{ district.name }}",
    "partners[].name": "Partners: {{ partner_names }}",
    "starts_on": "In force from {{ starts_on }}, or the last signature if that is later",
    "ends_on": "Through {{ ends_on }}",
}


def _facts(document: Any, asked: Asked) -> bool:
    missing = [text for path, text in FACTS.items() if not _prints(asked, path)]
    if "partner_names" in asked.fields:
        missing = [text for text in missing if "partner_names" not in text]
    if missing:
        _heading(document, "This agreement")
    for text in missing:
        document.add_paragraph(text)
    return bool(missing)


def _schedule(document: Any, asked: Asked, way: str, title: str) -> bool:
    wanted = [path for path in REQUIRED_FIELDS if f".{way}[]" in path]
    if all(_prints(asked, path) for path in wanted):
        return False
    document.add_paragraph("{%p for partner in partners %}")
    _heading(document, title)
    document.add_paragraph(f"{{%p if partner.{way} %}}")
    table = _table(document, [heading for heading, _field in SCHEDULE])
    table.add_row().cells[0].text = f"{{%tr for line in partner.{way} %}}"
    for cell, (_title, field) in zip(table.add_row().cells, SCHEDULE, strict=True):
        cell.text = f"{{{{ line.{field} }}}}"
    table.add_row().cells[0].text = "{%tr endfor %}"
    document.add_paragraph("{%p else %}")
    document.add_paragraph("No records are shared this way under this agreement.")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    return True


def _further(document: Any, asked: Asked) -> bool:
    """Every clause of an agreement that the file does not print in another way.

    Each is within a bookmark that takes its name (`templates.prepared`), so that a copy that
    comes back can be compared clause by clause.
    """
    if f"{FURTHER}.paragraphs[].text" in asked.fields or has_articles(asked):
        return False
    _heading(document, "Further clauses of this agreement")
    document.add_paragraph("{%p for clause in further %}")
    first = document.add_paragraph("{%p for paragraph in clause.paragraphs %}")
    text = document.add_paragraph()
    text.add_run("{{ paragraph.lead }} ").bold = True
    text.add_run("{{ paragraph.text }}")
    last = document.add_paragraph("{%p endfor %}")
    _mark(first, last)
    document.add_paragraph("{%p endfor %}")
    return True


def _mark(first: Any, last: Any) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:name"), f"{EACH}_further")
    for edge in (start, end):
        edge.set(qn("w:id"), MARK)
    first._p.addprevious(start)
    last._p.addnext(end)


def _signatures(document: Any, asked: Asked) -> bool:
    if {"signatures[].organization", "signatures[].name"} <= asked.fields:
        return False
    _heading(document, "Signatures")
    document.add_paragraph("{%p for signature in signatures %}")
    for text in (
        "For {{ signature.organization }}:",
        "Signature: ________________________________    Date: ________________",
        "{{ signature.name }}, {{ signature.title }}",
    ):
        document.add_paragraph(text)
    document.add_paragraph("{%p endfor %}")
    return True


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    paragraph.paragraph_format.keep_with_next = True


def _table(document: Any, headings: Sequence[str]) -> Any:
    table = document.add_table(rows=1, cols=len(headings))
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>")
    table._tbl.tblPr.append(borders)
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    return table
