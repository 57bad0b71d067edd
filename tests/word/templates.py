"""Small Word templates for the tests, made in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from portal.word.render import render
from portal.word.sandbox import StrictTemplate
from portal.word.tags import placeholders

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


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


def raw(xml: str) -> Callable[[Docx], Any]:
    """Add a paragraph of this markup, before the others."""
    return lambda document: document.element.body.insert(
        0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")
    )


def used(docx: bytes) -> set[str]:
    """The fields that a template uses."""
    document = StrictTemplate(io.BytesIO(docx))
    document.init_docx()
    return placeholders(document)


def fill(docx: bytes, clauses: tuple[str, ...] = (), **values: Any) -> Docx:
    """The filled document, when its template asks for exactly these values."""
    made = render(docx, values, used(docx), clauses, title="A & B", author="Harbor Point", at=AT)
    return Document(io.BytesIO(made))


def texts(document: Docx) -> list[str]:
    """Its paragraphs."""
    return [paragraph.text for paragraph in document.paragraphs]


def with_part(docx: bytes, name: str, content: str) -> bytes:
    """The file with one part added or replaced."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(saved, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return saved.getvalue()
