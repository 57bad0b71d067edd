"""Small Word templates for the tests, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from portal.word.checking import ready
from portal.word.render import render

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
KINDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def template(*paragraphs: str, change: Callable[[Docx], Any] | None = None) -> bytes:
    """A Word file of these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if change:
        change(document)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def marked(clause: str, text: str) -> Callable[[Docx], Any]:
    """Add a paragraph with the bookmark of a clause."""
    xml = (
        f'<w:p {nsdecls("w")}><w:bookmarkStart w:id="1" w:name="clause_{clause}"/>'
        f'<w:r><w:t>{text}</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
    )
    return lambda document: document.element.body.insert(0, parse_xml(xml))


def run(text: str, looks: str = "") -> str:
    """A run of text, as markup."""
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str) -> str:
    """A paragraph of runs, as markup; what is no markup becomes a run."""
    return f"<w:p>{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of rows of cells, as markup."""
    columns = '<w:gridCol w:w="900"/>' * len(rows[0])
    grid = f"<w:tblGrid>{columns}</w:tblGrid>"
    lines = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/>{grid}{lines}</w:tbl>"


def cell(text: str) -> str:
    """A cell of a table, as markup."""
    return f"<w:tc><w:tcPr/>{text if text.startswith('<') else p(text)}</w:tc>"


def raw(
    *body: str,
    parts: Mapping[str, str | bytes] | None = None,
    relations: str = "",
    kinds: Mapping[str, str] | None = None,
    main: str = "document.main",
) -> bytes:
    """A Word file put together by hand, of this markup.

    parts: by name; those called header…, footer…, footnotes or endnotes are referred to.
    relations: further ones of the text. kinds: content types of parts.
    """
    given = dict(parts or {})
    types, rels = {"/word/document.xml": f"{KINDS}.{main}+xml"}, relations
    for number, name in enumerate(given):
        stem = name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
        if stem in ("header", "footer", "footnotes", "endnotes", "comments", "settings", "styles"):
            types[f"/{name}"] = f"{KINDS}.{stem}+xml"
            rels += f'<Relationship Id="p{number}" Type="{R}/{stem}" Target="/{name}"/>'
    types |= {f"/{name}": kind for name, kind in (kinds or {}).items()}
    overrides = "".join(f'<Override PartName="{n}" ContentType="{t}"/>' for n, t in types.items())
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="d" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}">{rels}</Relationships>',
        "word/document.xml": f"<w:document {SPACES}><w:body>{''.join(body)}"
        "<w:sectPr/></w:body></w:document>",
        **given,
    }
    return packed(files)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these."""
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return saved.getvalue()


def story(kind: str, *body: str) -> str:
    """A header (`hdr`), a footer (`ftr`), or notes, as a part."""
    return f"<w:{kind} {SPACES}>{''.join(body)}</w:{kind}>"


def used(docx: bytes) -> set[str]:
    """The fields that a template uses."""
    return ready(docx).fields


def fill(docx: bytes, clauses: tuple[str, ...] = (), **values: Any) -> Docx:
    """The filled document, when its template asks for exactly these values."""
    made = render(docx, values, used(docx), clauses, title="A & B", author="Harbor Point", at=AT)
    return Document(io.BytesIO(made))


def texts(document: Docx) -> list[str]:
    """Its paragraphs."""
    return [paragraph.text for paragraph in document.paragraphs]


def with_part(docx: bytes, name: str, content: str | bytes) -> bytes:
    """The file with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(docx)) as old:
        kept = {item: old.read(item) for item in old.namelist() if item != name}
    return packed({**kept, name: content})
